//! What the settings say of the keep, checked.

use lienthong_adapter_api::Section;
use lienthong_keep::{Key, Options};

use super::Loading;
use crate::bounds;
use crate::settings::KeepSettings;

impl Loading<'_> {
    /// Reads how raw items are kept; nothing if they are not.
    pub(super) fn keep(&mut self, root: &Section, settings: &KeepSettings) -> Option<Options> {
        let section = root.child("keep", "the keep");
        let bytes_max = settings.bytes_max;
        let range = (1 << 20)..=(1 << 40);
        bounds::range(&section, "bytes_max", bytes_max, range, &mut self.problems);
        let reference = settings.key.as_ref().filter(|_| settings.enabled);
        let key = reference.and_then(|reference| {
            let before = self.problems.len();
            let secret = self.secrets.named(&section, "key", reference, &mut self.problems);
            if self.problems.len() > before {
                return None;
            }
            let key = Key::parse(secret.expose());
            if key.is_err() {
                self.problems.push(section.problem_at(
                    section.span_of("key"),
                    "LT-1003",
                    "the key of the keep must be 64 hexadecimal digits",
                    "the secret there is not a key",
                    Some("`openssl rand -hex 32` writes one".to_owned()),
                ));
            }
            key.ok()
        });
        settings.enabled.then_some(Options { bytes_max, key })
    }
}
