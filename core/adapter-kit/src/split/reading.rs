//! Splitting of a stream, straight into the buffer of a page.

use std::io::{self, Read};
use std::ops::Range;

use super::{Flaw, FlawKind, Mark, Splitter, Step, wide};

/// How much is read at once: large enough for few calls, small enough to stay in the cache.
const READ_STEP: usize = 128 << 10;

/// How much is read where little seems to be missing.
const READ_STEP_MIN: usize = 8 << 10;

/// The least part by which a buffer grows: items may differ from those that the guess is made by.
const GROWTH_PART: usize = 16;

/// How far a buffer may grow past what a page may hold while an item's end is looked for.
const SLACK: usize = 64 << 10;

/// A stream that is being split.
///
/// After an error it is of no more use; reading is taken up again from the last [`Mark`] with a
/// new one.
#[derive(Debug)]
pub struct Reading<R> {
    source: R,
    end: SourceEnd,
    splitter: Splitter,
    /// The place behind the last item or flaw.
    mark: Mark,
    /// What was read behind that place.
    carry: Vec<u8>,
    /// Items and flaws so far and the bytes they took, by which it is guessed how much a page
    /// needs: what is read too much has to be carried over to the next.
    seen: (usize, usize),
}

#[derive(Debug)]
enum SourceEnd {
    Open,
    Clean,
    /// The stream broke off in a way that belongs to the file, not to the disk.
    Broken(FlawKind),
}

/// What a page may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FillLimits {
    /// Items and flaws together.
    pub items: usize,
    /// Bytes of the buffer; no less than one item may have.
    pub bytes: usize,
}

/// An item in the buffer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it lies in the buffer.
    pub range: Range<usize>,
    /// Where it begins in the text.
    pub offset: u64,
    /// The place behind it.
    pub behind: Mark,
}

/// The buffer of a page and what was found in it.
#[derive(Debug, Default)]
pub struct Filled {
    /// Holds the items, and what stands between them.
    pub buffer: Vec<u8>,
    /// The items in order.
    pub found: Vec<Found>,
    /// The flaws in order, each with the place behind it.
    pub flaws: Vec<(Flaw, Mark)>,
}

