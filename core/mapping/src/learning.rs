//! What a shape's learner has to know of the mapping that reads the feed.

use std::sync::Arc;

use lienthong_shape::{Format, Keep, Learner, Probe};

use crate::{Input, Mapping, probes};

/// What a learner of a mapping's feed asks of texts, and which values it may keep.
pub struct Learning {
    mapping: Arc<str>,
    format: Format,
    probes: Vec<Arc<dyn Probe>>,
    personal: Vec<Vec<String>>,
    codes: Vec<Vec<String>>,
}

impl Learning {
    /// Takes what a learner has to know from the mapping.
    pub fn of(mapping: &Mapping) -> Self {
        Self {
            mapping: Arc::clone(&mapping.name),
            format: mapping.format(),
            probes: mapping.probes(),
            personal: mapping.personal_paths(),
            codes: mapping.code_paths(),
        }
    }

    /// Learns with a learner, and gives what `learn` gives.
    pub fn learn<T>(&self, learn: impl FnOnce(Learner<'_>) -> T) -> T {
        let keep = |names: &[&str]| self.keep(names);
        learn(Learner::new(&self.mapping, self.format, &self.probes, &keep))
    }

    /// Which values of a place a shape may tell: none where a national field that is a person's is
    /// read, nor below; all where a code list translates them.
    fn keep(&self, names: &[&str]) -> Keep {
        let begins = |path: &Vec<String>| {
            path.len() <= names.len() && path.iter().zip(names).all(|(step, name)| step == name)
        };
        // An element's own text beside its attributes is what the path to the element reads.
        let inner = names.strip_suffix(&["text()"]).unwrap_or(names);
        if self.personal.iter().any(begins) {
            Keep::Nothing
        } else if self.codes.iter().any(|path| *path == inner) {
            Keep::Codes
        } else {
            Keep::Repeated
        }
    }
}

impl Mapping {
    /// How the items are written that it reads.
    pub const fn format(&self) -> Format {
        match self.input {
            Input::Json => Format::Json,
            Input::Xml => Format::Xml,
            Input::Row => Format::Row,
        }
    }

    /// The questions that shapes of its feed ask of texts.
    pub fn probes(&self) -> Vec<Arc<dyn Probe>> {
        probes(&self.standard, Some(self)).into_iter().map(Arc::from).collect()
    }
}

#[cfg(test)]
mod tests;
