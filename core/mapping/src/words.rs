//! Why a value could not be mapped, and the words for it in both languages.
//!
//! A source value is quoted only where the standard gives the field no personal tag, and never in
//! full length.

use lienthong_standard::Field;
use lienthong_text::{Encoding, RereadError, reread_detected};

use crate::decode;
use crate::draft::Piece;
use crate::functions::Failure;
use crate::plan::Rule;
use crate::rejection::Reason;
use crate::slots::Unfit;

/// Characters of a source value that are quoted.
const SHOWN_MAX: usize = 60;

/// Why one rule gave no value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Flaw<'a> {
    pub(crate) kind: Kind,
    /// The value at fault, where there is one.
    pub(crate) value: Option<Piece<'a>>,
}

/// What went wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Missing,
    Unfit(Unfit),
    NumberForText,
    BoolForText,
    Encoding(Encoding, RereadError),
    /// It is not clear which encoding the text is in.
    Undetected,
    /// A reference keeps flaws small, which every evaluation hands back room for.
    Function(&'static Failure),
    Code,
    Timestamp,
    Date,
    Integer,
    Decimal,
    Boolean,
}

impl<'a> Flaw<'a> {
    pub(crate) const fn new(kind: Kind) -> Self {
        Self { kind, value: None }
    }

    pub(crate) const fn with(kind: Kind, value: Piece<'a>) -> Self {
        Self { kind, value: Some(value) }
    }

    #[cold]
    pub(crate) const fn unfit(why: Unfit) -> Self {
        Self::new(Kind::Unfit(why))
    }

    /// The reason in words. `name` is the field with its row, `field` what the standard says of it.
    pub(crate) fn reason(
        &self,
        rule: &Rule,
        field: &Field,
        (name, source_path): (String, Option<String>),
        (item, scratch): (&[u8], &str),
    ) -> Reason {
        let value = self.value.map(|piece| piece.of(scratch));
        let shown = value.filter(|_| field.personal.is_none()).map(shown);
        let said = Said { rule, shown: shown.as_deref(), raw: value };
        let (code, message, message_vi, hint) = said.words(self.kind);
        let waiting_for = (self.kind == Kind::Code).then(|| {
            let list = rule.codes.as_ref().map_or("codes", |codes| &codes.name);
            match &shown {
                Some(value) => format!("{list}:{value}"),
                None => list.to_owned(),
            }
        });
        let field = Some(name);
        let offset = match self.value {
            Some(Piece::Kept(text)) => offset_in(item, text),
            Some(Piece::Scratch(_)) | None => None,
        };
        Reason { code, field, source_path, offset, message, message_vi, hint, waiting_for }
    }
}

/// Where a part of the item begins, if the text is one.
pub(crate) fn offset_in(item: &[u8], text: &str) -> Option<usize> {
    let offset = text.as_ptr().addr().checked_sub(item.as_ptr().addr())?;
    (!text.is_empty() && offset + text.len() <= item.len()).then_some(offset)
}

/// A value for people: at most so many characters.
fn shown(value: &str) -> String {
    match value.char_indices().nth(SHOWN_MAX) {
        Some((end, _)) => format!("{}…", value.get(..end).unwrap_or_default()),
        None => value.to_owned(),
    }
}

type Words = (&'static str, String, String, Option<String>);

/// What to do about a record beyond the bounds.
const TOO_LARGE: &str = "no real record is so large: look at what the source writes";

/// What can be said of a flaw.
struct Said<'r> {
    rule: &'r Rule,
    shown: Option<&'r str>,
    /// The value itself, to find near codes; it is never quoted.
    raw: Option<&'r str>,
}

