//! Faults of whole files.

use bytes::Bytes;
use lienthong_adapter_api::{Fault, Position};
use lienthong_adapter_kit::split::FlawKind;

use crate::position::InFile;

/// Codes of [`refused`].
pub(crate) const TOO_LARGE: &str = "LT-2032";
pub(crate) const REFUSED: &str = "LT-2033";

/// The file is not what it was when its reading began.
pub(crate) fn changed(at: &InFile) -> Fault {
    let read = at.mark.offset;
    Fault {
        code: "LT-2030",
        reason: format!(
            "the file was changed while it was read; {read} bytes of the old one were read, and \
             the new one is read from its beginning once it has settled"
        ),
        hint: Some(
            "have files written under a name that ends in `.tmp`, and renamed when they are whole"
                .to_owned(),
        ),
        ..file(&at.name, at.mark.offset)
    }
}

/// The file is not there any more.
pub(crate) fn gone(at: &InFile) -> Fault {
    let (read, all) = (at.mark.offset, at.state.bytes);
    Fault {
        code: "LT-2031",
        reason: format!("the file was taken away after {read} of its {all} bytes were read"),
        hint: Some("put it back, and have files moved away only once they are done".to_owned()),
        ..file(&at.name, at.mark.offset)
    }
}

/// The file is not read at all.
pub(crate) fn refused(name: &str, code: &'static str, reason: String) -> Fault {
    let hint = match code {
        TOO_LARGE => "raise `file_bytes_max` if such a file is meant, or have it split",
        _ => "put a readable file of its own there, under a plain name",
    };
    Fault { code, reason, hint: Some(hint.to_owned()), ..file(name, 0) }
}

/// The file's text can't be read at all.
pub(crate) fn whole(name: &str, kind: &FlawKind) -> Fault {
    let reason = format!("the whole file: {kind}");
    Fault { code: kind.code(), reason, hint: Some(kind.hint().to_owned()), ..file(name, 0) }
}

fn file(name: &str, offset: u64) -> Fault {
    Fault {
        code: REFUSED,
        reason: String::new(),
        hint: None,
        origin: name.into(),
        position: Position::Byte(offset),
        excerpt: Bytes::new(),
        items: 1,
    }
}
