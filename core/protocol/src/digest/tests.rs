//! Tests of the digest's three written forms.

use super::Digest;

const HEX: &str = "44aff4ab2d7c3250525675a08f0cfa9591168cffe51791c5f5bbc417c15a6c38";

#[test]
fn content_digest_is_the_one_of_the_standard() {
    // The example of RFC 9530, appendix D: `{"hello": "world"}` and a line feed.
    let digest = Digest::of(b"{\"hello\": \"world\"}\n");
    let header = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";
    assert_eq!(digest.content_digest(), header);
    assert_eq!(Digest::from_content_digest(header), Some(digest));
}

#[test]
fn idempotency_key_is_a_quoted_string() {
    let digest = Digest::from_hex(HEX).unwrap();
    assert_eq!(digest.idempotency_key(), format!("\"{HEX}\""));
    assert_eq!(digest.to_string(), HEX);
    assert_eq!(serde_json::to_string(&digest).unwrap(), format!("\"{HEX}\""));
    assert_eq!(serde_json::from_str::<Digest>(&format!("\"{HEX}\"")).unwrap(), digest);
}

#[test]
fn other_algorithms_are_passed_over() {
    let digest = Digest::of(b"x");
    let value = format!("sha-512=:AAAA:, {}", digest.content_digest());
    assert_eq!(Digest::from_content_digest(&value), Some(digest));
}

#[test]
fn what_is_no_digest_is_refused() {
    for text in [
        "",
        "44",
        &HEX.replacen('4', "", 1),
        &HEX.replace("44", "+4"),
        &HEX.replace("44", "g4"),
        "ệ",
    ] {
        assert_eq!(Digest::from_hex(text), None, "{text}");
    }
    assert_eq!(Digest::from_hex(&"é".repeat(32)), None, "64 bytes that are no digits");
    for header in ["", "sha-256=", "sha-256=:AAAA:", "sha-256=:!:", "md5=:AAAA:", "sha-256=:AAAA"] {
        assert_eq!(Digest::from_content_digest(header), None, "{header}");
    }
    assert_eq!(Digest::from_bytes(&[0; 31]), None);
}
