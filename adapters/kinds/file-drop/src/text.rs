//! One text: its items, straight from the disk or decoded one by one.

use std::collections::VecDeque;
use std::io::{self, Read as _};
use std::sync::Arc;

use lienthong_adapter_api::{Fault, Position};
use lienthong_adapter_kit::split::{
    Columns, FillLimits, Filled, Flaw, FlawKind, Found, Limits, Mark, Reading, Splitter,
    declared_encoding,
};
use lienthong_text::{Encoding, decode, utf8_valid_up_to};

use crate::digest::Digest;
use crate::draft::Draft;
use crate::opened::Rest;
use crate::position::{DigestSoFar, InFile};
use crate::settings::{Feed, Format};
use crate::source::{Source, Way};

/// How many items are decoded ahead.
const AHEAD: usize = 256;

/// How much of a text is looked at for what it says of itself.
const HEAD: usize = 256;

/// The text of a file, or of one file of an archive.
pub(crate) struct Text {
    origin: Arc<str>,
    reading: Reading<Source>,
    /// How an item is still to be decoded.
    encoding: Encoding,
    columns: Option<Columns>,
    digest: Option<Digest>,
    /// What was decoded and not yet handed on, each with the place behind it.
    ahead: VecDeque<(Piece, Mark)>,
    is_over: bool,
}

#[derive(Debug)]
enum Piece {
    Item(Vec<u8>, Position),
    Fault(Fault),
}

impl Text {
    /// Opens a text at the place in its file.
    ///
    /// # Errors
    /// Of the disk; with a [`FlawKind`] within when the text as a whole can't be read.
    pub(crate) fn open(
        way: &Way<'_>,
        feed: &Feed,
        limits: Limits,
        at: &mut InFile,
        origin: Arc<str>,
    ) -> io::Result<Self> {
        let mut digest = match &at.digest {
            DigestSoFar::Known(_) => None,
            DigestSoFar::Running(state) => {
                let broken = || io::Error::other(FlawKind::Truncated("what was read before"));
                Some(Digest::resume(state).ok_or_else(broken)?)
            }
        };
        if at.mark.offset == 0 {
            let head = head_of(way, feed)?;
            if let Some(digest) = &mut digest {
                digest.update(head);
            }
            at.mark.offset = head.len() as u64;
        }
        let mut columns = None;
        if feed.format == Format::Csv {
            let (found, mark) = columns_of(way, feed, limits)?;
            if at.mark.number < mark.number {
                at.mark = mark;
            }
            columns = Some(found);
        }
        let mark = at.mark;
        let splitter = match feed.format {
            Format::JsonLines => Splitter::json_lines(limits, mark),
            Format::Json => Splitter::json_array(&feed.path, limits, mark),
            Format::Xml => Splitter::xml(&feed.path, limits, mark),
            Format::Csv => Splitter::records(delimiter(feed), limits, mark),
        };
        let reading = Reading::new(way.open(mark.offset)?, splitter);
        let (encoding, ahead) = (item_encoding(way), VecDeque::new());
        Ok(Self { origin, reading, encoding, columns, digest, ahead, is_over: false })
    }

