//! Answers: records as they stood, faults of both versions, and bodies that are no answers.

use axum::Router;
use axum::http::{StatusCode, header};
use axum::routing::post;
use lienthong_adapter_api::{Page, PullError, PullFailure};

use super::{built, pull, serve, shown};

const NOW: &str = "2025-06-20T00:00:00Z";

/// Serves a body as the only page of a feed, and pulls it.
async fn read(
    status: u16,
    body: impl Into<Vec<u8>>,
    connection: &str,
    feed: &str,
) -> Result<Page, PullError> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("r.xml"), "<e:Envelope/>").expect("a file");
    let body: Vec<u8> = body.into();
    let answer = move || {
        let body = body.clone();
        let status = StatusCode::from_u16(status).expect("a status");
        async move { (status, [(header::CONTENT_TYPE, "text/xml")], body) }
    };
    let base = serve(Router::new().route("/s", post(answer))).await;
    let adapter = format!(
        "[connection]\npath = \"/s\"\n{connection}\n[feeds.f.read]\nrequest = \"r.xml\"\n\
         records = \"Answer.List.Row\"\nkey = [\"Id\", \"@none\"]\n\
         paging = {{ type = \"none\" }}\n{feed}"
    );
    let adapter = built(&format!("base_url = \"{base}\""), &adapter, folder.path());
    pull(&*adapter, "f", None, NOW).await
}

fn envelope(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<S:Envelope xmlns:S=\"s\" xmlns:n=\"n\">\
         <S:Header/><S:Body>{body}</S:Body></S:Envelope>\n"
    )
}

fn items(page: &Page) -> Vec<&str> {
    page.items().map(|item| std::str::from_utf8(item.bytes).expect("UTF-8")).collect()
}

#[tokio::test]
async fn items_are_the_bytes_of_the_elements_as_they_stood() {
    let first = "<n:Row a = '1'><Id>1</Id >\n  <n:Name>Đỗ &amp; &#x110; <![CDATA[<Row>]]></n:Name>\
                 <Row><Id>inner</Id></Row></n:Row>";
    let second = "<Row xmlns=\"z\"><!-- <Row/> --><Id>0012345678901234567890.4500</Id></Row>";
    let body =
        format!("<Answer><Row><Id>outside</Id></Row><List>{first}\n{second}</List></Answer>");
    let page = read(200, format!("\u{feff}{}", envelope(&body)), "", "").await.expect("a page");
    assert_eq!(items(&page), [first, second]);
}

#[tokio::test]
async fn records_that_can_not_be_read_are_faults_and_the_feed_goes_on() {
    let body = "<Answer><List><Row><Id>1</Id></Row><Row/><Row><Id>2</Id><x>&nbsp;</x></Row>\
                <Row><Id> </Id></Row><Row><Id>3</Id></Row></List></Answer>";
    let page = read(200, envelope(body), "", "").await.expect("a page");
    assert_eq!(items(&page), ["<Row><Id>1</Id></Row>", "<Row><Id>3</Id></Row>"]);
    let faults: Vec<_> =
        page.faults().iter().map(|fault| (fault.code, fault.reason.as_str())).collect();
    let no_key = ("LT-2079", "the record has no `Id`, `@none`");
    let entity = ("LT-2075", "the record refers to `&nbsp;`, which nothing declares");
    assert_eq!(faults, [no_key, entity, no_key]);
}

#[tokio::test]
async fn an_answer_without_records_has_none() {
    for body in ["<Answer><List/></Answer>", "<Answer/>", ""] {
        let page = read(200, envelope(body), "", "").await.expect("a page");
        assert!(page.is_empty() && !page.more, "{body}");
    }
}

#[tokio::test]
async fn a_total_that_is_declared_must_be_there() {
    let feed = "total = \"Answer.Total\"";
    let error = read(200, envelope("<Answer><List/></Answer>"), "", feed).await;
    let error = error.expect_err("no total").to_string();
    assert!(error.contains("there is no usable value at `Answer.Total`"), "{error}");
    let body = "<Answer><Total> 0 </Total></Answer>";
    assert!(read(200, envelope(body), "", feed).await.is_ok());
}

