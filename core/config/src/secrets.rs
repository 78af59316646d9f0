//! The one real reader of secrets: environment variables, and files beside the settings.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use lienthong_adapter_api::{Secret, SecretError, SecretReader, SecretRef, Section};
use lienthong_diagnostics::{Problem, chain};

use crate::Environment;

#[cfg(test)]
mod tests;

/// The most bytes that are read of a secret's file.
const BYTES_MAX: u64 = 64 << 10;

/// Reads secrets for one settings file and remembers the files that others may read too.
pub(crate) struct Secrets<'a> {
    environment: &'a Environment,
    folder: PathBuf,
    open_files: RefCell<Vec<PathBuf>>,
}

impl<'a> Secrets<'a> {
    /// Makes a reader; relative files start from `folder`.
    pub(crate) fn new(environment: &'a Environment, folder: &Path) -> Self {
        let open_files = RefCell::default();
        Self { environment, folder: folder.to_path_buf(), open_files }
    }

    /// Reads a secret that a setting names; a problem at that setting when it can't be read.
    pub(crate) fn named(
        &self,
        section: &Section,
        key: &str,
        reference: &SecretRef,
        problems: &mut Vec<Problem>,
    ) -> Secret {
        let error = match self.read(reference) {
            Ok(secret) => return secret,
            Err(error) => error,
        };
        let hint = match &error {
            SecretError::NoVariable(name) => format!("set {name} and start again"),
            SecretError::NoFile { path, .. } | SecretError::Empty(path) => {
                format!("write the secret into the first line of {}", path.display())
            }
        };
        problems.push(section.problem_at(
            section.span_of(key),
            "LT-1070",
            chain(&error),
            "no secret there",
            Some(hint),
        ));
        Secret::new(String::new())
    }

    /// Warns of files read so far that others than their owner may read.
    pub(crate) fn warnings(&self, section: &Section) -> Vec<Problem> {
        let files: BTreeSet<PathBuf> = self.open_files.borrow().iter().cloned().collect();
        let warning = |file: PathBuf| {
            let path = file.display().to_string();
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let at = section.text().find(&*name).map_or(0..0, |start| start..start + name.len());
            section.problem_at(
                at,
                "LT-1022",
                format!("others on this machine may read the secret file `{path}`"),
                "open to others",
                Some(format!("chmod 600 {path}")),
            )
        };
        files.into_iter().map(warning).collect()
    }

    fn read_file(&self, file: &Path) -> Result<Secret, SecretError> {
        use std::io::Read as _;
        let path = self.folder.join(file);
        let failed = |source| SecretError::NoFile { path: path.clone(), source };
        let opened = std::fs::File::open(&path).map_err(failed)?;
        if is_open_to_others(&opened.metadata().map_err(failed)?) {
            self.open_files.borrow_mut().push(path.clone());
        }
        let mut text = String::new();
        opened.take(BYTES_MAX).read_to_string(&mut text).map_err(failed)?;
        let line = text.lines().next().unwrap_or_default().trim_end();
        if line.is_empty() {
            return Err(SecretError::Empty(path));
        }
        Ok(Secret::new(line.to_owned()))
    }
}

impl SecretReader for Secrets<'_> {
    fn read(&self, reference: &SecretRef) -> Result<Secret, SecretError> {
        match reference {
            SecretRef::Env { env } => match self.environment.get(env) {
                Some(value) => Ok(Secret::new(value.to_owned())),
                None => Err(SecretError::NoVariable(env.clone())),
            },
            SecretRef::File { file } => self.read_file(file),
        }
    }
}

#[cfg(unix)]
fn is_open_to_others(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_: &std::fs::Metadata) -> bool {
    false
}
