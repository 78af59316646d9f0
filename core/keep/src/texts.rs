//! The files of mappings and standards that frames name, one file of texts for each digest.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lienthong_mapping::Mapping;
use lienthong_standard::{Files, Standard};
use serde::{Deserialize, Serialize};

use crate::segments::{frames, paths};
use crate::{Error, Made, files};

/// The folder of the texts; no source can have this name.
const FOLDER: &str = "_texts";

/// The texts that kept items were mapped with.
#[derive(Clone, Debug)]
pub struct Texts {
    folder: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    files: BTreeMap<String, String>,
}

impl Texts {
    /// The texts of a keep.
    pub fn of(keep: &Path) -> Self {
        Self { folder: keep.join(FOLDER) }
    }

    /// Keeps files under the digest that is taken over them, unless they are there.
    ///
    /// # Errors
    /// When they can't be written.
    pub fn put<'a>(
        &self,
        digest: &str,
        texts: impl Iterator<Item = (&'a str, &'a Arc<str>)>,
    ) -> Result<(), Error> {
        let path = self.path(digest);
        if path.exists() {
            return Ok(());
        }
        files::create_folder(&self.folder).map_err(Error::at(&self.folder))?;
        let files = texts.map(|(name, text)| (name.to_owned(), text.to_string())).collect();
        let text = serde_json::to_vec(&Stored { files }).map_err(io::Error::other);
        let text = text.map_err(Error::at(&path))?;
        let part = path.with_extension("part");
        fs::write(&part, text).map_err(Error::at(&part))?;
        fs::rename(&part, &path).map_err(Error::at(&path))
    }

    /// Compiles the mapping that items were made with. `present` is the standard of today, which
    /// most often is the one of then.
    ///
    /// # Errors
    /// [`Error::NoTexts`] when its files or those of its standard are not kept, or when this program
    /// does not take them any more.
    pub fn mapping(&self, made: &Made, present: &Arc<Standard>) -> Result<Mapping, Error> {
        let standard = if present.digest() == made.standard_digest {
            Arc::clone(present)
        } else {
            let files = self.get(&made.standard_digest)?;
            let compiled = Standard::compile(&made.standard, &files);
            Arc::new(compiled.map_err(|problems| outdated(&made.standard_digest, &problems))?)
        };
        let files = self.get(&made.mapping_digest)?;
        let compiled = Mapping::compile(&made.mapping, &files, &standard);
        let mapping =
            compiled.map_err(|problems| outdated(&made.mapping_digest, &problems))?.mapping;
        let is_same =
            mapping.digest() == made.mapping_digest && standard.digest() == made.standard_digest;
        if is_same {
            return Ok(mapping);
        }
        let why = "they have another digest".to_owned();
        Err(Error::NoTexts { digest: made.mapping_digest.clone(), why })
    }

    fn get(&self, digest: &str) -> Result<Files, Error> {
        let missing = |why: String| Error::NoTexts { digest: digest.to_owned(), why };
        let text = fs::read(self.path(digest)).map_err(|error| missing(error.to_string()))?;
        let stored: Stored =
            serde_json::from_slice(&text).map_err(|error| missing(error.to_string()))?;
        let files = stored.files.into_iter().map(|(name, text)| (name, Arc::from(text)));
        Ok(Files::new(files).shown_below("kept:"))
    }

    fn path(&self, digest: &str) -> PathBuf {
        self.folder.join(format!("{}.json", files::folder_name(digest)))
    }
}

/// Removes the texts that no frame of any feed names any more; `used` stay in any case.
///
/// # Errors
/// When a folder can't be read or a text can't be removed.
pub fn prune(keep: &Path, used: &BTreeSet<String>) -> Result<(), Error> {
    let mut used: BTreeSet<String> = used.iter().map(|one| files::folder_name(one)).collect();
    for source in folders(keep)? {
        for feed in folders(&source)? {
            for path in paths(&feed).map_err(Error::at(&feed))? {
                for found in frames(&path) {
                    let Made { mapping_digest, standard_digest, .. } = &found.head.made;
                    used.insert(files::folder_name(mapping_digest));
                    used.insert(files::folder_name(standard_digest));
                }
            }
        }
    }
    let folder = keep.join(FOLDER);
    let Ok(entries) = fs::read_dir(&folder) else { return Ok(()) };
    for entry in entries {
        let path = entry.map_err(Error::at(&folder))?.path();
        let name = path.file_stem().map(|name| name.to_string_lossy().into_owned());
        if name.is_none_or(|name| !used.contains(&name)) {
            fs::remove_file(&path).map_err(Error::at(&path))?;
        }
    }
    Ok(())
}

fn folders(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::at(folder)(error)),
    };
    let paths = entries.flatten().map(|entry| entry.path());
    Ok(paths.filter(|path| path.is_dir() && !path.ends_with(FOLDER)).collect())
}

fn outdated(digest: &str, problems: &[lienthong_diagnostics::Problem]) -> Error {
    let why = problems.first().map_or_else(String::new, |problem| problem.message.clone());
    Error::NoTexts { digest: digest.to_owned(), why }
}
