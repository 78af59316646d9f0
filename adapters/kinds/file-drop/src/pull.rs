//! One pull: from the cursor's place to a full page or the end of the folder.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::fs::File;
use std::io;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use lienthong_adapter_api::{Cursor, Fault, Page, PullError, PullFailure};
use lienthong_adapter_kit::split::{FillLimits, FlawKind, Mark};

use crate::digest::Digest;
use crate::draft::Draft;
use crate::faults;
use crate::folder::{Folder, Found, Listed};
use crate::looks::Looks;
use crate::opened::{Opened, Rest, is_straight, packing_of};
use crate::position::{DigestSoFar, Done, FileState, InFile, Position};
use crate::settings::{Feed, Settings};
use crate::spare::Spare;

/// How much is digested before a page is handed on, so that a pull ends in good time.
const DIGESTED_MAX: u64 = 1 << 30;

/// A folder with its feeds.
pub(crate) struct FileDrop {
    pub(crate) settings: Settings,
    pub(crate) folder: Folder,
    pub(crate) feeds: HashMap<String, Feed>,
    /// What was seen of the files that each feed waits for.
    pub(crate) looks: Mutex<HashMap<String, Looks>>,
    /// The file that each feed stopped in, so that reading on costs nothing. Only a saving: what
    /// is not here is opened again at its place.
    pub(crate) open: Mutex<HashMap<String, Opened>>,
    /// The buffers of the feeds that are being read.
    pub(crate) spare: Mutex<HashMap<String, Spare>>,
}

/// A request, owned.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) feed: String,
    pub(crate) after: Option<Cursor>,
    pub(crate) items_max: usize,
    pub(crate) bytes_max: usize,
    pub(crate) now: Timestamp,
}

/// A pull under way.
struct Pass<'a> {
    drop: &'a FileDrop,
    feed: &'a Feed,
    ask: &'a Ask,
    position: Position,
    draft: Draft,
    digested: u64,
}

impl FileDrop {
    /// Reads a page.
    ///
    /// # Errors
    /// When the feed or cursor is not ours, or the folder or disk can't be read.
    pub(crate) fn pull(&self, ask: &Ask) -> Result<Page, PullError> {
        let Some(feed) = self.feeds.get(&ask.feed) else {
            let failure = PullFailure::NoSuchFeed(ask.feed.clone());
            return Err(PullError::new(failure, self.folder.shown()));
        };
        let position = Position::of(ask.after.as_ref(), &ask.feed)?;
        let limits = FillLimits { items: ask.items_max.max(1), bytes: ask.bytes_max };
        let mut spare = self.spare(|all| all.remove(&ask.feed)).unwrap_or_default();
        let mut draft = Draft::new(limits);
        draft.filled.buffer = spare.take();
        let mut pass = Pass { drop: self, feed, ask, position, draft, digested: 0 };
        let more = pass.run()?;
        let Pass { position, draft, .. } = pass;
        let next = position.write(&ask.feed)?;
        let next = (ask.after.as_ref() != Some(&next)).then_some(next);
        let (page, buffer) = draft.finish(next, more);
        if more {
            spare.remember(buffer);
            self.spare(|all| all.insert(ask.feed.clone(), spare));
        }
        Ok(page)
    }

    fn spare<T>(&self, look: impl FnOnce(&mut HashMap<String, Spare>) -> T) -> T {
        look(&mut self.spare.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn take_open(&self, feed: &str) -> Option<Opened> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(feed)
    }

    fn keep_open(&self, feed: &str, opened: Opened) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.insert(feed.to_owned(), opened);
    }
}

