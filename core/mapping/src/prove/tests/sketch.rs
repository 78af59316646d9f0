//! Random shapes that can make items of themselves.
//!
//! A sketch says what may stand at a place and how it is drawn; the shape and the items both come of
//! it, so that items fit their shape by construction (and a test asks the shape itself).

use std::fmt::Write as _;

use lienthong_shape::{Alphabet, Format, ListSeen, Node, NumberSeen, Shape, TextSeen};
use rand::RngExt as _;
use rand::seq::IndexedRandom as _;
use rand_chacha::ChaCha8Rng as Draw;

/// What may stand at a place.
#[derive(Clone, Debug, Default)]
pub(super) struct Sketch {
    pub(super) is_absent: bool,
    pub(super) is_null: bool,
    pub(super) text: Option<Text>,
    number: Option<Numbers>,
    is_boolean: bool,
    pub(super) members: Option<Vec<(String, Sketch)>>,
    pub(super) list: Option<(u32, u32, Box<Sketch>)>,
}

/// What texts are drawn, and whether blank ones are.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) kind: Kind,
    blank: Option<&'static str>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// One of these; told by the shape.
    Values(&'static [&'static str]),
    Moment(&'static str),
    Integer,
    Comma,
    Phone,
    Agency,
    Dossier,
    /// Small letters, so many.
    Word(u32, u32),
    /// Vietnamese letters and blanks, perhaps at the ends.
    Free(u32, u32, bool),
    /// Decomposed letters and invisible characters.
    Odd(u32),
}

#[derive(Clone, Copy, Debug)]
enum Numbers {
    Values(&'static [&'static str]),
    Between(i64, i64),
    /// With fractions and exponents.
    Any,
}

const VALUES: &[&[&str]] = &[
    &["NEW", "DONE"],
    &["NEW", "DONE", "END"],
    &["7"],
    &["red", "teal"],
    &["green"],
    &["1", "2"],
    &["0", "1", "12"],
    &["abc", "de f"],
    &["a##b", "c"],
    &["True", "False"],
    &["2025-06-30"],
    &["2025-07-01", "2025-06-30"],
    &["01/07/2025 08:00:00", "02/07/2025 08:00:00"],
    &["HS-12", "HS-"],
    &["H22", "000-00-24-h40"],
    &[" x ", "y"],
    &["Nguyễn Văn An"],
    &["-0", "1.50"],
];

const MOMENTS: &[&str] =
    &["date:%d/%m/%Y", "date:%Y-%m-%d", "timestamp:%d/%m/%Y %H:%M:%S", "timestamp:rfc3339"];

const NUMBERS: &[&[&str]] = &[&["7"], &["0", "1", "12"], &["1.5", "2"], &["1e2"], &["228", "46"]];

const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

impl Sketch {
    /// A random item: an object of a few members.
    pub(super) fn of_item(format: Format, draw: &mut Draw) -> Self {
        let members = Self::members(format, 0, draw);
        Self { members: Some(members), ..Self::default() }
    }

    fn members(format: Format, depth: u32, draw: &mut Draw) -> Vec<(String, Self)> {
        let count = draw.random_range(2..=NAMES.len());
        let mut members: Vec<(String, Self)> = NAMES
            .iter()
            .take(count)
            .map(|name| ((*name).to_owned(), Self::of_place(format, depth + 1, draw)))
            .collect();
        // An element with neither children nor attributes would be a text.
        if let (Format::Xml, Some((_, first))) = (format, members.first_mut()) {
            first.is_absent = false;
            if draw.random_ratio(1, 3) {
                let text = Some(Text::any(format, draw));
                let is_absent = draw.random_ratio(1, 3);
                members.push(("@x".to_owned(), Self { is_absent, text, ..Self::default() }));
            }
        }
        members
    }

