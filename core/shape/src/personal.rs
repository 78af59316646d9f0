//! What may be a person's: names of fields, and the look of values.
//!
//! A shape keeps no value where either says so. Both would rather leave a value out than keep one
//! that is a person's; what they miss, the national fields' own tags have to say.

/// Parts of field names, without marks and signs, that stand for a person's data in the systems
/// that were seen, in Vietnamese and in English.
const PARTS: [&str; 43] = [
    "assignee",
    "officer",
    "fullname",
    "firstname",
    "lastname",
    "ownername",
    "citizenname",
    "username",
    "userprocess",
    "useridentity",
    "identity",
    "birth",
    "phone",
    "mobile",
    "fax",
    "email",
    "emai",
    "address",
    "passport",
    "applicantname",
    "taxcode",
    "contact",
    "avatar",
    "signature",
    "account",
    "hoten",
    "hovaten",
    "tennguoi",
    "nguoinop",
    "nguoixuly",
    "nguoitiepnhan",
    "nguoiky",
    "chuhoso",
    "canbo",
    "dinhdanh",
    "sogiayto",
    "cccd",
    "cmnd",
    "chungminh",
    "dienthoai",
    "didong",
    "ngaysinh",
    "diachi",
];

/// Whole field names of the same kind, too short to be looked for inside others.
const WHOLE: [&str; 8] = ["dob", "tel", "sdt", "cmt", "mst", "thudientu", "hovadem", "passwd"];

/// Whether a field of this name holds what is a person's.
pub fn is_personal_name(name: &str) -> bool {
    let folded: String = fold(name).chars().filter(char::is_ascii_alphanumeric).collect();
    WHOLE.contains(&folded.as_str()) || PARTS.iter().any(|part| folded.contains(part))
}

/// Small letters without marks.
fn fold(text: &str) -> String {
    let letters = text.chars().flat_map(char::to_lowercase);
    letters.map(|letter| if letter == 'đ' { 'd' } else { base(letter) }).collect()
}

/// The letter below the marks of a Vietnamese letter.
fn base(letter: char) -> char {
    match letter {
        'à' | 'á' | 'ả' | 'ã' | 'ạ' | 'ă' | 'ằ' | 'ắ' | 'ẳ' | 'ẵ' | 'ặ' | 'â' | 'ầ' | 'ấ' | 'ẩ'
        | 'ẫ' | 'ậ' => 'a',
        'è' | 'é' | 'ẻ' | 'ẽ' | 'ẹ' | 'ê' | 'ề' | 'ế' | 'ể' | 'ễ' | 'ệ' => 'e',
        'ì' | 'í' | 'ỉ' | 'ĩ' | 'ị' => 'i',
        'ò' | 'ó' | 'ỏ' | 'õ' | 'ọ' | 'ô' | 'ồ' | 'ố' | 'ổ' | 'ỗ' | 'ộ' | 'ơ' | 'ờ' | 'ớ' | 'ở'
        | 'ỡ' | 'ợ' => 'o',
        'ù' | 'ú' | 'ủ' | 'ũ' | 'ụ' | 'ư' | 'ừ' | 'ứ' | 'ử' | 'ữ' | 'ự' => 'u',
        'ỳ' | 'ý' | 'ỷ' | 'ỹ' | 'ỵ' => 'y',
        other => other,
    }
}

/// Whether a value looks like a person's: a name, an identity or telephone number, an e-mail
/// address.
pub fn looks_personal(text: &str) -> bool {
    text.contains('@') || looks_like_number(text) || looks_like_name(text)
}

/// Nine digits and more, and nothing but digits and what people write between them.
fn looks_like_number(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let others = text.chars().filter(|letter| !letter.is_ascii_digit());
    digits >= 9
        && others.into_iter().all(|c| matches!(c, ' ' | '.' | '-' | '+' | '(' | ')' | '/'))
        && !looks_like_moment(text)
}

/// `dd/mm/yyyy`, `yyyy-mm-dd` and the like: a form tells these, and they are no telephone number.
fn looks_like_moment(text: &str) -> bool {
    let date = text.get(..10).unwrap_or_default();
    let signs: String = date.chars().filter(|letter| !letter.is_ascii_digit()).collect();
    text.len() > 10 && matches!(signs.as_str(), "//" | "--")
}

/// Two to six words of letters that all begin with a capital.
fn looks_like_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    (2..=6).contains(&words.len())
        && words.iter().all(|word| {
            word.chars().all(char::is_alphabetic)
                && word.chars().next().is_some_and(char::is_uppercase)
        })
}

/// Whether a member's name is a key of a map, somebody's perhaps, and no field's name.
pub(crate) fn is_map_key(name: &str) -> bool {
    let digits = name.chars().filter(char::is_ascii_digit).count();
    let is_address = name.strip_prefix('@').unwrap_or(name).contains('@');
    digits >= 9 || name.chars().count() > 100 || is_address || is_name_of_person(name)
}

/// Whether a text is a name with one of the commonest family names. Headings of columns are written
/// like names too, so the look alone does not tell; of the family names those are left out that
/// begin headings: Hồ (sơ), Lý (do).
fn is_name_of_person(text: &str) -> bool {
    const FAMILIES: [&str; 20] = [
        "nguyễn", "trần", "lê", "phạm", "hoàng", "huỳnh", "phan", "vũ", "võ", "đặng", "bùi", "đỗ",
        "ngô", "đinh", "trương", "nguyen", "tran", "pham", "hoang", "huynh",
    ];
    let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
    looks_like_name(text) && FAMILIES.contains(&first.as_str())
}

#[cfg(test)]
mod tests;
