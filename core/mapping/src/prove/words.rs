//! The words for each way to fail, in English and Vietnamese.

use lienthong_standard::{Field, FieldType, IdentifierKind, Rule as StandardRule};

use super::failure::{Against, Cause, Failure};
use crate::Why;
use crate::convert::format::Format;
use crate::convert::moment::{Dates, Instants};
use crate::plan::{Reading, Rule, Target};
use crate::slots::Unfit;
use crate::words::Kind;

/// Values that are shown of those that fail.
const VALUES_MAX: usize = 5;

/// What is asked about.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Asked<'a> {
    pub(crate) field: Option<&'a Field>,
    /// The mapping's rule of the field.
    pub(crate) rule: Option<&'a Rule>,
    /// A rule across fields.
    pub(crate) across: Option<&'a StandardRule>,
}

/// Says how something can fail.
pub(crate) fn say(failure: &Failure, asked: &Asked<'_>) -> Why {
    let (mut message, mut message_vi) = match failure.cause {
        Cause::Mapping(kind) => asked.mapping(kind),
        Cause::Encoding(encoding) => Asked::encoding(encoding),
        Cause::Standard(against) => asked.standard(against),
        Cause::OnTheWay(why) => {
            let (english, vietnamese) = unfit(why);
            (
                format!("on the way to the list, there may be {english}"),
                format!("trên đường tới danh sách có thể gặp {vietnamese}"),
            )
        }
        Cause::Document(format) => (
            format!("a text may be no {} that can be read", format.name()),
            format!("văn bản có thể không phải {} đọc được", format.name()),
        ),
        Cause::Parts => pair(
            "the texts may have different numbers of parts",
            "các văn bản có thể có số phần khác nhau",
        ),
        Cause::NoRows => pair(
            "the list may be empty, and needs a row",
            "danh sách có thể rỗng, mà bắt buộc phải có dòng",
        ),
        Cause::SeveralRows => pair(
            "the list may have several rows, and one is allowed",
            "danh sách có thể có nhiều dòng, mà chỉ được có một",
        ),
        Cause::TooManyRows { max } => (
            format!("the list may have more than {max} rows"),
            format!("danh sách có thể có hơn {max} dòng"),
        ),
        Cause::Broken => match asked.across {
            Some(rule) => (
                format!("a record may break it: {}", rule.message.en),
                format!("bản ghi có thể vi phạm: {}", rule.message.vi),
            ),
            None => pair("a record may break it", "bản ghi có thể vi phạm"),
        },
        Cause::UnknownFunction => {
            pair("a function may fail", "một hàm có thể không thực hiện được")
        }
    };
    if let Some(values) = asked.values(failure) {
        message.push_str(": ");
        message.push_str(&values);
        message_vi.push_str(": ");
        message_vi.push_str(&values);
    }
    Why { message, message_vi, fails: None }
}

fn pair(english: &str, vietnamese: &str) -> (String, String) {
    (english.to_owned(), vietnamese.to_owned())
}

fn unfit(why: Unfit) -> (&'static str, &'static str) {
    match why {
        Unfit::Object => {
            ("an object in place of a single value", "một đối tượng thay vì một giá trị đơn")
        }
        Unfit::List => {
            ("a list in place of a single value", "một danh sách thay vì một giá trị đơn")
        }
        Unfit::Scalar => (
            "a single value where the path goes on",
            "một giá trị đơn trong khi đường dẫn còn đi tiếp",
        ),
        Unfit::Repeated => {
            ("an element that occurs several times", "một phần tử xuất hiện nhiều lần")
        }
        Unfit::Several => (
            "several elements with the key that one is picked by",
            "nhiều phần tử cùng có khóa được chọn",
        ),
    }
}

