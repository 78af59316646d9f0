//! A program as a process: started, watched from outside, stopped or killed.

use std::fs;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{self, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

/// How often a running program is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// How often a starting server is looked for: half a minute in all.
const STARTED_LOOKS_MAX: usize = 6000;
/// Clock ticks a second in `/proc`, the same on every Linux (`USER_HZ`).
const TICKS: f64 = 100.0;

/// A running program. Dropping it kills it.
pub struct Child {
    inner: process::Child,
    /// The first line that it wrote, where it was waited for.
    pub first_line: String,
}

/// What a program cost, as the kernel counted it.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub struct Cost {
    /// User and system time in seconds.
    pub cpu_secs: f64,
    /// The most memory it held at once, in MiB.
    pub rss_mb: f64,
    /// Bytes that it made the disk write, in MiB.
    pub disk_mb: f64,
}

impl Child {
    /// Starts a program whose output is thrown away.
    ///
    /// # Errors
    /// When it can't be started.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        let inner = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
        Ok(Self { inner, first_line: String::new() })
    }

    /// Starts a program and waits for the line that says that it is ready.
    ///
    /// # Errors
    /// When it can't be started, or ends without a line.
    pub fn start_and_wait(command: &mut Command) -> io::Result<Self> {
        let mut inner = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let mut first_line = String::new();
        if let Some(stdout) = inner.stdout.take() {
            let mut reader = BufReader::new(stdout);
            reader.read_line(&mut first_line)?;
            // What else it writes is read away, so that it never waits for a reader.
            thread::spawn(move || io::copy(&mut reader, &mut io::sink()));
        }
        let child = Self { inner, first_line: first_line.trim_end().to_owned() };
        if child.first_line.is_empty() {
            return Err(io::Error::other("the program ended before it was ready"));
        }
        Ok(child)
    }

    /// Starts a server and waits until it accepts connections at an address.
    ///
    /// # Errors
    /// When it can't be started, or does not listen in time.
    pub fn start_and_reach(command: &mut Command, address: &str) -> io::Result<Self> {
        let mut child = Self::start(command)?;
        for _ in 0..STARTED_LOOKS_MAX {
            if TcpStream::connect(address).is_ok() {
                return Ok(child);
            }
            if let Some(status) = child.inner.try_wait()? {
                return Err(io::Error::other(format!("the server ended at once ({status})")));
            }
            thread::sleep(LOOK_EVERY);
        }
        Err(io::Error::other(format!("nobody listens at {address}")))
    }

    /// What it has cost so far; what can't be read counts as nothing.
    pub fn cost(&self) -> Cost {
        let folder = format!("/proc/{}", self.inner.id());
        let read = |name: &str| fs::read_to_string(format!("{folder}/{name}")).unwrap_or_default();
        let stat = read("stat");
        // The name in parentheses may hold anything; the fields behind it are numbers.
        let fields: Vec<&str> =
            stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |index: usize| fields.get(index).and_then(|f| f.parse::<f64>().ok());
        let number = |text: &str, name: &str| {
            let line = text.lines().find(|line| line.starts_with(name))?;
            line.split_whitespace().nth(1)?.parse::<f64>().ok()
        };
        Cost {
            cpu_secs: (ticks(11).unwrap_or(0.0) + ticks(12).unwrap_or(0.0)) / TICKS,
            rss_mb: number(&read("status"), "VmHWM:").unwrap_or(0.0) / 1024.0,
            disk_mb: number(&read("io"), "write_bytes:").unwrap_or(0.0) / 1_048_576.0,
        }
    }

    /// Waits for its end and says what it cost.
    ///
    /// # Errors
    /// When it can't be waited for.
    pub fn wait(&mut self) -> io::Result<(ExitStatus, Cost)> {
        let before = reaped_cpu_secs();
        let mut cost = Cost::default();
        loop {
            let now = self.cost();
            cost.rss_mb = cost.rss_mb.max(now.rss_mb);
            cost.disk_mb = cost.disk_mb.max(now.disk_mb);
            if let Some(status) = self.inner.try_wait()? {
                // The kernel's own sum, exact to the program's very end.
                cost.cpu_secs = reaped_cpu_secs() - before;
                return Ok((status, cost));
            }
            thread::sleep(LOOK_EVERY);
        }
    }

    /// Waits at most so long; none when it still runs then.
    ///
    /// # Errors
    /// When it can't be waited for.
    pub fn wait_for(&mut self, longest: Duration) -> io::Result<Option<ExitStatus>> {
        let mut waited = Duration::ZERO;
        while waited < longest {
            if let Some(status) = self.inner.try_wait()? {
                return Ok(Some(status));
            }
            thread::sleep(Duration::from_millis(1));
            waited += Duration::from_millis(1);
        }
        Ok(None)
    }

    /// Asks it to stop (SIGTERM), as a service manager does.
    ///
    /// # Errors
    /// When it can't be asked.
    pub fn ask_to_stop(&self) -> io::Result<()> {
        // The standard library sends no signal but SIGKILL.
        let id = self.inner.id().to_string();
        let status = Command::new("kill").args(["-TERM", &id]).status()?;
        if status.success() { Ok(()) } else { Err(io::Error::other("nobody was asked to stop")) }
    }

    /// Kills it at once (SIGKILL) and reaps it.
    ///
    /// # Errors
    /// When it can't be reaped.
    pub fn kill(&mut self) -> io::Result<()> {
        self.inner.kill()?;
        self.inner.wait().map(drop)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It may have ended already; either way nothing is left to do about a failure here.
        drop(self.inner.kill());
        drop(self.inner.wait());
    }
}

/// The CPU time of all children that were waited for.
fn reaped_cpu_secs() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> =
        stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |index: usize| fields.get(index).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(13) + ticks(14)) / TICKS
}

/// Asks a server on this machine for a JSON document: `http://127.0.0.1:PORT/PATH`.
///
/// # Errors
/// When it can't be reached, or answers with anything but a success and JSON.
pub fn get_json(url: &str, token: Option<&str>) -> io::Result<serde_json::Value> {
    Ok(serde_json::from_str(&get_text(url, token)?)?)
}

/// Asks a server on this machine for a text.
///
/// # Errors
/// When it can't be reached, or answers with anything but a success.
pub fn get_text(url: &str, token: Option<&str>) -> io::Result<String> {
    let invalid = || io::Error::new(io::ErrorKind::InvalidInput, url.to_owned());
    let rest = url.strip_prefix("http://").ok_or_else(invalid)?;
    let (host, path) = rest.split_once('/').ok_or_else(invalid)?;
    let mut stream = TcpStream::connect(host)?;
    let authorization = token.map(|t| format!("Authorization: Bearer {t}\r\n")).unwrap_or_default();
    write!(
        stream,
        "GET /{path} HTTP/1.0\r\nHost: {host}\r\n{authorization}Connection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(invalid)?;
    if !head.lines().next().is_some_and(|line| line.contains(" 200 ")) {
        let words = head.lines().next().unwrap_or_default();
        return Err(io::Error::other(format!("{url}: {words}: {body}")));
    }
    Ok(body.to_owned())
}
