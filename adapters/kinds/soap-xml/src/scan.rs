//! One pass over an answer: the records' places, their keys, and single values.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// The deepest nesting of an answer's elements.
const NESTING_MAX: usize = 128;

/// Local names on the way to an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path(Vec<String>);

impl Path {
    pub(crate) fn parse(text: &str) -> Self {
        Self(text.split('.').filter(|name| !name.is_empty()).map(str::to_owned).collect())
    }

    fn is(&self, names: &[&str]) -> bool {
        self.0.len() == names.len() && self.0.iter().zip(names).all(|(a, b)| a == b)
    }
}

/// What to look for. All paths but those of keys start at the document's root.
#[derive(Clone, Debug)]
pub(crate) struct Search {
    pub(crate) record: Path,
    /// Below a record's element.
    pub(crate) keys: Vec<Path>,
    pub(crate) values: Vec<Path>,
}

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) records: Vec<FoundRecord>,
    /// As many as there are paths; the first element of each path counts.
    pub(crate) values: Vec<Option<String>>,
    /// The first names from the root on, to tell what the document is.
    pub(crate) head: Vec<String>,
}

/// One record's element.
#[derive(Debug)]
pub(crate) struct FoundRecord {
    pub(crate) range: Range<usize>,
    pub(crate) keys: Vec<Option<String>>,
    /// A name that the record refers to and nothing declares.
    pub(crate) unknown_entity: Option<String>,
}

/// Why a document can't be read: words with a place, and none of its content.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotReadable(pub(crate) String);

impl Search {
    /// Reads a whole document.
    pub(crate) fn run(&self, xml: &str) -> Result<Found, NotReadable> {
        let mut pass = Pass {
            search: self,
            names: Vec::new(),
            texts: Vec::new(),
            open: None,
            found: Found { values: vec![None; self.values.len()], ..Found::default() },
        };
        let mut reader = Reader::from_str(xml);
        loop {
            let start = place(reader.buffer_position());
            let event = reader.read_event().map_err(|_| {
                NotReadable(format!("it is not XML at byte {}", reader.error_position()))
            })?;
            let end = place(reader.buffer_position());
            let at = |what: &str| NotReadable(format!("{what} at byte {start}"));
            match event {
                Event::Start(element) => {
                    pass.start(name(xml, start, &element), start);
                    if pass.names.len() > NESTING_MAX {
                        return Err(at("it is nested too deep"));
                    }
                }
                Event::Empty(element) => {
                    pass.start(name(xml, start, &element), start);
                    pass.end(end);
                }
                Event::End(_) => pass.end(end),
                Event::Text(text) => {
                    if pass.names.is_empty() && !text.trim().is_empty() {
                        return Err(at("it is not XML"));
                    }
                    pass.text(&text);
                }
                Event::CData(text) => pass.text(&text),
                Event::GeneralRef(reference) => {
                    pass.reference(&reference).map_err(|()| at("it has an unknown reference"))?;
                }
                Event::DocType(_) => return Err(at("it has a document type (DTD)")),
                Event::Decl(declaration) => {
                    if let Some(Ok(encoding)) = declaration.encoding()
                        && !encoding.eq_ignore_ascii_case("utf-8")
                    {
                        return Err(at("it is written in another encoding than UTF-8"));
                    }
                }
                Event::Comment(_) | Event::PI(_) => {}
                Event::Eof if pass.names.is_empty() && !pass.found.head.is_empty() => {
                    return Ok(pass.found);
                }
                Event::Eof => return Err(NotReadable("the XML ends too early".to_owned())),
            }
        }
    }
}

/// The state of a pass.
struct Pass<'s, 'x> {
    search: &'s Search,
    names: Vec<&'x str>,
    /// The values being gathered: which, and since which depth.
    texts: Vec<(Want, usize, String)>,
    /// The record being read, and the depth of its element.
    open: Option<(FoundRecord, usize)>,
    found: Found,
}

/// Which value a text belongs to.
#[derive(Clone, Copy)]
enum Want {
    Key(usize),
    Value(usize),
}

impl<'x> Pass<'_, 'x> {
    fn start(&mut self, name: &'x str, start: usize) {
        self.names.push(name);
        let depth = self.names.len();
        if self.found.head.len() < 3 && self.found.head.len() + 1 == depth {
            self.found.head.push(name.to_owned());
        }
        if let Some((_, since)) = &self.open {
            let below = self.names.get(*since..).unwrap_or_default();
            let keys = self.search.keys.iter().enumerate();
            let wanted = keys.filter(|(_, path)| path.is(below));
            self.texts.extend(wanted.map(|(at, _)| (Want::Key(at), depth, String::new())));
        } else if self.search.record.is(&self.names) {
            let keys = vec![None; self.search.keys.len()];
            let record = FoundRecord { range: start..start, keys, unknown_entity: None };
            self.open = Some((record, depth));
        }
        let values = self.search.values.iter().enumerate();
        let wanted = values.filter(|(_, path)| path.is(&self.names));
        self.texts.extend(wanted.map(|(at, _)| (Want::Value(at), depth, String::new())));
    }

    fn end(&mut self, end: usize) {
        let depth = self.names.len();
        while self.texts.last().is_some_and(|(_, since, _)| *since == depth) {
            let Some((want, _, text)) = self.texts.pop() else { break };
            let slot = match want {
                Want::Value(at) => self.found.values.get_mut(at),
                Want::Key(at) => self.open.as_mut().and_then(|(record, _)| record.keys.get_mut(at)),
            };
            if let Some(slot) = slot
                && slot.is_none()
            {
                *slot = Some(text.trim().to_owned());
            }
        }
        if let Some((mut record, _)) = self.open.take_if(|(_, since)| *since == depth) {
            record.range.end = end;
            self.found.records.push(record);
        }
        self.names.pop();
    }

    fn text(&mut self, text: &str) {
        for (_, _, gathered) in &mut self.texts {
            gathered.push_str(text);
        }
    }

    /// Takes a character or predefined entity in. An entity that nothing declares spoils only the
    /// record it stands in.
    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), ()> {
        if let Ok(Some(letter)) = reference.resolve_char_ref() {
            self.text(letter.encode_utf8(&mut [0; 4]));
            return Ok(());
        }
        if let Some(text) = quick_xml::escape::resolve_predefined_entity(reference) {
            self.text(text);
            return Ok(());
        }
        let Some((record, _)) = &mut self.open else { return Err(()) };
        record.unknown_entity.get_or_insert_with(|| reference.chars().take(40).collect());
        Ok(())
    }
}

/// The local name of an element that starts here, as a slice of the document itself.
fn name<'x>(xml: &'x str, start: usize, element: &BytesStart<'_>) -> &'x str {
    let length = element.name().as_ref().len();
    let whole = xml.get(start + 1..start + 1 + length).unwrap_or_default();
    whole.rsplit_once(':').map_or(whole, |(_, local)| local)
}

fn place(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}