    fn of_place(format: Format, depth: u32, draw: &mut Draw) -> Self {
        let mut place = Self {
            is_absent: draw.random_ratio(1, 4),
            is_null: draw.random_ratio(1, 6),
            ..Self::default()
        };
        let kinds = if draw.random_ratio(4, 5) { 1 } else { 2 };
        for _ in 0..kinds {
            match draw.random_range(0..10) {
                7 if format == Format::Json => place.number = Some(Numbers::any(draw)),
                6 if format == Format::Json && draw.random_ratio(1, 3) => place.is_boolean = true,
                8 if format != Format::Row && depth < 3 => {
                    place.members = Some(Self::members(format, depth, draw));
                }
                9 if format == Format::Xml && depth < 3 => {
                    place.members = Some(Self::childless(format, draw));
                }
                5 if format != Format::Row && depth < 3 => {
                    let mut element = Self::default();
                    if draw.random_ratio(2, 3) {
                        element.members = Some(Self::members(format, depth, draw));
                    } else {
                        element.text = Some(Text::any(format, draw));
                    }
                    // One element of XML is no list.
                    let least = if format == Format::Xml { 2 } else { draw.random_range(0..3) };
                    let most = draw.random_range(least..4);
                    place.list = Some((least, most, Box::new(element)));
                }
                _ => place.text = Some(Text::any(format, draw)),
            }
        }
        place
    }

    /// An XML element with attributes and text of its own.
    fn childless(format: Format, draw: &mut Draw) -> Vec<(String, Self)> {
        let one = |draw: &mut Draw| Self { text: Some(Text::any(format, draw)), ..Self::default() };
        vec![("@x".to_owned(), one(draw)), ("text()".to_owned(), one(draw))]
    }

    /// The shape of the items that are drawn from this.
    pub(super) fn shape(&self, format: Format) -> Shape {
        Shape { mapping: "sys/things".into(), format, items: 20, root: self.node() }
    }

    fn node(&self) -> Node {
        let mut node = Node {
            absent: 3 * u64::from(self.is_absent),
            null: 2 * u64::from(self.is_null),
            text: self.text.as_ref().map(Text::seen),
            number: self.number.map(Numbers::seen),
            boolean: 5 * u64::from(self.is_boolean),
            object: 5 * u64::from(self.members.is_some()),
            ..Node::default()
        };
        for (name, member) in self.members.iter().flatten() {
            node.members.insert(name.as_str().into(), member.node());
        }
        node.list = self.list.as_ref().map(|(len_min, len_max, element)| ListSeen {
            count: 5,
            len_min: *len_min,
            len_max: *len_max,
            element: Box::new(element.node()),
        });
        node.occasions = node.absent + node.present();
        node
    }

    /// Draws one item.
    pub(super) fn item(&self, format: Format, draw: &mut Draw) -> String {
        let mut out = String::new();
        if format == Format::Xml {
            self.xml("r", &mut out, draw);
        } else {
            self.json(&mut out, draw);
        }
        out
    }

    fn choice(&self, draw: &mut Draw) -> usize {
        let all = [
            self.is_null,
            self.text.is_some(),
            self.number.is_some(),
            self.is_boolean,
            self.members.is_some(),
            self.list.is_some(),
        ];
        let possible: Vec<usize> = (0..all.len()).filter(|index| all[*index]).collect();
        possible.choose(draw).copied().unwrap_or(0)
    }

