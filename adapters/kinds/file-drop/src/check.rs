//! What `check` tells: whether the folder can be read, and what a pull would find there.

use std::collections::BTreeMap;
use std::fs::File;

use lienthong_adapter_api::{Checkup, PullError};
use lienthong_adapter_kit::split::{FillLimits, FlawKind, Mark};

use crate::digest::{Content, Digest};
use crate::draft::Draft;
use crate::folder::{Found, Listed};
use crate::opened::Opened;
use crate::position::{DigestSoFar, InFile};
use crate::pull::FileDrop;
use crate::settings::Feed;

/// The most bytes that are digested to find copies.
const DIGESTED_MAX: u64 = 64 << 20;

/// Looks at the folder as every feed sees it, and reads one item for each.
///
/// # Errors
/// When the folder can't be read.
pub(crate) fn check(drop: &FileDrop) -> Result<Checkup, PullError> {
    let mut findings = Vec::new();
    let mut feeds: Vec<_> = drop.feeds.iter().collect();
    feeds.sort_by_key(|(name, _)| name.as_str());
    for (name, feed) in feeds {
        let files: Vec<Listed> = drop.folder.list(feed)?.into_iter().collect();
        let folder = drop.folder.shown();
        findings.push(format!("feed `{name}`: {} files in {folder}", files.len()));
        for file in &files {
            if let Found::Refused(_, refusal) = file.file {
                findings.push(format!("`{}` is not read: {}", file.name, refusal.reason()));
            }
        }
        findings.extend(copies(drop, &files));
        if let Some(first) = files.iter().find(|file| matches!(file.file, Found::File(_))) {
            findings.push(first_item(drop, feed, first));
        }
    }
    Ok(Checkup { findings })
}

/// Files with the content of another: they are read once.
fn copies(drop: &FileDrop, files: &[Listed]) -> Vec<String> {
    let mut sizes: BTreeMap<u64, Vec<&Listed>> = BTreeMap::new();
    for file in files {
        if let Found::File(state) = file.file {
            sizes.entry(state.bytes).or_default().push(file);
        }
    }
    let (mut findings, mut digested) = (Vec::new(), 0);
    for (bytes, alike) in sizes {
        digested += bytes.saturating_mul(alike.len() as u64);
        if alike.len() < 2 || digested > DIGESTED_MAX {
            continue;
        }
        let mut seen: BTreeMap<Content, &str> = BTreeMap::new();
        for file in alike {
            let opened = File::open(drop.folder.file(&file.name));
            let Ok(content) = opened.and_then(Digest::of) else { continue };
            if let Some(first) = seen.get(&content) {
                let name = &file.name;
                findings.push(format!("`{name}` holds what `{first}` holds, and is read once"));
            } else {
                seen.insert(content, &file.name);
            }
        }
    }
    findings
}

/// Whether the first item of a file can be read.
fn first_item(drop: &FileDrop, feed: &Feed, file: &Listed) -> String {
    let at = InFile {
        name: file.name.clone(),
        state: file.state(),
        entry: None,
        mark: Mark::default(),
        digest: DigestSoFar::Known(Content::new()),
    };
    let item_bytes_max = drop.settings.item_bytes_max;
    let mut draft = Draft::new(FillLimits { items: 1, bytes: item_bytes_max });
    let path = drop.folder.file(&file.name);
    let filled = Opened::open(path, feed, &drop.settings, item_bytes_max, at)
        .and_then(|mut opened| opened.fill(&mut draft));
    let name = &file.name;
    match filled {
        Ok(_) => {
            let (page, _) = draft.finish(None, false);
            let read = page.notes().first().map(|note| format!(": {note}")).unwrap_or_default();
            match page.faults().first() {
                Some(fault) => format!("`{name}` begins with a fault: {}", fault.reason),
                None if page.is_empty() => format!("`{name}` holds no item"),
                None => format!("the first item of `{name}` can be read{read}"),
            }
        }
        Err(error) => match error.downcast::<FlawKind>() {
            Ok(kind) => format!("`{name}` can't be read: {kind}"),
            Err(error) => format!("`{name}` can't be read: {}", error.kind()),
        },
    }
}
