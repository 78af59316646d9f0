//! What other programs make of the same bytes, for tests.

use std::io::Write as _;
use std::process::{Command, Stdio};

use unicode_normalization::UnicodeNormalization as _;

/// Bytes and what they are read as; `None` where they are refused.
pub(crate) type Rows = Vec<(Vec<u8>, Option<String>)>;

/// Reads a table of bytes and code points, both in hexadecimal digits. Where each came from stands
/// in its head; those of glibc are written again and compared by a test.
pub(crate) fn table(text: &str) -> Rows {
    let row = |line: &str| {
        let (bytes, codes) = line.split_once(' ').unwrap();
        let letter = |code| char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap();
        let text = (codes != "-").then(|| codes.split(' ').map(letter).collect());
        let byte = |at| u8::from_str_radix(bytes.get(at..at + 2).unwrap(), 16).unwrap();
        ((0..bytes.len()).step_by(2).map(byte).collect(), text)
    };
    text.lines().filter(|line| !line.starts_with('#')).map(row).collect()
}

/// What `iconv` reads, composed; `None` where it refuses.
pub(crate) fn iconv(from: &str, bytes: &[u8]) -> Option<String> {
    let out = run(from, "UTF-8", bytes)?;
    Some(String::from_utf8(out).unwrap().nfc().collect())
}

/// What `iconv` writes; `None` where it can't.
pub(crate) fn iconv_to(to: &str, text: &str) -> Option<Vec<u8>> {
    run("UTF-8", to, text.as_bytes())
}

fn run(from: &str, to: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut child = Command::new("iconv")
        .args(["-f", from, "-t", to])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let bytes = bytes.to_vec();
    // It writes before it has read all.
    let writing = std::thread::spawn(move || stdin.write_all(&bytes));
    let output = child.wait_with_output().unwrap();
    let is_written = writing.join().unwrap().is_ok();
    (is_written && output.status.success()).then_some(output.stdout)
}

/// Whether the `iconv` here is one that knows Vietnamese.
pub(crate) fn has_glibc_iconv() -> bool {
    let list = Command::new("iconv").arg("-l").output();
    list.is_ok_and(|list| String::from_utf8_lossy(&list.stdout).contains("TCVN5712-1"))
}

/// Every letter with marks that Vietnamese has, composed: 67 small ones and their capitals.
pub(crate) fn letters() -> Vec<char> {
    let mut small = vec!['đ', 'ă', 'â', 'ê', 'ô', 'ơ', 'ư'];
    for base in "aăâeêioôơuưy".chars() {
        for tone in ['\u{300}', '\u{309}', '\u{303}', '\u{301}', '\u{323}'] {
            small.extend([base, tone].iter().collect::<String>().nfc());
        }
    }
    let capitals: Vec<char> = small.iter().flat_map(|letter| letter.to_uppercase()).collect();
    [small, capitals].concat()
}

/// Text of so many characters with these letters among ASCII, the same every time.
pub(crate) fn random_text(letters: &[char], length: usize) -> String {
    let mut state = 0x5DEE_CE66_u64;
    let ascii: Vec<char> = (' '..='~').chain(['\t', '\n']).collect();
    let mut pick = |from: &[char]| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        from[usize::try_from(state >> 33).unwrap() % from.len()]
    };
    (0..length).map(|at| if at % 2 == 0 { pick(letters) } else { pick(&ascii) }).collect()
}