    fn json(&self, out: &mut String, draw: &mut Draw) {
        match self.choice(draw) {
            1 => write!(out, "{}", serde_json::Value::from(self.text.as_ref().unwrap().draw(draw)))
                .unwrap(),
            2 => out.push_str(&self.number.unwrap().draw(draw)),
            3 => out.push_str(if draw.random() { "true" } else { "false" }),
            4 => {
                let members = self.members.iter().flatten();
                let there: Vec<_> = members
                    .filter(|(_, member)| !member.is_absent || draw.random_ratio(2, 3))
                    .collect();
                out.push('{');
                for (index, (name, member)) in there.into_iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    write!(out, "\"{name}\":").unwrap();
                    member.json(out, draw);
                }
                out.push('}');
            }
            5 => {
                let (least, most, element) = self.list.as_ref().unwrap();
                out.push('[');
                for index in 0..draw.random_range(*least..=*most) {
                    out.push_str(if index > 0 { "," } else { "" });
                    element.json(out, draw);
                }
                out.push(']');
            }
            _ => out.push_str("null"),
        }
    }

    fn xml(&self, name: &str, out: &mut String, draw: &mut Draw) {
        match self.choice(draw) {
            1 => {
                let text = escaped(&self.text.as_ref().unwrap().draw(draw));
                write!(out, "<{name}>{text}</{name}>").unwrap();
            }
            4 => {
                let members = self.members.iter().flatten();
                let there: Vec<_> = members
                    .filter(|(_, member)| !member.is_absent || draw.random_ratio(2, 3))
                    .collect();
                write!(out, "<{name}").unwrap();
                for (name, member) in &there {
                    if let Some(name) = name.strip_prefix('@') {
                        let text = escaped(&member.text.as_ref().unwrap().draw(draw));
                        write!(out, " {name}=\"{text}\"").unwrap();
                    }
                }
                out.push('>');
                for (name, member) in there {
                    match name.as_str() {
                        "@x" => {}
                        "text()" => {
                            out.push_str(&escaped(&member.text.as_ref().unwrap().draw(draw)));
                        }
                        name => member.xml(name, out, draw),
                    }
                }
                write!(out, "</{name}>").unwrap();
            }
            5 => {
                let (least, most, element) = self.list.as_ref().unwrap();
                for _ in 0..draw.random_range(*least..=*most) {
                    element.xml(name, out, draw);
                }
            }
            _ => write!(out, "<{name} xmlns:i=\"x\" i:nil=\"true\"/>").unwrap(),
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

impl Text {
    pub(super) fn any(format: Format, draw: &mut Draw) -> Self {
        let length = draw.random_range(1..12);
        let kind = match draw.random_range(0..16) {
            0..=5 => Kind::Values(VALUES.choose(draw).unwrap()),
            6..=8 => Kind::Moment(MOMENTS.choose(draw).unwrap()),
            9 => Kind::Integer,
            10 => Kind::Comma,
            11 => Kind::Phone,
            12 => Kind::Agency,
            13 => Kind::Dossier,
            14 => Kind::Word(length, length + draw.random_range(0..4)),
            _ if format != Format::Xml && draw.random_ratio(1, 3) => Kind::Odd(length),
            _ => Kind::Free(length, length + draw.random_range(0..9), draw.random()),
        };
        let blank = [None, None, None, None, Some(""), Some("  ")].choose(draw).copied().flatten();
        Self { kind, blank }
    }

    pub(super) fn draw(&self, draw: &mut Draw) -> String {
        if let Some(blank) = self.blank
            && draw.random_ratio(1, 4)
        {
            return if draw.random() { blank } else { "" }.to_owned();
        }
        self.kind.draw(draw)
    }

    pub(super) fn seen(&self) -> TextSeen {
        let (count, blank) = (12, 2 * u64::from(self.blank.is_some()));
        let mut seen = self.kind.seen(count - blank);
        (seen.count, seen.blank) = (count, blank);
        if self.blank == Some("  ") {
            seen.alphabet.outer_blank = true;
            seen.alphabet.odd_blank = true;
        }
        seen
    }
}

impl Kind {
    fn draw(self, draw: &mut Draw) -> String {
        let mut letters = |letters: &str, least: u32, most: u32| {
            let letters: Vec<char> = letters.chars().collect();
            let count = draw.random_range(least..=most);
            (0..count).filter_map(|_| letters.choose(draw).copied()).collect::<String>()
        };
        match self {
            Self::Values(values) => (*values.choose(draw).unwrap()).to_owned(),
            Self::Word(least, most) => letters("abcz019", least, most),
            Self::Free(least, most, is_outer) => {
                let text = letters("aăâđêôộƯX-#, ", least, most);
                // Blanks inside, one by one; at the ends only where the shape says so.
                let inner = if is_outer { text } else { text.replace(' ', "x") };
                let inner = inner.replace("  ", " x");
                if inner.trim().is_empty() { "x".repeat(least as usize) } else { inner }
            }
            Self::Odd(length) => {
                let text = letters("ae\u{301}\u{323}\u{200b}b", length, length);
                if text.trim().is_empty() { "b".repeat(length as usize) } else { text }
            }
            Self::Integer => draw.random_range(0..1000).to_string(),
            Self::Comma => {
                format!("{},{:02}", draw.random_range(0..1000), draw.random_range(0..100))
            }
            Self::Phone => format!("09{:08}", draw.random_range(0..100_000_000)),
            Self::Agency => (*["H22", "000.00.24.H40", "G12.18"].choose(draw).unwrap()).to_owned(),
            Self::Dossier => format!("H48-220921-{:04}", draw.random_range(0..10_000)),
            Self::Moment(form) => {
                let (day, month) = (draw.random_range(1..=28), draw.random_range(1..=12));
                let (year, hour) = (draw.random_range(2020..2030), draw.random_range(0..24));
                match form {
                    "date:%d/%m/%Y" => format!("{day:02}/{month:02}/{year}"),
                    "date:%Y-%m-%d" => format!("{year}-{month:02}-{day:02}"),
                    "timestamp:rfc3339" => format!("{year}-{month:02}-{day:02}T{hour:02}:05:00Z"),
                    _ => format!("{day:02}/{month:02}/{year} {hour:02}:05:00"),
                }
            }
        }
    }

    fn seen(self, filled: u64) -> TextSeen {
        let ((chars_min, chars_max), forms, alphabet): (_, &[&str], _) = match self {
            Self::Values(values) => {
                let chars = |text: &&str| u32::try_from(text.chars().count()).unwrap();
                let (least, most) =
                    (values.iter().map(chars).min(), values.iter().map(chars).max());
                let kinds = values.iter().map(|value| super::super::texts::alphabet(value));
                let kinds = kinds.reduce(super::super::texts::union).unwrap();
                let counted = values.iter().map(|value| (Box::from(*value), 2));
                return TextSeen {
                    chars_min: least.unwrap(),
                    chars_max: most.unwrap(),
                    alphabet: kinds,
                    values: Some(counted.collect()),
                    ..TextSeen::default()
                };
            }
            Self::Word(least, most) => ((least, most), &["pattern:word"], Alphabet::default()),
            Self::Free(least, most, is_outer) => {
                let kinds = Alphabet {
                    beyond_ascii: true,
                    outer_blank: is_outer,
                    odd_blank: is_outer,
                    ..Alphabet::default()
                };
                ((least, most), &[], kinds)
            }
            Self::Odd(length) => {
                let kinds = Alphabet {
                    beyond_ascii: true,
                    not_composed: true,
                    invisible: true,
                    ..Alphabet::default()
                };
                ((length, length), &[], kinds)
            }
            Self::Integer => ((1, 3), &["integer", "decimal:.", "decimal:,"], Alphabet::default()),
            Self::Comma => ((4, 6), &["decimal:,"], Alphabet::default()),
            Self::Phone => ((10, 10), &["phone:vn", "phone:e164", "integer"], Alphabet::default()),
            Self::Agency => {
                ((3, 13), &["identifier:agency", "reads:agency-code"], Alphabet::default())
            }
            Self::Dossier => {
                ((15, 15), &["identifier:dossier", "reads:dossier-code"], Alphabet::default())
            }
            Self::Moment(form) => {
                let chars = match form {
                    "timestamp:rfc3339" => (20, 20),
                    "timestamp:%d/%m/%Y %H:%M:%S" => (19, 19),
                    _ => (10, 10),
                };
                let forms = (*form).into();
                return TextSeen {
                    chars_min: chars.0,
                    chars_max: chars.1,
                    forms: std::iter::once((forms, filled)).collect(),
                    ..TextSeen::default()
                };
            }
        };
        let forms = forms.iter().map(|form| (Box::from(*form), filled)).collect();
        TextSeen { chars_min, chars_max, forms, alphabet, ..TextSeen::default() }
    }
}

impl Numbers {
    fn any(draw: &mut Draw) -> Self {
        match draw.random_range(0..3) {
            0 => Self::Values(NUMBERS.choose(draw).unwrap()),
            1 => {
                let least = draw.random_range(-20..80);
                Self::Between(least, least + draw.random_range(0..60))
            }
            _ => Self::Any,
        }
    }

    fn draw(self, draw: &mut Draw) -> String {
        match self {
            Self::Values(values) => (*values.choose(draw).unwrap()).to_owned(),
            Self::Between(least, most) => draw.random_range(least..=most).to_string(),
            Self::Any => {
                (*["0", "-0", "17", "1.5", "2e3", "1E99", "3.0"].choose(draw).unwrap()).to_owned()
            }
        }
    }

    fn seen(self) -> NumberSeen {
        match self {
            Self::Values(values) => {
                let is_whole = |value: &&&str| !value.contains(['.', 'e']);
                let whole = values.iter().filter(is_whole).count();
                let counted = values.iter().map(|value| (Box::from(*value), 1)).collect();
                NumberSeen {
                    count: u64::try_from(values.len()).unwrap(),
                    whole: u64::try_from(whole).unwrap(),
                    chars_max: 4,
                    range: None,
                    values: Some(counted),
                }
            }
            Self::Between(least, most) => NumberSeen {
                count: 5,
                whole: 5,
                chars_max: 3,
                range: Some((least.to_string().into(), most.to_string().into())),
                values: None,
            },
            Self::Any => NumberSeen { count: 5, whole: 2, chars_max: 4, range: None, values: None },
        }
    }
}
