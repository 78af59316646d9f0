//! Gzip streams, several members in a row too.

use std::io::{self, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

use super::{flawed, of_decompressor};
use crate::split::FlawKind;

/// Reads what a gzip stream holds, up to a bound.
#[derive(Debug)]
pub struct Gunzip<R> {
    decoder: MultiGzDecoder<BufReader<R>>,
    left: u64,
    max: u64,
}

impl<R: Read> Gunzip<R> {
    /// Starts at the beginning of the stream; `max` bounds what it may decompress to.
    pub fn new(source: R, max: u64) -> Self {
        let source = BufReader::with_capacity(64 << 10, source);
        Self { decoder: MultiGzDecoder::new(source), left: max, max }
    }
}

impl<R: Read> Read for Gunzip<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.decoder.read(out).map_err(of_decompressor)?;
        let read_wide = u64::try_from(read).unwrap_or(u64::MAX);
        let Some(left) = self.left.checked_sub(read_wide) else {
            return Err(flawed(FlawKind::Bomb { max: self.max }));
        };
        self.left = left;
        Ok(read)
    }
}