    /// Reads items straight into the page.
    pub(crate) fn fill_straight(&mut self, at: &mut InFile, draft: &mut Draft) -> io::Result<Rest> {
        let level = draft.filled.len();
        let (found_before, flaws_before) = (draft.filled.found.len(), draft.filled.flaws.len());
        let digest = &mut self.digest;
        let mut observe = |bytes: &[u8]| {
            if let Some(digest) = digest {
                digest.update(bytes);
            }
        };
        let is_over = self.reading.fill(&mut draft.filled, draft.limits, &mut observe)?;
        debug_assert!(draft.filled.len() >= level, "a page only grows");
        let origin = draft.origin(&self.origin);
        let found = draft.filled.found.split_off(found_before);
        let start = found.first().map_or(0, |first| first.range.start);
        let new = draft.filled.buffer.get(start..).unwrap_or_default();
        let is_text = utf8_valid_up_to(new) == new.len();
        for item in &found {
            match self.check(item, is_text, draft) {
                None => draft.item(item.range.clone(), origin, Position::Byte(item.offset)),
                Some(fault) => draft.fault(fault),
            }
        }
        draft.filled.found.extend(found);
        let flaws = draft.filled.flaws.get(flaws_before..).unwrap_or_default();
        let faults: Vec<Fault> = flaws
            .iter()
            .map(|(flaw, _)| flaw.clone().into_fault(Arc::clone(&self.origin)))
            .collect();
        for fault in faults {
            draft.fault(fault);
        }
        at.mark = self.reading.mark();
        if let Some(digest) = &self.digest {
            at.digest = DigestSoFar::Running(digest.state());
        }
        Ok(if is_over { Rest::Nothing } else { Rest::More })
    }

    /// Checks one item of a page that is not UTF-8 as a whole.
    fn check(&self, item: &Found, is_text: bool, draft: &Draft) -> Option<Fault> {
        if is_text {
            return None;
        }
        let bytes = draft.filled.buffer.get(item.range.clone()).unwrap_or_default();
        let error = decode(bytes, Encoding::Utf8).err()?;
        let kind = FlawKind::Undecodable(error.moved(item.offset));
        let flaw = Flaw::new(kind, item.offset, item.behind.number.saturating_sub(1), bytes);
        Some(flaw.into_fault(Arc::clone(&self.origin)))
    }

    /// Hands on items that are decoded one by one.
    pub(crate) fn fill_decoded(&mut self, at: &mut InFile, draft: &mut Draft) -> io::Result<Rest> {
        let origin = draft.origin(&self.origin);
        loop {
            while let Some((piece, behind)) = self.ahead.pop_front() {
                if draft.is_full() {
                    self.ahead.push_front((piece, behind));
                    return Ok(Rest::More);
                }
                match piece {
                    Piece::Fault(fault) => draft.fault(fault),
                    Piece::Item(item, position) if item.len() > draft.limits.bytes => {
                        draft.fault(self.too_large(&item, position, behind, draft.limits.bytes));
                    }
                    Piece::Item(item, position) => {
                        if !draft.append(&item, origin, position) {
                            self.ahead.push_front((Piece::Item(item, position), behind));
                            return Ok(Rest::More);
                        }
                    }
                }
                at.mark = behind;
            }
            if self.is_over {
                at.mark = self.reading.mark();
                return Ok(Rest::Nothing);
            }
            self.decode_ahead(draft.limits)?;
        }
    }

    fn decode_ahead(&mut self, limits: FillLimits) -> io::Result<()> {
        let mut page = Filled::default();
        let limits = FillLimits { items: AHEAD, bytes: limits.bytes };
        self.is_over = self.reading.fill(&mut page, limits, &mut |_| ())?;
        for found in page.found {
            let bytes = page.buffer.get(found.range).unwrap_or_default();
            let number = found.behind.number.saturating_sub(1);
            let piece = match self.decode(bytes, found.offset) {
                Ok(item) if self.columns.is_some() => {
                    Piece::Item(item, Position::Row(found.behind.number))
                }
                Ok(item) => Piece::Item(item, Position::Byte(found.offset)),
                Err(kind) => {
                    let mut flaw = Flaw::new(kind, found.offset, number, bytes);
                    if self.columns.is_some() {
                        flaw = flaw.on_line(found.behind.line.max(1));
                    }
                    Piece::Fault(flaw.into_fault(Arc::clone(&self.origin)))
                }
            };
            self.ahead.push_back((piece, found.behind));
        }
        for (flaw, behind) in page.flaws {
            let fault = flaw.into_fault(Arc::clone(&self.origin));
            self.ahead.push_back((Piece::Fault(fault), behind));
        }
        self.ahead.make_contiguous().sort_by_key(|(_, behind)| behind.number);
        Ok(())
    }