impl Said<'_> {
    fn words(&self, kind: Kind) -> Words {
        match kind {
            Kind::Missing => (
                "LT-3011",
                "the source has no value, and the field needs one".to_owned(),
                "nguồn không có giá trị mà trường này bắt buộc".to_owned(),
                Some("correct the record at its source".to_owned()),
            ),
            Kind::Unfit(why) => unfit(why),
            Kind::NumberForText => (
                "LT-3015",
                "the source has a number where text is expected".to_owned(),
                "nguồn có một số ở nơi cần văn bản".to_owned(),
                Some("to take its digits as they are, write `number = \"as-written\"`".to_owned()),
            ),
            Kind::BoolForText => (
                "LT-3015",
                "the source has true or false where text is expected".to_owned(),
                "nguồn có đúng/sai ở nơi cần văn bản".to_owned(),
                Some("translate it by a code list: `codes = { \"true\" = … }`".to_owned()),
            ),
            Kind::Encoding(encoding, error) => (
                "LT-3017",
                format!("the text is not {}: {error}", encoding.name()),
                format!(
                    "văn bản không thuộc bảng mã {}, sai từ ký tự thứ {}",
                    encoding.name(),
                    error.character()
                ),
                Some("look at `text` of the mapping".to_owned()),
            ),
            Kind::Undetected => {
                let looks = reread_detected(self.raw.unwrap_or_default()).err();
                let looks = looks.map(|looks| looks.to_string()).unwrap_or_default();
                (
                    "LT-3018",
                    format!("it is not clear which encoding the text is in: {looks}"),
                    format!("không xác định được bảng mã của văn bản: {looks}"),
                    Some("name the encoding in `text` of the mapping".to_owned()),
                )
            }
            Kind::Function(failure) => (
                "LT-3016",
                format!("{}{}", failure.english, self.quoted()),
                format!("{}{}", failure.vietnamese, self.quoted()),
                None,
            ),
            Kind::Code => self.code(),
            Kind::Timestamp | Kind::Date => self.moment(),
            Kind::Integer | Kind::Decimal => self.number(),
            Kind::Boolean => (
                "LT-3014",
                format!("this is no word for true or false{}", self.quoted()),
                format!("giá trị không phải đúng/sai{}", self.quoted()),
                Some("list the words in `boolean = { true = […], false = […] }`".to_owned()),
            ),
        }
    }

    fn quoted(&self) -> String {
        self.shown.map(|value| format!(": “{value}”")).unwrap_or_default()
    }

    fn code(&self) -> Words {
        let Some(codes) = &self.rule.codes else {
            return ("LT-3010", String::new(), String::new(), None);
        };
        let near = codes.nearest(self.raw.unwrap_or_default());
        let near: Vec<String> = near.iter().map(ToString::to_string).collect();
        let near = near.join(", ");
        let add = if codes.is_standard() {
            format!("the national list `{}` has no such code", codes.name)
        } else {
            format!("add a line to `{}`", codes.name)
        };
        let mut message_vi =
            format!("mã không có trong danh mục `{}`{}", codes.name, self.quoted());
        let mut hint = add;
        if !near.is_empty() {
            message_vi = format!("{message_vi}; các mã gần giống: {near}");
            hint = format!("{hint}; the nearest known codes are {near}");
        }
        let message = format!("the code is not in `{}`{}", codes.name, self.quoted());
        ("LT-3010", message, message_vi, Some(hint))
    }

    fn moment(&self) -> Words {
        (
            "LT-3012",
            format!(
                "this is no date or time of the calendar in the mapping's format{}",
                self.quoted()
            ),
            format!("không phải ngày giờ có thật theo định dạng của ánh xạ{}", self.quoted()),
            Some(format!("the rule is {}", self.rule.written)),
        )
    }

    fn number(&self) -> Words {
        (
            "LT-3013",
            format!("this is no number in the mapping's format{}", self.quoted()),
            format!("không phải số theo định dạng của ánh xạ{}", self.quoted()),
            Some(format!("the rule is {}", self.rule.written)),
        )
    }
}

fn unfit(why: Unfit) -> Words {
    let (english, vietnamese, hint) = match why {
        Unfit::Object => (
            "the source has an object where a single value is expected",
            "nguồn có một đối tượng ở nơi cần một giá trị đơn",
            "let the path go on to the member that is meant",
        ),
        Unfit::List => (
            "the source has a list where a single value is expected",
            "nguồn có một danh sách ở nơi cần một giá trị đơn",
            "pick an element, `a[0]` or `a[key=value]`, or map a group with `each`",
        ),
        Unfit::Scalar => (
            "the source has a single value where the path goes on",
            "nguồn chỉ có một giá trị đơn trong khi đường dẫn còn đi tiếp",
            "if both occur, name both paths in `first_of`",
        ),
        Unfit::Repeated => (
            "the element occurs more than once",
            "phần tử xuất hiện nhiều lần",
            "pick one, `a[0]`, or map a group with `each`",
        ),
        Unfit::Several => (
            "several list elements have the key that one is picked by",
            "nhiều phần tử của danh sách có cùng khóa được chọn",
            "pick by a key that occurs once",
        ),
    };
    ("LT-3015", english.to_owned(), vietnamese.to_owned(), Some(hint.to_owned()))
}

impl decode::Fault {
    /// The reason in words.
    pub(crate) fn reason(self) -> Reason {
        let offset = self.offset();
        let source_path = match &self {
            Self::InDocument { place, .. } | Self::NoDocument { place, .. } => Some(place.clone()),
            Self::Unequal { parts, .. } => Some(texts_of(parts)),
            _ => None,
        };
        let (code, message, message_vi, hint) = self.words();
        let (field, waiting_for) = (None, None);
        let hint = hint.map(str::to_owned);
        Reason { code, field, source_path, offset, message, message_vi, hint, waiting_for }
    }