impl Asked<'_> {
    /// The known values that fail, with their counts; nobody's.
    fn values(&self, failure: &Failure) -> Option<String> {
        let is_personal = self.field.is_some_and(|field| field.personal.is_some());
        if failure.values.is_empty() || is_personal {
            return None;
        }
        let shown = failure.values.iter().take(VALUES_MAX).map(|(value, tally)| {
            if tally.is_exact() && tally.most > 1 {
                format!("“{value}” ({}×)", tally.most)
            } else {
                format!("“{value}”")
            }
        });
        let mut shown: Vec<String> = shown.collect();
        if failure.values.len() > VALUES_MAX {
            shown.push(format!("… +{}", failure.values.len() - VALUES_MAX));
        }
        Some(shown.join(", "))
    }

    /// That there may be no single value, where nothing is known of the items.
    pub(crate) fn no_single_value(&self) -> Why {
        let paths = self.paths();
        Why::new(
            format!("at {paths} there may be no single value"),
            format!("tại {paths} có thể không phải một giá trị đơn"),
        )
    }

    fn paths(&self) -> String {
        let paths = self.rule.map(|rule| rule.paths.join("`, `")).unwrap_or_default();
        format!("`{paths}`")
    }

    fn mapping(&self, kind: Kind) -> (String, String) {
        let paths = self.paths();
        match kind {
            Kind::Missing => (
                format!("{paths} may be missing or empty, and the field needs a value"),
                format!("{paths} có thể thiếu hoặc rỗng, mà trường này phải có giá trị"),
            ),
            Kind::Unfit(why) => {
                let (english, vietnamese) = unfit(why);
                (
                    format!("at {paths} there may be {english}"),
                    format!("tại {paths} có thể là {vietnamese}"),
                )
            }
            Kind::NumberForText => (
                format!("{paths} may be a number where text is expected"),
                format!("{paths} có thể là một số ở nơi cần văn bản"),
            ),
            Kind::BoolForText => (
                format!("{paths} may be true or false where text is expected"),
                format!("{paths} có thể là đúng/sai ở nơi cần văn bản"),
            ),
            Kind::Encoding(encoding, _) => Self::encoding(Reading::In(encoding)),
            Kind::Undetected => Self::encoding(Reading::Detected),
            Kind::Function(failure) => (
                format!("a text may be refused because {}", failure.english),
                format!("văn bản có thể bị từ chối vì {}", failure.vietnamese),
            ),
            Kind::Code => {
                let codes = self.rule.and_then(|rule| rule.codes.as_ref());
                let (name, count) =
                    codes.map_or(("", 0), |codes| (&*codes.name, codes.pairs().len()));
                (
                    format!("the code may be outside `{name}` ({count} codes)"),
                    format!("mã có thể không có trong danh mục `{name}` ({count} mã)"),
                )
            }
            Kind::Timestamp | Kind::Date => self.moment(kind),
            Kind::Integer => pair(
                "the value may be no whole number in the mapping's format",
                "giá trị có thể không phải số nguyên theo định dạng của ánh xạ",
            ),
            Kind::Decimal => pair(
                "the value may be no number in the mapping's format",
                "giá trị có thể không phải số theo định dạng của ánh xạ",
            ),
            Kind::Boolean => pair(
                "the value may be no word for true or false",
                "giá trị có thể không phải từ chỉ đúng/sai",
            ),
        }
    }

    fn encoding(reading: Reading) -> (String, String) {
        match reading {
            Reading::In(encoding) => (
                format!("the text may not be {}", encoding.name()),
                format!("văn bản có thể không thuộc bảng mã {}", encoding.name()),
            ),
            Reading::AsWritten | Reading::Detected => pair(
                "the encoding of a text may not be clear",
                "bảng mã của văn bản có thể không rõ ràng",
            ),
        }
    }

    fn moment(&self, kind: Kind) -> (String, String) {
        let formats: &[Format] = match self.rule.map(|rule| &rule.target) {
            Some(
                Target::Timestamp(Instants { formats, .. })
                | Target::TimestampOfDate { formats, .. }
                | Target::Date(Dates::Plain(formats) | Dates::OfInstant(Instants { formats, .. })),
            ) => formats,
            _ => &[],
        };
        let formats: Vec<String> = formats.iter().map(|format| format!("`{format}`")).collect();
        let formats = formats.join(", ");
        let (what, what_vi) = match kind {
            Kind::Date => ("date", "ngày"),
            _ => ("date and time", "ngày giờ"),
        };
        (
            format!("the text may be no {what} of the format {formats}"),
            format!("văn bản có thể không phải {what_vi} theo định dạng {formats}"),
        )
    }

    fn standard(&self, against: Against) -> (String, String) {
        let field = self.field;
        match against {
            Against::Required => pair(
                "the value may be missing, and the standard requires it",
                "có thể thiếu giá trị mà chuẩn bắt buộc",
            ),
            Against::Null => pair("the value may be null", "giá trị có thể là null"),
            Against::Type => pair(
                "the value may be of a kind that the standard does not take",
                "giá trị có thể không đúng kiểu của chuẩn",
            ),
            Against::Length => {
                let max = field.and_then(|field| field.max_chars).unwrap_or(0);
                (
                    format!("the text may exceed {max} characters"),
                    format!("văn bản có thể dài hơn {max} ký tự"),
                )
            }
            Against::Form => self.form(),
            Against::Range => pair(
                "the value may be outside the standard's range",
                "giá trị có thể nằm ngoài khoảng của chuẩn",
            ),
            Against::Code => pair(
                "the code may be outside the standard's list",
                "mã có thể không có trong danh mục của chuẩn",
            ),
            Against::Force => pair(
                "the code may not be in force on the record's date",
                "mã có thể không có hiệu lực vào ngày của bản ghi",
            ),
            Against::Within => pair(
                "the code may not lie in that of the field above it on the record's date",
                "mã có thể không thuộc mã cấp trên vào ngày của bản ghi",
            ),
            Against::Control => pair(
                "the text may hold a control character",
                "văn bản có thể chứa ký tự điều khiển",
            ),
            Against::Composition => pair(
                "the text may not be in Unicode's composed form; the function `nfc` composes it",
                "văn bản có thể không ở dạng Unicode dựng sẵn; hàm `nfc` sẽ dựng lại",
            ),
        }
    }

    fn form(&self) -> (String, String) {
        let Some(field) = self.field else { return pair("", "") };
        let (what, what_vi) = match (field.kind, &field.pattern) {
            (FieldType::Identifier(IdentifierKind::Agency), _) => ("agency code", "mã cơ quan"),
            (FieldType::Identifier(IdentifierKind::Procedure), _) => {
                ("procedure code", "mã thủ tục hành chính")
            }
            (FieldType::Identifier(IdentifierKind::Dossier), _) => ("dossier code", "mã hồ sơ"),
            (_, Some(pattern)) => (&*pattern.title.en, &*pattern.title.vi),
            _ => ("text of the standard's form", "văn bản đúng dạng của chuẩn"),
        };
        (
            format!("the text may not be a valid {what}"),
            format!("văn bản có thể không phải là {what_vi} hợp lệ"),
        )
    }
}
