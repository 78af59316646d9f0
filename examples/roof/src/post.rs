//! One HTTP connection, kept open, written by hand.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

/// One HTTP connection, kept open.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    head: String,
}

impl Connection {
    /// Connects to `http://HOST:PORT/PATH`.
    pub(crate) fn open(url: &str) -> io::Result<Self> {
        let invalid = || io::Error::new(io::ErrorKind::InvalidInput, "http://HOST:PORT/PATH");
        let rest = url.strip_prefix("http://").ok_or_else(invalid)?;
        let (host, path) = rest.split_once('/').ok_or_else(invalid)?;
        let stream = TcpStream::connect(host)?;
        stream.set_nodelay(true)?;
        let head =
            format!("POST /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/jsonl\r\n");
        Ok(Self { stream: BufReader::new(stream), head })
    }

    /// Posts a body and waits for a success.
    pub(crate) fn post(&mut self, body: &[u8]) -> io::Result<()> {
        let head = format!("{}Content-Length: {}\r\n\r\n", self.head, body.len());
        let stream = self.stream.get_mut();
        stream.write_all(head.as_bytes())?;
        stream.write_all(body)?;
        let mut status = String::new();
        self.stream.read_line(&mut status)?;
        if !status.starts_with("HTTP/1.1 2") {
            return Err(io::Error::other(format!("the endpoint answered {status}")));
        }
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().map_err(io::Error::other)?;
            }
        }
        io::copy(&mut self.stream.by_ref().take(length), &mut io::sink())?;
        Ok(())
    }
}
