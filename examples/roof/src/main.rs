//! The 20-field job written by hand for one format and one target: what benchmarks compare with.
//!
//! One thread, typed structs, the field's usual libraries. It reads a file of dossiers, maps them,
//! and posts batches of 500 as JSON lines; with `--log` each batch is first appended to a file and
//! `fdatasync`ed. It knows nothing of faults, retries or refusals.

mod post;
mod record;

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::PathBuf;

use clap::{Parser, ValueEnum};

use crate::post::Connection;
use crate::record::Native;

/// Records a request.
const BATCH: usize = 500;

/// The 20-field job by hand.
#[derive(Parser)]
struct Arguments {
    /// The file's format.
    #[arg(long, value_enum)]
    format: Format,
    /// The file of dossiers.
    #[arg(long)]
    input: PathBuf,
    /// Where to post, `http://127.0.0.1:PORT/PATH`.
    #[arg(long)]
    url: String,
    /// A log that each batch is appended to and synced in before it is sent.
    #[arg(long)]
    log: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Json,
    Xml,
}

/// Collects records and sends them when there are enough.
struct Sender {
    connection: Connection,
    log: Option<File>,
    body: Vec<u8>,
    count: usize,
}

impl Sender {
    fn take(&mut self, native: &Native<'_>) -> io::Result<()> {
        serde_json::to_writer(&mut self.body, &native.to_national()?)?;
        self.body.push(b'\n');
        self.count += 1;
        if self.count == BATCH { self.send() } else { Ok(()) }
    }

    fn send(&mut self) -> io::Result<()> {
        if self.count == 0 {
            return Ok(());
        }
        if let Some(log) = &mut self.log {
            log.write_all(&self.body)?;
            log.sync_data()?;
        }
        self.connection.post(&self.body)?;
        self.body.clear();
        self.count = 0;
        Ok(())
    }
}

fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    let open_log = |path| OpenOptions::new().create(true).append(true).open(path);
    let mut sender = Sender {
        connection: Connection::open(&arguments.url)?,
        log: arguments.log.as_ref().map(open_log).transpose()?,
        body: Vec::with_capacity(1 << 20),
        count: 0,
    };
    let reader = BufReader::with_capacity(1 << 18, File::open(&arguments.input)?);
    match arguments.format {
        Format::Json => read_json(reader, &mut sender)?,
        Format::Xml => read_xml(reader, &mut sender)?,
    }
    sender.send()
}

fn read_json(mut reader: BufReader<File>, sender: &mut Sender) -> io::Result<()> {
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 {
        sender.take(&serde_json::from_str(&line)?)?;
        line.clear();
    }
    Ok(())
}

fn read_xml(mut reader: BufReader<File>, sender: &mut Sender) -> io::Result<()> {
    const END: &[u8] = b"</HoSo>";
    let mut text = Vec::new();
    let mut prolog = String::new();
    // The prolog and the root's start tag stand on two lines of their own.
    reader.read_line(&mut prolog)?;
    reader.read_line(&mut prolog)?;
    loop {
        text.clear();
        loop {
            if reader.by_ref().take(1 << 20).read_until(b'>', &mut text)? == 0 {
                return Ok(());
            }
            if text.ends_with(END) {
                break;
            }
        }
        let record = std::str::from_utf8(&text).map_err(io::Error::other)?;
        let native = quick_xml::de::from_str(record.trim_start()).map_err(io::Error::other)?;
        sender.take(&native)?;
    }
}