impl Pass<'_> {
    /// Runs until the page is full (true) or there is nothing more (false).
    fn run(&mut self) -> Result<bool, PullError> {
        let mut waiting: Option<VecDeque<Listed>> = None;
        loop {
            if let Some(at) = self.position.reading.take() {
                if self.read_on(&at)? == Rest::More {
                    return Ok(true);
                }
                continue;
            }
            let files = match &mut waiting {
                Some(files) => files,
                None => waiting.insert(self.list()?),
            };
            let Some(next) = files.pop_front() else { return Ok(false) };
            if self.draft.is_worth_handing_on() || self.digested > DIGESTED_MAX {
                return Ok(true);
            }
            self.begin(next)?;
        }
    }

    /// Lists the files that are to be read, and forgets those that are gone.
    fn list(&mut self) -> Result<VecDeque<Listed>, PullError> {
        let listed = self.drop.folder.list(self.feed)?;
        let fingerprints: HashMap<String, &Listed> =
            listed.iter().map(|file| (file.fingerprint(), file)).collect();
        let done: HashSet<&str> =
            self.position.done.iter().map(|done| done.fingerprint.as_str()).collect();
        let mut fresh: BTreeSet<&Listed> = BTreeSet::new();
        for (fingerprint, file) in &fingerprints {
            if !done.contains(fingerprint.as_str()) {
                fresh.insert(file);
            }
        }
        let sizes: HashSet<u64> = fresh.iter().map(|file| file.state().bytes).collect();
        // A file that vanished may have been renamed, which shows once the new name is read.
        self.position.done.retain(|done| {
            let may_be_renamed =
                done.content.as_ref().is_some_and(|(bytes, _)| sizes.contains(bytes));
            may_be_renamed || fingerprints.contains_key(&done.fingerprint)
        });
        let mut looks = self.drop.looks.lock().unwrap_or_else(PoisonError::into_inner);
        let looks = looks.entry(self.ask.feed.clone()).or_default();
        let settle_secs = self.drop.settings.settle_secs;
        let names: HashSet<&str> = fresh.iter().map(|file| file.name.as_str()).collect();
        looks.keep(|name| names.contains(name));
        let is_settled =
            |file: &&&Listed| looks.is_settled(&file.name, file.state(), self.ask.now, settle_secs);
        Ok(fresh.iter().filter(is_settled).map(|file| (*file).clone()).collect())
    }

    /// Starts with a file, or finds out that it is not to be read.
    fn begin(&mut self, listed: Listed) -> Result<(), PullError> {
        let fingerprint = listed.fingerprint();
        let state = listed.state();
        if let Found::Refused(_, refusal) = listed.file {
            self.refuse(&listed.name, fingerprint, faults::REFUSED, refusal.reason().to_owned());
            return Ok(());
        }
        let most = self.drop.settings.file_bytes_max;
        if state.bytes > most {
            let reason = format!("it has {} bytes, more than the {most} allowed", state.bytes);
            self.refuse(&listed.name, fingerprint, faults::TOO_LARGE, reason);
            return Ok(());
        }
        let digest = match self.digest_first(&listed.name, state) {
            Ok(digest) => digest,
            Err(error) => return self.not_opened(&listed.name, state, error),
        };
        if let DigestSoFar::Known(content) = &digest {
            let content = Some((state.bytes, content.clone()));
            if self.position.done.iter().any(|done| done.content == content) {
                self.position.done.push(Done { fingerprint, content });
                return Ok(());
            }
        }
        let (entry, mark) = (None, Mark::default());
        self.position.reading = Some(InFile { name: listed.name, state, entry, mark, digest });
        Ok(())
    }

    /// Digests a file that may be a copy of one that is done, or that is not read in one go as it
    /// lies on the disk.
    fn digest_first(&mut self, name: &str, state: FileState) -> io::Result<DigestSoFar> {
        let path = self.drop.folder.file(name);
        let is_straight = is_straight(self.feed, packing_of(&path)?);
        let is_alike =
            |done: &Done| matches!(done.content, Some((bytes, _)) if bytes == state.bytes);
        if is_straight && !self.position.done.iter().any(is_alike) {
            return Ok(DigestSoFar::Running(Digest::new().state()));
        }
        self.digested += state.bytes;
        Ok(DigestSoFar::Known(Digest::of(File::open(&path)?)?))
    }

    /// Goes on in a file.
    fn read_on(&mut self, at: &InFile) -> Result<Rest, PullError> {
        if let Some(fault) = self.change_of(at)? {
            self.draft.fault(fault);
            return Ok(Rest::Nothing);
        }
        let mut opened = match self.open(at) {
            Ok(opened) => opened,
            Err(error) => {
                self.not_opened(&at.name, at.state, error)?;
                return Ok(Rest::Nothing);
            }
        };
        let level = self.draft.level();
        let rest =
            opened.fill(&mut self.draft).map_err(|error| self.drop.folder.unreadable(error))?;
        let is_cut = rest == Rest::Nothing
            && matches!(opened.at.digest, DigestSoFar::Running(_))
            && opened.at.mark.offset != at.state.bytes;
        let change = self.change_of(at)?.or_else(|| is_cut.then(|| faults::changed(at)));
        if let Some(fault) = change {
            self.draft.fall_back(level);
            self.draft.fault(fault);
            return Ok(Rest::Nothing);
        }
        if rest == Rest::More {
            self.position.reading = Some(opened.at.clone());
            self.drop.keep_open(&self.ask.feed, opened);
            return Ok(Rest::More);
        }
        let content = Some((at.state.bytes, opened.content()));
        let fingerprint = at.state.fingerprint(&at.name);
        self.position.done.push(Done { fingerprint, content });
        Ok(Rest::Nothing)
    }

    /// Takes up the file that the last pull stopped in, or opens it at its place.
    fn open(&self, at: &InFile) -> io::Result<Opened> {
        let item_bytes_max = self.drop.settings.item_bytes_max.min(self.ask.bytes_max);
        let kept = self.drop.take_open(&self.ask.feed);
        if let Some(kept) = kept
            && kept.at == *at
            && kept.item_bytes_max == item_bytes_max
        {
            return Ok(kept);
        }
        let path = self.drop.folder.file(&at.name);
        Opened::open(path, self.feed, &self.drop.settings, item_bytes_max, at.clone())
    }

    /// What happened to a file since its reading began, if anything did.
    fn change_of(&self, at: &InFile) -> Result<Option<Fault>, PullError> {
        Ok(match self.drop.folder.look(&at.name)? {
            Some(Found::File(state)) if state == at.state => None,
            Some(_) => Some(faults::changed(at)),
            None => Some(faults::gone(at)),
        })
    }

    /// Deals with a file that can't be opened or that can't be read as a whole.
    fn not_opened(
        &mut self,
        name: &str,
        state: FileState,
        error: io::Error,
    ) -> Result<(), PullError> {
        let fingerprint = state.fingerprint(name);
        match error.kind() {
            // It was taken away between two looks, before anything was read from it.
            io::ErrorKind::NotFound => return Ok(()),
            io::ErrorKind::PermissionDenied => {
                let reason = "it may not be opened".to_owned();
                self.refuse(name, fingerprint, faults::REFUSED, reason);
                return Ok(());
            }
            _ => {}
        }
        let kind =
            error.downcast::<FlawKind>().map_err(|error| self.drop.folder.unreadable(error))?;
        self.draft.fault(faults::whole(name, &kind));
        self.position.done.push(Done { fingerprint, content: None });
        Ok(())
    }

    /// Leaves a file unread, for as long as it stays as it is.
    fn refuse(&mut self, name: &str, fingerprint: String, code: &'static str, reason: String) {
        self.draft.fault(faults::refused(name, code, reason));
        self.position.done.push(Done { fingerprint, content: None });
    }
}
