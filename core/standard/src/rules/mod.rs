//! Rules across the fields of a record: a small closed language, compiled to a typed tree.

mod condition;
mod eval;
mod lower;
mod outlook;
mod syntax;

use std::sync::Arc;

use serde::Deserialize;

use crate::{FieldFault, Title};

pub use condition::{CodeName, Comparison, Condition, Place, Term};
pub(crate) use eval::{Scope, Verdict};
pub use outlook::{Outlook, Prospect, Prospects, RuleOutlook};

pub(crate) use lower::{Fields, Lowered, lower};
pub(crate) use syntax::ExpressionError;

/// What follows when a rule does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The record is refused.
    Refuse,
    /// The record is accepted and the fault is shown.
    Warn,
}

impl Severity {
    /// The word for it in a standard's files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refuse => "refuse",
            Self::Warn => "warn",
        }
    }
}

/// A rule across fields; made by [`Standard::compile`](crate::Standard::compile).
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name: `due-after-received`.
    pub code: Arc<str>,
    /// What is wrong when it does not hold.
    pub message: Title,
    /// What follows then.
    pub severity: Severity,
    /// Where the hazard was seen, or what the rule is inferred from.
    pub source: Option<Arc<str>>,
    /// The group whose rows it is about; of the record itself when none.
    pub group: Option<usize>,
    /// The condition as written, for the reference page.
    pub holds_text: Arc<str>,
    /// Where the rule applies; everywhere when none.
    pub when: Option<Condition>,
    /// What must not be false where it applies.
    pub holds: Condition,
    /// The field that a fault is shown at.
    pub field: Arc<str>,
}

impl Rule {
    /// The rule that every record type has: no text holds an invisible character.
    pub(crate) fn visible() -> Self {
        Self {
            code: Arc::from("invisible-characters"),
            message: Title {
                vi: Arc::from("văn bản chứa ký tự vô hình (U+200B hoặc U+FEFF)"),
                en: Arc::from("the text holds an invisible character (U+200B or U+FEFF)"),
            },
            severity: Severity::Warn,
            source: Some(Arc::from("185 of 455 agency names of one document axis")),
            group: None,
            holds_text: Arc::from("no text holds an invisible character"),
            when: None,
            holds: Condition::Visible,
            field: Arc::from(""),
        }
    }

    /// The rule that every record type has: no body is named on a day on which it was not there.
    pub(crate) fn in_force() -> Self {
        Self {
            code: Arc::from("body-in-force"),
            message: Title {
                vi: Arc::from("cơ quan không tồn tại vào ngày của bản ghi"),
                en: Arc::from("the body was not there on the record's own date"),
            },
            severity: Severity::Warn,
            source: Some(Arc::from("ministries and provinces merged in 2025; old codes go on")),
            group: None,
            holds_text: Arc::from("a body is named on a day on which it was there"),
            when: None,
            holds: Condition::InForce,
            field: Arc::from(""),
        }
    }

    /// The fault of a record that breaks the rule, at the place of a field.
    pub(crate) fn fault(&self, field: String) -> FieldFault {
        let code = match (&self.holds, self.severity) {
            (Condition::Visible, _) => "LT-4112",
            (Condition::InForce, _) => "LT-4121",
            (_, Severity::Refuse) => "LT-4110",
            (_, Severity::Warn) => "LT-4111",
        };
        FieldFault {
            code,
            field,
            reason: format!("{} (rule `{}`)", self.message.en, self.code),
            reason_vi: format!("{} (quy tắc `{}`)", self.message.vi, self.code),
            hint: Some(format!("the standard asks that {}", self.holds_text)),
            waiting_for: None,
        }
    }
}

/// How deep an expression may nest.
const DEPTH_MAX: usize = 16;

#[cfg(test)]
mod tests;
