//! The settings that the programs of a job are started with.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The agency that all jobs run as.
const AGENCY: &str = "H22";
/// Invented, and worth nothing outside the job's own folder.
const TOKEN: &str = "job-token-of-h22";
/// The same, for who reads at the hub.
const READER_TOKEN: &str = "job-token-of-a-reader";

/// The format of the job's source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON lines.
    Json,
    /// One XML document.
    Xml,
}

/// Where the job's records go.
#[derive(Clone, Debug)]
pub enum Endpoint {
    /// An HTTP endpoint that takes JSON lines.
    Http(String),
    /// A hub.
    Hub(String),
    /// A hub's offer of the portal's contract.
    Portal(String),
}

/// One job in a folder of its own.
#[derive(Clone, Debug)]
pub struct Job {
    root: PathBuf,
    folder: PathBuf,
    /// The folder with the dossiers that the connector reads.
    pub input: PathBuf,
    /// More settings of the endpoint, as lines of TOML.
    pub delivery: String,
}

impl Job {
    /// Lays out a job. `root` is the project's root, `folder` an empty folder.
    ///
    /// # Errors
    /// When a file can't be written.
    pub fn new(root: &Path, folder: &Path) -> io::Result<Self> {
        let input = folder.join("input");
        fs::create_dir_all(&input)?;
        secret(&folder.join("token"), TOKEN)?;
        secret(&folder.join("reader-token"), READER_TOKEN)?;
        // The portal's job speaks the national standard, so that its library is put together of it.
        let library = folder.join("portal-library");
        copy(&root.join("mappings/standard/v1"), &library.join("mappings/standard/v1"))?;
        copy(&root.join("examples/portal"), &library)?;
        Ok(Self {
            root: root.to_path_buf(),
            folder: folder.to_path_buf(),
            input,
            delivery: String::new(),
        })
    }

    /// The token that reads at the hub.
    pub fn token(&self) -> &'static str {
        READER_TOKEN
    }

    /// The command that starts the connector for one run.
    ///
    /// # Errors
    /// When its settings can't be written.
    pub fn connector(
        &self,
        program: &Path,
        format: Format,
        endpoint: &Endpoint,
        items_max: usize,
    ) -> io::Result<Command> {
        let settings = self.folder.join("connector.toml");
        fs::write(&settings, self.connector_settings(format, endpoint, items_max))?;
        let mut command = Command::new(program);
        command.args(["run", "--once", "--settings"]).arg(&settings).current_dir(&self.folder);
        Ok(command)
    }

    /// A command of `lienthong` about the connector: `status`, `quarantine list`.
    pub fn about(&self, program: &Path, words: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(words).arg("--settings").arg(self.folder.join("connector.toml"));
        command.current_dir(&self.folder);
        command
    }

    /// The command that starts the hub.
    ///
    /// # Errors
    /// When its settings can't be written.
    pub fn hub(&self, program: &Path, listen: &str, library: &Endpoint) -> io::Result<Command> {
        let library = self.library(library);
        let standard = self.standard(&library);
        let text = format!(
            "listen = \"{listen}\"\ndata_folder = \"hub-data\"\n\
             library_folder = \"{}\"\nstandard = \"{standard}\"\n\
             readers = [{{ file = \"reader-token\" }}]\n\n\
             [log]\nfilter = \"error\"\n\n\
             [limits]\nrequests_per_sec = 100000\nrequests_burst = 1000000\n\n\
             [agencies.{AGENCY}]\nname = \"Tỉnh thử\"\ntoken = {{ file = \"token\" }}\n\
             portal = {{ username = \"{AGENCY}\", password = {{ file = \"token\" }} }}\n",
            library.display()
        );
        let settings = self.folder.join("hub.toml");
        fs::write(&settings, text)?;
        let mut command = Command::new(program);
        command.args(["hub", "--settings"]).arg(&settings).current_dir(&self.folder);
        Ok(command)
    }

    /// Removes what the connector and the hub have stored.
    ///
    /// # Errors
    /// When it can't be removed.
    pub fn forget(&self) -> io::Result<()> {
        for name in ["connector-data", "hub-data"] {
            match fs::remove_dir_all(self.folder.join(name)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    fn library(&self, endpoint: &Endpoint) -> PathBuf {
        match endpoint {
            Endpoint::Portal(_) => self.folder.join("portal-library"),
            Endpoint::Http(_) | Endpoint::Hub(_) => self.root.join("examples/peers"),
        }
    }

    fn standard(&self, library: &Path) -> &'static str {
        if library.starts_with(&self.folder) { "v1" } else { "peers" }
    }

    fn connector_settings(&self, format: Format, endpoint: &Endpoint, items_max: usize) -> String {
        let library = self.library(endpoint);
        let standard = self.standard(&library);
        let (system, pattern) = match (endpoint, format) {
            (Endpoint::Portal(_), _) => ("portal", "*.jsonl"),
            (_, Format::Json) => ("peers-json", "*.jsonl"),
            (_, Format::Xml) => ("peers-xml", "*.xml"),
        };
        let endpoint = match endpoint {
            Endpoint::Http(url) => format!("type = \"http\"\nurl = \"{url}\""),
            Endpoint::Hub(url) => {
                format!("type = \"hub\"\nurl = \"{url}\"\ntoken = {{ file = \"token\" }}")
            }
            Endpoint::Portal(url) => format!(
                "type = \"dvcqg\"\nurl = \"{url}\"\nlogin_path = \"/dvcqg/login\"\n\
                 service_path = \"/dvcqg/service\"\nusername = \"{AGENCY}\"\n\
                 password = {{ file = \"token\" }}\nunit = \"{AGENCY}\"\n\
                 destination = \"VN:GOV:000.00.00.G22:vpcpdvcprovider\"\n\
                 contract = \"dvcqg-2019\""
            ),
        };
        format!(
            "agency = \"{AGENCY}\"\ndata_folder = \"connector-data\"\n\
             library_folder = \"{}\"\nstandard = \"{standard}\"\n\n\
             [log]\nfilter = \"error\"\n\n\
             [[sources]]\nname = \"dossiers\"\nsystem = \"{system}\"\nitems_max = {items_max}\n\
             settings = {{ folder = \"{}\", pattern = \"{pattern}\", settle_secs = 0 }}\n\n\
             [[endpoints]]\nname = \"up\"\n{endpoint}\n{}\n",
            library.display(),
            self.input.display(),
            self.delivery
        )
    }
}

/// Writes a file that only its owner may read, as the settings ask for.
fn secret(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file =
        fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
