//! A position in a feed, opaque to everything but the adapter that made it.

use serde::{Serialize, de::DeserializeOwned};

/// A position in a feed: JSON text of at most [`Cursor::BYTES_MAX`] bytes.
///
/// Made by an adapter at the end of a page, stored by the runtime, handed back unchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(String);

/// A cursor that can't be made or read.
#[derive(Debug, thiserror::Error)]
pub enum CursorError {
    /// The adapter's memory has outgrown the bound.
    #[error("the cursor would be {bytes} bytes long, more than the {max} allowed")]
    TooLong {
        /// Its size.
        bytes: usize,
        /// The bound.
        max: usize,
    },
    /// The stored text is not this adapter's.
    #[error("the stored cursor is not one of this adapter kind")]
    Foreign(#[source] serde_json::Error),
}

impl Cursor {
    /// The most bytes a cursor may take: it is rewritten with every commit of its feed.
    pub const BYTES_MAX: usize = 1 << 20;

    /// Writes an adapter's position.
    ///
    /// # Errors
    /// [`CursorError::TooLong`] past [`Cursor::BYTES_MAX`].
    pub fn write<T: Serialize>(position: &T) -> Result<Self, CursorError> {
        let text = serde_json::to_string(position).map_err(CursorError::Foreign)?;
        Self::from_text(text)
    }

    /// Reads the position back.
    ///
    /// # Errors
    /// [`CursorError::Foreign`] when the text was written by another kind or version.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, CursorError> {
        serde_json::from_str(&self.0).map_err(CursorError::Foreign)
    }

    /// Takes a stored text back.
    ///
    /// # Errors
    /// [`CursorError::TooLong`] past [`Cursor::BYTES_MAX`].
    pub fn from_text(text: String) -> Result<Self, CursorError> {
        if text.len() > Self::BYTES_MAX {
            return Err(CursorError::TooLong { bytes: text.len(), max: Self::BYTES_MAX });
        }
        Ok(Self(text))
    }

    /// The text to store.
    pub fn as_text(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests;