    fn decode(&self, bytes: &[u8], offset: u64) -> Result<Vec<u8>, FlawKind> {
        let text = decode(bytes, self.encoding)
            .map_err(|error| FlawKind::Undecodable(error.moved(offset)))?;
        let Some(columns) = &self.columns else { return Ok(text.into_owned().into_bytes()) };
        let mut row = Vec::with_capacity(text.len() * 2);
        columns.write_row(&text, &mut row)?;
        Ok(row)
    }

    fn too_large(&self, item: &[u8], position: Position, behind: Mark, max: usize) -> Fault {
        let kind = FlawKind::TooLarge { max };
        let flaw = Flaw::new(kind, behind.offset, behind.number.saturating_sub(1), item);
        Fault { position, ..flaw.into_fault(Arc::clone(&self.origin)) }
    }
}

/// The byte order mark of a text in UTF-8, if it has one. Refuses a text that says it is written
/// in another way than it is read, where the feed does not name one.
fn head_of(way: &Way<'_>, feed: &Feed) -> io::Result<&'static [u8]> {
    let mut head = Vec::with_capacity(HEAD);
    way.open(0)?.take(HEAD as u64).read_to_end(&mut head)?;
    let read_as = way.encoding.name();
    let other = |declared: &str| {
        let declared = declared.to_owned();
        Err(io::Error::other(FlawKind::OtherEncoding { declared, read_as }))
    };
    let is_wide = head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF");
    if is_wide && way.encoding == Encoding::Utf8 {
        return other("utf-16");
    }
    let text = head.strip_prefix(b"\xEF\xBB\xBF");
    if feed.format == Format::Xml && feed.encoding.is_none() {
        let declared = declared_encoding(text.unwrap_or(&head)).unwrap_or("utf-8");
        if !["utf-8", "us-ascii", "ascii"].contains(&declared.to_ascii_lowercase().as_str()) {
            return other(declared);
        }
    }
    Ok(if text.is_some() && way.encoding == Encoding::Utf8 { b"\xEF\xBB\xBF" } else { b"" })
}

/// The columns of a CSV text, and the place where its rows begin.
fn columns_of(way: &Way<'_>, feed: &Feed, limits: Limits) -> io::Result<(Columns, Mark)> {
    let start = Mark { offset: head_of(way, feed)?.len() as u64, ..Mark::default() };
    if !feed.header {
        let columns = Columns::named(feed.columns.clone(), delimiter(feed));
        return Ok((columns.map_err(io::Error::other)?, start));
    }
    let splitter = Splitter::records(delimiter(feed), limits, start);
    let mut reading = Reading::new(way.open(start.offset)?, splitter);
    let mut page = Filled::default();
    let limits = FillLimits { items: 1, bytes: limits.item_bytes };
    reading.fill(&mut page, limits, &mut |_| ())?;
    if let Some((flaw, _)) = page.flaws.into_iter().next() {
        return Err(io::Error::other(flaw.kind));
    }
    let heading = page.found.first().and_then(|found| page.buffer.get(found.range.clone()));
    let heading = decode(heading.unwrap_or_default(), item_encoding(way))
        .map_err(|error| io::Error::other(FlawKind::Undecodable(error)))?;
    let columns = Columns::of_heading(&heading, delimiter(feed)).map_err(io::Error::other)?;
    Ok((columns, reading.mark()))
}

fn delimiter(feed: &Feed) -> u8 {
    u8::try_from(feed.delimiter).unwrap_or(b',')
}

/// How the items are encoded once they are split: UTF-16 was made UTF-8 on the way.
fn item_encoding(way: &Way<'_>) -> Encoding {
    if way.encoding.is_ascii_compatible() { way.encoding } else { Encoding::Utf8 }
}
