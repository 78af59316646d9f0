//! Requests: templates, security headers, both versions, and what people write wrong.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::post;
use jiff::Timestamp;
use lienthong_adapter_api::Section;

use super::{Secrets, built, problems, pull, serve};
use crate::security::{Signer, password_digest};
use crate::{PasswordType, Security};

type Seen = Arc<Mutex<Vec<(HeaderMap, String)>>>;

async fn note(State(seen): State<Seen>, headers: HeaderMap, body: String) -> &'static str {
    seen.lock().expect("no panic elsewhere").push((headers, body));
    "<S:Envelope><S:Body/></S:Envelope>"
}

#[tokio::test]
async fn the_envelope_is_filled_and_escaped_and_the_action_goes_where_its_version_wants_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let template = "<S:Envelope a=\"{param:unit}\"><S:Body><q>{param:unit}</q><f>{from}</f>\
                    <p>{page}/{size}</p></S:Body></S:Envelope>";
    std::fs::write(folder.path().join("r.xml"), template).expect("a file");
    let seen = Seen::default();
    let base = serve(Router::new().route("/s", post(note)).with_state(Arc::clone(&seen))).await;
    let settings = format!("base_url = \"{base}\"\nparameters = {{ unit = 'a<b>&\"c\"' }}");
    for version in ["1.1", "1.2"] {
        let adapter = format!(
            "[connection]\npath = \"/s\"\nsoap = \"{version}\"\n[feeds.f.read]\n\
             request = \"r.xml\"\naction = \"urn:x/List\"\nrecords = \"A.R\"\nkey = [\"Id\"]\n\
             paging = {{ type = \"page\", first = 1, size = 20 }}\n[feeds.f.read.window]\n\
             start = \"2025-06-19T00:00:00+07:00\"\noverlap_secs = 0\nformat = \"%d/%m/%Y\""
        );
        let adapter = built(&settings, &adapter, folder.path());
        pull(&*adapter, "f", None, "2025-06-19T10:00:00Z").await.expect("a page");
    }
    let seen = seen.lock().expect("no panic elsewhere");
    let expected = "<S:Envelope a=\"a&lt;b&gt;&amp;&quot;c&quot;\"><S:Body>\
        <q>a&lt;b&gt;&amp;&quot;c&quot;</q><f>19/06/2025</f><p>1/20</p></S:Body></S:Envelope>";
    assert_eq!((seen[0].1.as_str(), seen[1].1.as_str()), (expected, expected));
    assert_eq!(seen[0].0["content-type"], "text/xml; charset=utf-8");
    assert_eq!(seen[0].0["soapaction"], "\"urn:x/List\"");
    let soap12 = "application/soap+xml; charset=utf-8; action=\"urn:x/List\"";
    assert_eq!(seen[1].0["content-type"], soap12);
    assert!(!seen[1].0.contains_key("soapaction"));
}

#[test]
fn a_password_digest_is_that_of_the_profile() {
    // Made with: (nonce; created; password) | openssl dgst -sha1 -binary | openssl base64
    let digest = password_digest(b"0123456789abcdef", "2025-06-20T01:35:00Z", "mật khẩu");
    assert_eq!(digest, "JW2eU2KcMJc9WZEPyw0BdwW/00U=");
}

fn signer(password_type: PasswordType) -> Signer {
    let password = reference();
    let security = Security::UsernameToken { username: "a&b".to_owned(), password, password_type };
    let section = Section::parse("x.toml", "", "x").expect("TOML");
    let secrets = Secrets([("P", "<p&w>")].into());
    Signer::build("the-source", &security, &section, &secrets).expect("a signer")
}

fn reference() -> lienthong_adapter_api::SecretRef {
    lienthong_adapter_api::SecretRef::Env { env: "P".to_owned() }
}

#[test]
fn a_token_shows_the_password_as_its_type_says() {
    let now: Timestamp = "2025-06-20T01:35:00.123456789Z".parse().expect("a moment");
    let text = signer(PasswordType::Text).header(now);
    assert!(text.contains("#PasswordText\">&lt;p&amp;w&gt;</wsse:Password>"), "{text}");
    assert!(text.contains("<wsse:Username>a&amp;b</wsse:Username>"), "{text}");
    assert!(text.contains("<wsu:Created>2025-06-20T01:35:00Z</wsu:Created>"), "{text}");
    let digest = signer(PasswordType::Digest).header(now);
    assert!(!digest.contains("p&amp;w"), "{digest}");
}

#[test]
fn nonces_repeat_with_the_run_and_never_within_it() {
    let moment = |text: &str| text.parse::<Timestamp>().expect("a moment");
    let now = moment("2025-06-20T01:35:00Z");
    let nonce = |header: String| {
        let (_, after) = header.split_once("#Base64Binary\">").expect("a nonce");
        after.split_once('<').expect("its end").0.to_owned()
    };
    let one = signer(PasswordType::Digest);
    let run: Vec<_> = (0..100).map(|_| nonce(one.header(now))).collect();
    let other = signer(PasswordType::Digest);
    let replay: Vec<_> = (0..100).map(|_| nonce(other.header(now))).collect();
    assert_eq!(run, replay);
    let mut distinct = run.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), 100);
    let later = signer(PasswordType::Digest).header(moment("2025-06-20T01:35:00.000000001Z"));
    assert!(!run.contains(&nonce(later)));
}

#[test]
fn every_mistake_is_named_with_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [
        ("ok.xml", "<e>{page}</e>"),
        ("plain.xml", "<e/>"),
        ("secured.xml", "<e>{security}</e>"),
        ("broken.xml", "<e><f></e>"),
        ("open.xml", "<e>"),
        ("dtd.xml", "<!DOCTYPE e><e/>"),
        ("typo.xml", "<e>{pages}</e>"),
    ] {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    let none = "{ type = \"none\" }";
    let page = "{ type = \"page\", size = 5 }";
    let link = "{ type = \"next-link\" }";
    let security = "security = { type = \"username-token\", username = \"u\", \
                    password = { env = \"WRONG\" } }";
    let cases = [
        ("", "gone.xml", none, "LT-1073 the file can't be read"),
        ("", "../x.xml", none, "LT-1073 the file must lie in the system's folder"),
        ("", "/etc/hostname", none, "LT-1073 the file must lie in the system's folder"),
        ("", "broken.xml", none, "LT-1073 the file is not XML at byte"),
        ("", "open.xml", none, "LT-1073 the file is not XML: it ends too early"),
        ("", "dtd.xml", none, "LT-1073 the file has a document type"),
        ("", "typo.xml", none, "LT-1072 the template can't be used: there is no placeholder"),
        ("", "plain.xml", page, "LT-1072 the request does not use {page}"),
        ("", "plain.xml", link, "LT-1071 SOAP services give no addresses of pages"),
        ("", "secured.xml", none, "LT-1072 the system needs the setting `security`"),
        (security, "plain.xml", none, "LT-1072 `security` is set, but the system's request"),
        ("securiti = 1", "plain.xml", none, "LT-1004 `securiti` is not a setting"),
    ];
    for (more, file, paging, expected) in cases {
        let adapter = format!(
            "[connection]\npath = \"/s\"\n[feeds.f.read]\nrequest = \"{file}\"\nrecords = \"A\"\n\
             key = [\"Id\"]\npaging = {paging}"
        );
        let settings = format!("base_url = \"http://127.0.0.1:1\"\n{more}");
        let found = problems(&settings, &adapter, folder.path());
        assert_eq!(found.len(), 1, "{expected}: {found:#?}");
        assert!(found[0].contains(expected), "{} should say {expected}", found[0]);
    }
}
