//! Ways to a system: TLS with an authority of one's own, and a proxy.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use super::super::{Call, Reply};
use super::{build, client, now};
use lienthong_adapter_api::{PullError, PullFailure};

/// Serves one text over TLS under a certificate of an authority made for this test. Gives the
/// address and the authority's certificate.
async fn serve_tls() -> (String, String) {
    let authority_key = KeyPair::generate().expect("a key");
    let mut authority = CertificateParams::new(Vec::new()).expect("parameters");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let certificate = authority.self_signed(&authority_key).expect("a certificate");
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().expect("a key");
    let names = vec!["localhost".to_owned()];
    let parameters = CertificateParams::new(names).expect("parameters");
    let served = parameters.signed_by(&key, &issuer).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![served.der().clone()], key)
        .expect("a certificate and its key");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    #[expect(clippy::disallowed_methods, reason = "the server runs beside the test")]
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(connection).await else { continue };
            let mut request = [0; 4096];
            if stream.read(&mut request).await.is_ok() {
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n[]";
                drop(stream.write_all(answer).await);
                drop(stream.shutdown().await);
            }
        }
    });
    (format!("https://localhost:{port}"), certificate.pem())
}

async fn ask(settings: &str) -> Result<Reply, PullError> {
    let client = build(settings).expect("usable settings");
    client.send(&Call { path: "/x".to_owned(), ..Call::default() }, Some(now())).await
}

#[tokio::test]
async fn an_authority_of_ones_own_is_trusted_where_it_is_named_and_nowhere_else() {
    let (base, pem) = serve_tls().await;
    let folder = std::env::temp_dir().join(format!("lienthong-tls-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("authority.pem");
    std::fs::write(&file, pem).expect("a file");
    let named =
        format!("base_url = \"{base}\"\n[http]\nroot_certificates = \"{}\"", file.display());
    let reply = ask(&named).await.expect("a trusted certificate");
    assert_eq!(&reply.body[..], b"[]");
    let error = ask(&format!("base_url = \"{base}\"")).await.expect_err("an unknown authority");
    assert_eq!(error.failure, PullFailure::Unreachable);
    let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
    assert!(cause.contains("certificate"), "{cause}");
    // The certificate is for another name than this address.
    let elsewhere = named.replace("localhost", "127.0.0.1");
    let error = ask(&elsewhere).await.expect_err("another name");
    assert_eq!(error.failure, PullFailure::Unreachable);
    std::fs::remove_dir_all(&folder).expect("a folder");
}

#[tokio::test]
async fn a_proxy_is_asked_for_the_whole_address() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let proxy = listener.local_addr().expect("an address");
    let client = client("http://system.example", &format!("[http]\nproxy = \"http://{proxy}\""));
    let call = Call { path: "/x".to_owned(), ..Call::default() };
    let serve = async {
        let (mut connection, _) = listener.accept().await.expect("a connection");
        let mut request = vec![0; 4096];
        let length = connection.read(&mut request).await.expect("a request");
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]";
        connection.write_all(answer).await.expect("an answer");
        String::from_utf8_lossy(&request[..length]).into_owned()
    };
    let (reply, request) = tokio::join!(client.send(&call, Some(now())), serve);
    assert_eq!(reply.expect("an answer").status, 200);
    assert!(request.starts_with("GET http://system.example/x HTTP/1.1"), "{request}");
}