    /// Where it lies, in bytes from the beginning of what was read.
    pub(crate) const fn offset(&self) -> Option<usize> {
        match self {
            Self::Malformed { offset, .. }
            | Self::Duplicate { offset, .. }
            | Self::TooDeep { offset }
            | Self::DocumentType { offset }
            | Self::Entity { offset } => Some(*offset),
            Self::InDocument { offset, .. } => *offset,
            Self::TooBig
            | Self::TooManyRows
            | Self::OnTheWay { .. }
            | Self::NoDocument { .. }
            | Self::Unequal { .. } => None,
        }
    }

    fn words(self) -> (&'static str, String, String, Option<&'static str>) {
        match self {
            Self::Malformed { offset, what } => (
                "LT-3030",
                format!("the record can't be read at byte {offset}: {what}"),
                format!("bản ghi không đúng cú pháp JSON hoặc XML, từ byte {offset}"),
                Some("the source has to give the record again, whole and well-formed"),
            ),
            Self::Duplicate { offset, name } => (
                "LT-3031",
                format!("`{name}` occurs twice in one object, again at byte {offset}"),
                format!(
                    "`{name}` xuất hiện hai lần trong một đối tượng, lần sau tại byte {offset}"
                ),
                Some("which of the two is meant, only the source can say"),
            ),
            Self::TooDeep { offset } => (
                "LT-3032",
                format!("the record is nested more than {} levels deep", decode::DEPTH_MAX),
                format!("bản ghi lồng quá {} cấp, tại byte {offset}", decode::DEPTH_MAX),
                Some(TOO_LARGE),
            ),
            Self::TooBig => (
                "LT-3032",
                format!("the record has more than {} bytes", decode::BYTES_MAX),
                format!("bản ghi lớn hơn {} byte", decode::BYTES_MAX),
                Some(TOO_LARGE),
            ),
            Self::TooManyRows => (
                "LT-3032",
                "the record has too many rows in its lists".to_owned(),
                "bản ghi có quá nhiều dòng trong các danh sách".to_owned(),
                Some(TOO_LARGE),
            ),
            Self::OnTheWay { why, list } => {
                let (code, english, vietnamese, _) = unfit(why);
                let hint = Some("let `each` name the list itself");
                let message = format!("on the way to the list `{list}`: {english}");
                (code, message, format!("trên đường tới danh sách `{list}`: {vietnamese}"), hint)
            }
            Self::DocumentType { offset } => (
                "LT-3033",
                format!("the record has a document type (DTD), at byte {offset}"),
                format!("bản ghi có khai báo DTD, tại byte {offset}"),
                Some("document types are not read, because they can make text grow without bound"),
            ),
            Self::Entity { offset } => (
                "LT-3033",
                format!("the record has a reference that is not plain XML, before byte {offset}"),
                format!("bản ghi có tham chiếu ngoài XML cơ bản, trước byte {offset}"),
                Some("plain XML knows &lt; &gt; &amp; &quot; &apos; and character numbers"),
            ),
            Self::InDocument { place, fault, .. } => {
                let (code, english, vietnamese, hint) = fault.words();
                let english = english.replacen("the record", "the document", 1);
                let vietnamese = vietnamese.replacen("bản ghi", "tài liệu", 1);
                let message = format!("in the text at `{place}`: {english}");
                (code, message, format!("trong văn bản tại `{place}`: {vietnamese}"), hint)
            }
            Self::NoDocument { place, why } => {
                let (code, english, vietnamese, _) = unfit(why);
                let message = format!("instead of a document at `{place}`: {english}");
                let vi = format!("thay vì tài liệu tại `{place}`: {vietnamese}");
                (code, message, vi, Some("`<xml>` and `<json>` stand behind the path of a text"))
            }
            Self::Unequal { parts, row } => unequal(&parts, row),
        }
    }
}

/// The texts of lists that make rows together.
fn texts_of(parts: &[(String, usize)]) -> String {
    let texts = parts.iter().map(|(text, _)| text.as_str());
    texts.collect::<Vec<_>>().join(", ")
}

/// Lists that make rows together, and do not have the same number of parts.
fn unequal(
    parts: &[(String, usize)],
    row: Option<u32>,
) -> (&'static str, String, String, Option<&'static str>) {
    let counted = parts.iter().map(|(text, count)| format!("`{text}` {count}"));
    let counted = counted.collect::<Vec<_>>().join(", ");
    let (within, trong) = match row {
        Some(row) => (format!(", in row {row}"), format!(", ở dòng {row}")),
        None => (String::new(), String::new()),
    };
    (
        "LT-3034",
        format!("the lists in these texts do not have the same number of parts{within}: {counted}"),
        format!("các danh sách trong văn bản không có cùng số phần{trong}: {counted}"),
        Some(
            "which of them lacks a part, only the source can say; a mark at the very end of \
              every list is `trailing = \"ignore\"`",
        ),
    )
}
