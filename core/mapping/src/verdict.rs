//! Verdicts: what is known of each national field, group and rule before a record is read.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// What is known of one national field, group or rule before a record is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What is judged.
    pub subject: Subject,
    /// The field with its groups (`DanhSachLePhi.Gia`), the group, or the code of the rule.
    pub field: Arc<str>,
    /// The verdict.
    pub state: State,
    /// Why, in words: for [`State::Checked`] every way in which a record can be refused.
    pub reasons: Vec<Why>,
    /// How many of the learned records fail here; none where nothing was learned or nothing fails.
    pub fails: Option<Fails>,
    /// The rule's place in the mapping's file, in bytes; none for what has no rule there.
    pub place: Option<Range<usize>>,
}

/// What a verdict is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A field of the record or of a group.
    Field,
    /// How many rows a group has.
    Group,
    /// A rule of the standard across fields.
    Rule,
}

/// One reason of a verdict, in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// In English.
    pub message: String,
    /// In Vietnamese.
    pub message_vi: String,
    /// How many of the learned records fail for it.
    pub fails: Option<Fails>,
}

/// How many of the learned records would be refused: between two numbers, which are the same where
/// it is known exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fails {
    /// So many at least.
    pub at_least: u64,
    /// So many at most.
    pub at_most: u64,
    /// Of so many learned records.
    pub of: u64,
}

/// How sure it is that a field gets a valid value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Every record yields a valid value, or none where the standard needs none.
    Proven,
    /// It can fail at run time, in the ways that the reasons say.
    Checked,
    /// It can never be valid; the mapping does not load.
    Refuted,
}

impl State {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Checked => "checked",
            Self::Refuted => "refuted",
        }
    }

    /// The Vietnamese word for it.
    pub const fn name_vi(self) -> &'static str {
        match self {
            Self::Proven => "đã chứng minh",
            Self::Checked => "kiểm tra khi chạy",
            Self::Refuted => "bác bỏ",
        }
    }
}

impl Subject {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::Group => "group",
            Self::Rule => "rule",
        }
    }
}

impl Why {
    pub(crate) fn new(message: impl Into<String>, message_vi: impl Into<String>) -> Self {
        Self { message: message.into(), message_vi: message_vi.into(), fails: None }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match self.fails {
            Some(fails) => write!(f, " ({})", fails.english()),
            None => Ok(()),
        }
    }
}

impl Fails {
    /// In English: `12 of 500`, `at most 12 of 500`, `3 to 12 of 500`.
    pub fn english(self) -> String {
        let Self { at_least, at_most, of } = self;
        match (at_least, at_most) {
            (0, 0) => format!("none of {of}"),
            (least, most) if least == most => format!("{most} of {of}"),
            (0, most) => format!("at most {most} of {of}"),
            (least, most) => format!("{least} to {most} of {of}"),
        }
    }

    /// In Vietnamese: `12 trên 500`, `nhiều nhất 12 trên 500`, `3 đến 12 trên 500`.
    pub fn vietnamese(self) -> String {
        let Self { at_least, at_most, of } = self;
        match (at_least, at_most) {
            (0, 0) => format!("không có trong {of}"),
            (least, most) if least == most => format!("{most} trên {of}"),
            (0, most) => format!("nhiều nhất {most} trên {of}"),
            (least, most) => format!("{least} đến {most} trên {of}"),
        }
    }
}