#[tokio::test]
async fn faults_of_both_versions_are_told_in_their_words() {
    let refused = |what: &str| PullFailure::Refused(what.to_owned());
    let soap11 = |code: &str| {
        envelope(&format!(
            "<S:Fault><faultcode>{code}</faultcode><faultstring>Đơn vị &quot;X&quot; \n không có\
             </faultstring><detail><x>&amp;</x></detail></S:Fault>"
        ))
    };
    let soap12 = |code: &str, sub: &str| {
        envelope(&format!(
            "<S:Fault><S:Code><S:Value>{code}</S:Value><S:Subcode><S:Value>{sub}</S:Value>\
             </S:Subcode></S:Code><S:Reason><S:Text xml:lang=\"vi\">Sai tham số</S:Text>\
             </S:Reason></S:Fault>"
        ))
    };
    let busy = PullFailure::Busy { retry_after: None };
    let cases = [
        (500, soap11("S:Server"), refused("Server: Đơn vị \"X\" không có")),
        (200, soap11("S:Client"), refused("Client: Đơn vị \"X\" không có")),
        (500, soap11("wsse:FailedAuthentication"), PullFailure::Unauthorised),
        (500, soap11("app:NoSession"), PullFailure::Unauthorised),
        (500, soap11("app:Overload"), busy),
        (400, soap12("S:Sender", "app:BadDate"), refused("BadDate: Sai tham số")),
        (500, soap12("S:Sender", "wsse:InvalidSecurityToken"), PullFailure::Unauthorised),
        (401, soap11("S:Server"), PullFailure::Unauthorised),
        (
            500,
            "<html>error</html>".to_owned(),
            PullFailure::Unexpected("HTTP 500 without a SOAP fault".to_owned()),
        ),
    ];
    for (status, body, failure) in cases {
        let connection = "unauthorised = [\"NoSession\"]\nbusy = [\"Overload\"]";
        let error = read(status, body.clone(), connection, "").await.expect_err("a fault");
        assert_eq!(error.failure, failure, "{status} {body}");
    }
}

#[tokio::test]
async fn a_failure_told_in_the_body_is_a_failure() {
    let feed = "success = { path = \"Answer.Code\", equals = [\"0\"], message = \"Answer.Why\", \
                unauthorised = [\"9\"] }";
    let body =
        |code: &str| envelope(&format!("<Answer><Code>{code}</Code><Why>vì sao</Why></Answer>"));
    assert!(read(200, body(" 0 "), "", feed).await.is_ok());
    let error = read(200, body("7"), "", feed).await.expect_err("a failure");
    assert_eq!(error.failure, PullFailure::Refused("7: vì sao".to_owned()));
    let error = read(200, body("9"), "", feed).await.expect_err("a failure");
    assert_eq!(error.failure, PullFailure::Unauthorised);
}

#[tokio::test]
async fn what_is_no_answer_is_told_with_its_place_and_not_with_its_words() {
    let name = "Nguyễn Văn Riêng Tư";
    let deep = format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000));
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\
                <S:Envelope>&b;</S:Envelope>";
    let cases = [
        (envelope(&format!("<Answer><List><Row>{name}")), "it is not XML at byte"),
        (format!("<S:Envelope><S:Body>{name}"), "the XML ends too early"),
        (format!("<Answer>{name}</Answer>"), "it is not a SOAP envelope"),
        (format!("{name}<S:Envelope/>"), "it is not XML at byte 0"),
        (bomb.to_owned(), "it has a document type (DTD)"),
        (envelope(&deep), "it is nested too deep"),
        (envelope("&unknown;"), "it has an unknown reference"),
        (
            "<?xml version=\"1.0\" encoding=\"utf-16\"?><S:Envelope/>".to_owned(),
            "another encoding than UTF-8",
        ),
        ("{\"json\": true}".to_owned(), "it is not XML"),
        (String::new(), "the XML ends too early"),
    ];
    for (body, expected) in cases {
        let error = read(200, body, "", "").await.expect_err(expected);
        assert_eq!(error.code(), "LT-2005", "{expected}");
        assert!(error.to_string().contains(expected), "{error} should say {expected}");
        assert!(!shown(&error).contains("Riêng"), "{}", shown(&error));
    }
    let error = read(200, b"<S:Envelope>\xff</S:Envelope>".to_vec(), "", "").await;
    let error = error.expect_err("not UTF-8").to_string();
    assert!(error.contains("it is not UTF-8 at byte 12"), "{error}");
}
