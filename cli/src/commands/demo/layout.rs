//! The demo's data folder: settings files, secrets and workbooks, as a person would lay them out.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use lienthong_config::Library;
use lienthong_sample_sources::credentials;

use crate::exit::Failure;

/// The province and its systems.
const PROVINCE: &str = include_str!("province.toml");
/// The ministry and its workbooks.
const MINISTRY: &str = include_str!("ministry.toml");
/// The hub.
const HUB: &str = include_str!("hub.toml");

/// Where the demo keeps what.
pub(super) struct Layout {
    root: PathBuf,
}

impl Layout {
    /// Takes a folder, which need not be there yet.
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_path_buf() }
    }

    /// The province's settings file.
    pub(super) fn province(&self) -> PathBuf {
        self.root.join("h48.toml")
    }

    /// The ministry's settings file.
    pub(super) fn ministry(&self) -> PathBuf {
        self.root.join("g05.toml")
    }

    /// The hub's settings file.
    pub(super) fn hub(&self) -> PathBuf {
        self.root.join("hub.toml")
    }

    /// Writes everything that is not there yet, and the settings anew: the ports of this machine
    /// differ from run to run.
    pub(super) fn write(
        &self,
        library: &Library,
        hub: SocketAddr,
        base_url: impl Fn(&str) -> String,
    ) -> Result<(), Failure> {
        let failed = |error| Failure::of("the demo's files can't be written", error);
        self.secrets().map_err(failed)?;
        self.workbooks(library).map_err(failed)?;
        let hub_url = format!("http://{hub}");
        let province = PROVINCE
            .replace("{hub_url}", &hub_url)
            .replace("{igate_url}", &base_url("igate"))
            .replace("{gplx_url}", &base_url("gplx"))
            .replace("{lgsp_url}", &base_url("lgsp-one-stop"))
            .replace("{igate_client_id}", credentials::IGATE_CLIENT_ID)
            .replace("{igate_agency}", credentials::IGATE_AGENCY)
            .replace("{gplx_unit}", credentials::GPLX_UNIT)
            .replace("{lgsp_username}", credentials::LGSP_USERNAME)
            .replace("{lgsp_unit}", credentials::LGSP_UNIT);
        let ministry = MINISTRY.replace("{hub_url}", &hub_url);
        fs::write(self.province(), province).map_err(failed)?;
        fs::write(self.ministry(), ministry).map_err(failed)?;
        fs::write(self.hub(), HUB.replace("{listen}", &hub.to_string())).map_err(failed)
    }

    /// The token of the hub's operator, who may count what has arrived.
    pub(super) fn operator_token(&self) -> Result<String, Failure> {
        let path = self.root.join("secrets/operator");
        let text = fs::read_to_string(path)
            .map_err(|error| Failure::of("the operator's token can't be read", error))?;
        Ok(text.trim().to_owned())
    }

    fn secrets(&self) -> io::Result<()> {
        let folder = self.root.join("secrets");
        fs::create_dir_all(&folder)?;
        let secrets = [
            ("h48", "demo-token-of-h48"),
            ("g05", "demo-token-of-g05"),
            ("operator", "demo-token-of-the-operator"),
            ("igate", credentials::IGATE_CLIENT_SECRET),
            ("gplx", credentials::GPLX_KEY),
            ("lgsp", credentials::LGSP_PASSWORD),
        ];
        secrets.iter().try_for_each(|(name, value)| write_private(&folder.join(name), value))
    }

    /// Puts the sample workbooks where the ministry's connector looks for them. One that is there
    /// is left alone, so that a second run meets the same files.
    fn workbooks(&self, library: &Library) -> io::Result<()> {
        let folder = self.root.join("inbox");
        fs::create_dir_all(&folder)?;
        for path in library.paths_under("adapters/systems/gso-monthly/samples/") {
            let name = path.rsplit('/').next().unwrap_or_default();
            let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
            let is_workbook = matches!(ending, Some("xls" | "xlsx"));
            let target = folder.join(name);
            if is_workbook && !target.exists() {
                fs::write(target, library.bytes(&path).unwrap_or_default())?;
            }
        }
        Ok(())
    }
}

#[cfg(unix)]
fn write_private(path: &Path, value: &str) -> io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(format!("{value}\n").as_bytes())
}

#[cfg(not(unix))]
fn write_private(path: &Path, value: &str) -> io::Result<()> {
    fs::write(path, format!("{value}\n"))
}
