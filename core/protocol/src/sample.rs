//! Batches to test with: of a tiny standard, since only a standard can make a submission.

use std::sync::Arc;

use lienthong_standard::{Candidate, Files, Standard, Value};

use crate::{BatchWriter, Provenance, SealedBatch, SourceSpan};

const NOTE: &str = r#"
record_type = "note"
title.vi = "Ghi chú"
title.en = "Note"
key = ["code"]
history = "latest"

[fields.code]
title.vi = "Mã"
title.en = "Code"
type = "text"
required = true

[fields.text]
title.vi = "Nội dung"
title.en = "Text"
type = "text"
"#;

/// A standard whose one record type has a code and a text.
pub(crate) fn standard() -> Standard {
    let files = Files::new([("records/note.toml".to_owned(), Arc::from(NOTE))]);
    Standard::compile("v1", &files).unwrap()
}

/// Says what became of one item: a record with this text, or nothing.
pub(crate) fn push(writer: &mut BatchWriter, standard: &Standard, code: usize, text: &str) {
    let note = standard.record_type("note").unwrap();
    let code = format!("{code:03}");
    let values = [Value::Text(&code), Value::Text(text)];
    let (mut faults, mut warnings) = (Vec::new(), Vec::new());
    let candidate = Candidate { values: &values, groups: &[] };
    let submission = note.accept(standard, candidate, &mut faults, &mut warnings);
    let submission = submission.unwrap_or_else(|| panic!("the sample is refused: {faults:?}"));
    writer.push(&submission).unwrap();
}

/// Seals a batch from items; those that are false went to quarantine.
pub(crate) fn sealed(version_first: u64, items: &[bool]) -> SealedBatch {
    let standard = standard();
    let mut writer = BatchWriter::default();
    for (place, is_record) in items.iter().enumerate() {
        if *is_record {
            push(&mut writer, &standard, place, "Hồ sơ đã tiếp nhận");
        } else {
            writer.skip();
        }
    }
    let origin = "samples/notes.jsonl".to_owned();
    let span = SourceSpan { origin, first: "line 1".into(), last: format!("line {}", items.len()) };
    writer.seal(&provenance(), version_first, vec![span], Some("b3-0000".into())).unwrap()
}

/// A provenance that is plainly invented.
pub(crate) fn provenance() -> Provenance {
    Provenance {
        agency: "000.00.00.H99".into(),
        source: "notes".into(),
        feed: "all".into(),
        record_type: "note".into(),
        standard: "v1".into(),
        standard_digest: "11".repeat(32),
        mapping: "notes/all".into(),
        mapping_digest: "22".repeat(32),
        adapter: "file-drop notes@1".into(),
    }
}
