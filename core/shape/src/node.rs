//! What stands at one place of the items: types, absence, and what its texts and numbers are like.

use std::collections::BTreeMap;

/// What was seen at one place of the items.
///
/// XML is seen as the mapping sees it: an element with only text is a text, one with children or
/// attributes is an object whose members are the children, `@attribute` and, where it has text of its
/// own beside them, `text()`; an element that occurs several times in one parent is a list; one with
/// `xsi:nil="true"` is null. Blank text is a text, counted as blank.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// How often it could have stood there: the number of objects (or lists' elements) around it.
    pub occasions: u64,
    /// How often nothing was there.
    pub absent: u64,
    /// How often it was null.
    pub null: u64,
    /// The texts, if there was one.
    pub text: Option<TextSeen>,
    /// The JSON numbers, if there was one.
    pub number: Option<NumberSeen>,
    /// How often it was true or false.
    pub boolean: u64,
    /// How often it was an object.
    pub object: u64,
    /// The members of the objects, by name.
    pub members: BTreeMap<Box<str>, Node>,
    /// What stands under the names that are not told, where an object is used as a map: there are
    /// too many names, or they are somebody's. Any other name is then known. It may be absent.
    pub others: Option<Box<Node>>,
    /// The lists, if there was one.
    pub list: Option<ListSeen>,
}

impl Node {
    /// How often something stood there, null included.
    pub fn present(&self) -> u64 {
        self.null
            + self.text.as_ref().map_or(0, |text| text.count)
            + self.number.as_ref().map_or(0, |number| number.count)
            + self.boolean
            + self.object
            + self.list.as_ref().map_or(0, |list| list.count)
    }

    /// Whether it was without a value in at most one case of twenty.
    pub(crate) fn is_usual(&self) -> bool {
        let blank = self.text.as_ref().map_or(0, |text| text.blank);
        (self.absent + self.null + blank).saturating_mul(20) <= self.occasions
    }

    /// What is known of the member of this name.
    pub fn member(&self, name: &str) -> Option<&Self> {
        self.members.get(name).or(self.others.as_deref())
    }

    /// How many places there are here and below.
    pub fn places(&self) -> usize {
        let below = self.members.values().chain(self.others.as_deref());
        let elements = self.list.iter().map(|list| &*list.element);
        1 + below.chain(elements).map(Self::places).sum::<usize>()
    }
}

impl TextSeen {
    /// How many are not blank.
    pub const fn filled(&self) -> u64 {
        self.count.saturating_sub(self.blank)
    }

    /// The forms that every text has that is not blank: the claims.
    pub fn claims(&self) -> impl Iterator<Item = &str> {
        let filled = self.filled();
        self.forms.iter().filter(move |(_, count)| **count == filled).map(|(name, _)| &**name)
    }
}

/// What the texts of a place are like. Counts, lengths and forms are of those that are not blank.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextSeen {
    /// How many, blank ones included.
    pub count: u64,
    /// How many are empty or blank.
    pub blank: u64,
    /// The fewest characters.
    pub chars_min: u32,
    /// The most characters.
    pub chars_max: u32,
    /// What kinds of characters occur.
    pub alphabet: Alphabet,
    /// How many have each form, by the probe's name; a form that all have is a claim.
    pub forms: BTreeMap<Box<str>, u64>,
    /// Every value with its count, where there are few and none is personal; then no other occurs.
    pub values: Option<BTreeMap<Box<str>, u64>>,
}

/// What kinds of characters occur in the texts of a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, kept as data")]
pub struct Alphabet {
    /// Characters outside ASCII.
    pub beyond_ascii: bool,
    /// Text that is not in NFC.
    pub not_composed: bool,
    /// Invisible characters: zero-width and soft hyphens.
    pub invisible: bool,
    /// Control characters.
    pub control: bool,
    /// Blanks at an end.
    pub outer_blank: bool,
    /// Runs of blanks, or blanks that are no plain space.
    pub odd_blank: bool,
}

/// What the JSON numbers of a place are like.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NumberSeen {
    /// How many.
    pub count: u64,
    /// How many are written as whole numbers.
    pub whole: u64,
    /// The most characters of a literal.
    pub chars_max: u32,
    /// The least and the greatest, as exact decimals; none where they are not told.
    pub range: Option<(Box<str>, Box<str>)>,
    /// Every literal with its count, where there are few and none is personal.
    pub values: Option<BTreeMap<Box<str>, u64>>,
}

/// What the lists of a place are like.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListSeen {
    /// How many.
    pub count: u64,
    /// The fewest elements.
    pub len_min: u32,
    /// The most elements.
    pub len_max: u32,
    /// What the elements are like; its occasions are the elements.
    pub element: Box<Node>,
}