impl Filled {
    /// How many items and flaws were found.
    pub fn len(&self) -> usize {
        self.found.len() + self.flaws.len()
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<R: Read> Reading<R> {
    /// Starts at the splitter's place, which is where `source` must be.
    pub fn new(source: R, splitter: Splitter) -> Self {
        let mark = splitter.mark();
        let (end, carry) = (SourceEnd::Open, Vec::new());
        Self { source, end, splitter, mark, carry, seen: (0, 0) }
    }

    /// The place behind the last item or flaw, or behind the whole text once it is over.
    pub fn mark(&self) -> Mark {
        self.mark
    }

    /// Reads items into a page until it is full or the text is over; true when it is over.
    /// `observe` sees every byte of the text up to the place behind it, once and in order.
    ///
    /// A [`FlawKind`] inside an error of the source, as [`crate::unpack`] makes them, is the flaw
    /// that the rest of the text is.
    ///
    /// # Errors
    /// Of the source. What the page holds is then to be thrown away.
    pub fn fill(
        &mut self,
        page: &mut Filled,
        limits: FillLimits,
        observe: &mut dyn FnMut(&[u8]),
    ) -> io::Result<bool> {
        let start = page.buffer.len();
        let (len, offset) = (page.len(), self.mark.offset);
        let mut fill =
            Fill { page, start, window: start, observed: start, committed: start, level: len };
        let room = self.guess(&fill, limits.items).min(limits.bytes);
        fill.page.buffer.reserve_exact(room.max(self.carry.len()));
        fill.page.buffer.append(&mut self.carry);
        let is_over = self.run(&mut fill, limits, observe)?;
        let Fill { page, start, observed, committed, .. } = fill;
        debug_assert!(observed <= committed, "what is thrown away lies before the mark");
        observe(page.buffer.get(observed..committed).unwrap_or_default());
        self.carry.extend_from_slice(page.buffer.get(committed..).unwrap_or_default());
        let kept = page.found.last().map_or(start, |last| last.range.end.max(start));
        page.buffer.truncate(kept);
        let bytes = usize::try_from(self.mark.offset - offset).unwrap_or(usize::MAX);
        self.seen = (self.seen.0 + page.len() - len, self.seen.1.saturating_add(bytes));
        self.splitter.rewind(self.mark);
        Ok(is_over)
    }

    fn run(
        &mut self,
        fill: &mut Fill<'_>,
        limits: FillLimits,
        observe: &mut dyn FnMut(&[u8]),
    ) -> io::Result<bool> {
        while fill.page.len() < limits.items {
            let window = fill.page.buffer.get(fill.window..).unwrap_or_default();
            match self.splitter.step(window, matches!(self.end, SourceEnd::Clean)) {
                Step::Skip { consumed } => fill.window += consumed,
                Step::Item { range, consumed } => {
                    let mut item = fill.window + range.start..fill.window + range.end;
                    let mut place = fill.window + consumed;
                    if item.end > limits.bytes {
                        if !fill.can_drop() {
                            return Ok(false);
                        }
                        place -= item.start;
                        fill.drop_before(item.start, observe);
                        item = 0..item.end - item.start;
                    }
                    let behind = self.splitter.mark();
                    let offset = behind.offset - wide(consumed) + wide(range.start);
                    fill.page.found.push(Found { range: item, offset, behind });
                    self.commit(fill, place);
                }
                Step::Flaw { flaw, consumed } => {
                    fill.page.flaws.push((flaw, self.splitter.mark()));
                    self.commit(fill, fill.window + consumed);
                }
                Step::End => {
                    self.commit(fill, fill.page.buffer.len());
                    return Ok(true);
                }
                Step::More => {
                    if let SourceEnd::Broken(kind) = &self.end {
                        let (offset, number) = (self.mark.offset, self.mark.number);
                        let mut flaw = Flaw::new(kind.clone(), offset, number, window);
                        let end = self.splitter.mark().offset + wide(window.len());
                        flaw.bytes = end - offset;
                        self.commit(fill, fill.page.buffer.len());
                        self.mark =
                            Mark { offset: end, number: number + 1, over: true, ..self.mark };
                        fill.page.flaws.push((flaw, self.mark));
                        return Ok(true);
                    }
                    if !self.read_more(fill, limits, observe)? {
                        return Ok(false);
                    }
                }
            }
        }
        Ok(false)
    }

    /// How many bytes the items will take that a page still lacks, if they are like those before.
    fn guess(&self, fill: &Fill<'_>, items_max: usize) -> usize {
        let seen = self.seen.0 + fill.page.len() - fill.level;
        let bytes = self.seen.1.saturating_add(fill.committed - fill.start);
        let items = items_max.saturating_sub(fill.page.len());
        bytes.checked_div(seen).map_or(READ_STEP, |each| (each + 1).saturating_mul(items))
    }

    fn commit(&mut self, fill: &mut Fill<'_>, place: usize) {
        (fill.window, fill.committed) = (place, place);
        self.mark = self.splitter.mark();
    }

    /// Reads on; false when the page has no room left.
    fn read_more(
        &mut self,
        fill: &mut Fill<'_>,
        limits: FillLimits,
        observe: &mut dyn FnMut(&[u8]),
    ) -> io::Result<bool> {
        let most = limits.bytes.saturating_add(SLACK);
        if fill.page.buffer.len() >= most {
            if !fill.can_drop() {
                return Ok(false);
            }
            fill.drop_before(fill.window, observe);
        }
        let needed = self.guess(fill, limits.items);
        let missing = needed.saturating_sub(fill.page.buffer.len() - fill.window);
        let left = most.saturating_sub(fill.page.buffer.len());
        let room = left.min(missing.clamp(READ_STEP_MIN, READ_STEP));
        if room == 0 || matches!(self.end, SourceEnd::Clean) {
            return Err(io::Error::other("an item may be larger than a page"));
        }
        if fill.page.buffer.spare_capacity_mut().len() < room {
            // Left to itself the buffer would double, and a page would hold twice what it needs.
            let growth = missing.max(fill.page.buffer.len() / GROWTH_PART).max(room);
            fill.page.buffer.reserve_exact(growth.min(left));
        }
        let read = self.source.by_ref().take(wide(room)).read_to_end(&mut fill.page.buffer);
        match read {
            Ok(bytes) if bytes < room => self.end = SourceEnd::Clean,
            Ok(_) => {}
            Err(error) => match error.downcast::<FlawKind>() {
                Ok(kind) => self.end = SourceEnd::Broken(kind),
                Err(error) => return Err(error),
            },
        }
        Ok(true)
    }
}

/// A page while it is being filled from one text.
struct Fill<'a> {
    page: &'a mut Filled,
    /// Before this lie the items of other texts.
    start: usize,
    /// Where the splitter stands.
    window: usize,
    /// Up to here the bytes were observed.
    observed: usize,
    /// Behind the last item or flaw.
    committed: usize,
    /// Items and flaws of other texts.
    level: usize,
}

impl Fill<'_> {
    /// Whether nothing in the buffer belongs to an item yet.
    fn can_drop(&self) -> bool {
        self.page.found.is_empty()
    }

    /// Makes room: what lies before `place` belongs to no item.
    fn drop_before(&mut self, place: usize, observe: &mut dyn FnMut(&[u8])) {
        observe(self.page.buffer.get(self.observed..place).unwrap_or_default());
        self.page.buffer.drain(..place);
        self.window = self.window.saturating_sub(place);
        (self.start, self.observed, self.committed) = (0, 0, 0);
    }
}
