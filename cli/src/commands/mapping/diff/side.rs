//! One side of a comparison: a mapping by its name, file or folder, or the kept ones.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use lienthong_config::{mapping_names, review_mapping};
use lienthong_diagnostics::nearest;
use lienthong_keep::{Made, Reader, Texts};
use lienthong_mapping::{Mapping, Review};
use lienthong_standard::Standard;

use super::super::file;
use super::{Library, MappingDiff, failed};
use crate::exit::Failure;
use crate::session::Tell;

/// What the two sides of a comparison are made from.
pub(super) struct Sides<'a> {
    pub(super) library: &'a Library,
    pub(super) standard: &'a Arc<Standard>,
    pub(super) tell: Tell,
    /// The name of the feed's mapping.
    pub(super) feed: Option<&'a str>,
    pub(super) kept: Option<(&'a Reader, &'a Texts)>,
}

/// One side of a comparison.
pub(super) enum Side {
    /// One mapping for all items.
    Fixed(Arc<Mapping>),
    /// For each item the mapping that it was read with.
    Kept(Kept),
}

/// The mappings that kept items were read with.
pub(super) struct Kept {
    texts: Texts,
    standard: Arc<Standard>,
    known: RefCell<HashMap<Made, Arc<Mapping>>>,
}

impl Side {
    /// The mapping for items that were read with this one.
    pub(super) fn of(&self, made: &Made) -> Result<Arc<Mapping>, Failure> {
        match self {
            Self::Fixed(mapping) => Ok(Arc::clone(mapping)),
            Self::Kept(kept) => {
                if let Some(mapping) = kept.known.borrow().get(made) {
                    return Ok(Arc::clone(mapping));
                }
                let mapping = kept.texts.mapping(made, &kept.standard);
                let mapping = Arc::new(mapping.map_err(|error| failed(&error))?);
                kept.known.borrow_mut().insert(made.clone(), Arc::clone(&mapping));
                Ok(mapping)
            }
        }
    }

    /// The mapping, where it is one for all items.
    pub(super) fn one(&self) -> Option<&Arc<Mapping>> {
        match self {
            Self::Fixed(mapping) => Some(mapping),
            Self::Kept(_) => None,
        }
    }

    /// How it is named in the answer.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Fixed(mapping) => {
                let digest = mapping.digest();
                format!("{} ({})", mapping.name(), digest.get(..12).unwrap_or(digest))
            }
            Self::Kept(_) => "kept".to_owned(),
        }
    }
}

impl Sides<'_> {
    /// Reads both sides; they must make records of one type.
    pub(super) fn both(&self, command: &MappingDiff) -> Result<(Side, Side), Failure> {
        let (old, new) = (self.side(&command.old)?, self.side(&command.new)?);
        if let (Some(one), Some(two)) = (old.one(), new.one()) {
            let (one, two) = (&one.record_type().name, &two.record_type().name);
            if one != two {
                let words = format!("the mappings make records of types `{one}` and `{two}`");
                return Err(Failure::new(words));
            }
        }
        Ok((old, new))
    }

    fn side(&self, written: &str) -> Result<Side, Failure> {
        if written == "kept" || written.starts_with("kept:") {
            return self.of_keep(written);
        }
        let known = mapping_names(self.library);
        if known.iter().any(|name| name == written) {
            let review = review_mapping(self.library, self.standard, written);
            let review = review.map_err(|problems| self.tell.failure(problems))?;
            return self.compiled(review);
        }
        let path = Path::new(written);
        if path.join("mappings/systems").is_dir() {
            let library = Library::Folder(path.to_path_buf());
            let name = self.feed.ok_or_else(|| {
                Failure::new(format!("`{written}` holds many mappings: name one, or a feed"))
            })?;
            let review = review_mapping(&library, self.standard, name);
            let review = review.map_err(|problems| self.tell.failure(problems))?;
            return self.compiled(review);
        }
        if path.is_dir() {
            return self.of_folder(path);
        }
        if path.is_file() {
            let (folder, name) = file::parts(path);
            return self.of_files(folder, &name);
        }
        let hint = match nearest(written, known.iter().map(String::as_str)) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!("there are: {}", known.join(", ")),
        };
        Err(Failure::new(format!("there is no mapping, file or folder `{written}`; {hint}")))
    }

    fn of_keep(&self, written: &str) -> Result<Side, Failure> {
        let Some((reader, texts)) = self.kept else {
            return Err(Failure::new("`kept` needs `--feed`"));
        };
        let standard = Arc::clone(self.standard);
        let Some(digest) = written.strip_prefix("kept:") else {
            let (texts, known) = (texts.clone(), RefCell::default());
            return Ok(Side::Kept(Kept { texts, standard, known }));
        };
        let mut made = reader.frames().iter().rev().map(lienthong_keep::Frame::made);
        let made = made.find(|made| !digest.is_empty() && made.mapping_digest.starts_with(digest));
        let made = made.ok_or_else(|| {
            Failure::new(format!("no kept item of this feed was mapped by `{digest}`"))
        })?;
        let mapping = texts.mapping(made, &standard).map_err(|error| failed(&error))?;
        Ok(Side::Fixed(Arc::new(mapping)))
    }

    /// A system's folder: the feed's mapping in it, or its only one.
    fn of_folder(&self, folder: &Path) -> Result<Side, Failure> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(|error| file::unread(folder, error))? {
            let path = entry.map_err(|error| file::unread(folder, error))?.path();
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let is_toml = path.extension().is_some_and(|ending| ending == "toml");
            if is_toml && !name.contains('.') {
                names.push(name);
            }
        }
        let own = self.feed.and_then(|feed| feed.rsplit('/').next());
        let name = match (own, names.as_slice()) {
            (Some(own), names) if names.iter().any(|name| name == own) => own.to_owned(),
            (_, [one]) => one.clone(),
            _ => {
                let there = names.join(", ");
                let folder = folder.display();
                return Err(Failure::new(format!("`{folder}` holds {there}: name one file")));
            }
        };
        self.of_files(folder, &name)
    }

    fn of_files(&self, folder: &Path, name: &str) -> Result<Side, Failure> {
        let (_, review) = file::review(folder, name, self.standard)?;
        self.compiled(review)
    }

    fn compiled(&self, review: Review) -> Result<Side, Failure> {
        match review.mapping {
            Some(mapping) => Ok(Side::Fixed(Arc::new(mapping))),
            None => Err(self.tell.failure(review.problems)),
        }
    }
}
