//! The choice of the cryptography that TLS runs on.

/// Installs `ring` as the process's TLS provider unless one is installed already.
///
/// reqwest is built without a provider of its own, so that a deployment can choose another one
/// before the first client is made. Which of several callers comes first makes no difference.
pub(super) fn install_provider() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // An error means that another thread was faster: a provider is installed either way.
        drop(rustls::crypto::ring::default_provider().install_default());
    }
}
