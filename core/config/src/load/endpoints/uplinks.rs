//! The types of endpoints, each read by its own settings.

use std::sync::Arc;

use lienthong_adapter_api::{SecretRef, Section};
use lienthong_standard::contract::{EndpointContract, Way};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Loading, Read};
use crate::bounds;
use crate::endpoint::{
    BodyRule, DvcBoUplink, DvcqgUplink, EndpointKind, HeaderValue, HttpAuth, HttpUplink, HubUplink,
    SuccessRule,
};
use crate::load::is_data;
use crate::load::text_of;
use crate::settings::{
    BasicAuthSettings, BearerAuthSettings, DvcBoEndpointSettings, DvcqgEndpointSettings,
    HttpEndpointSettings, HubEndpointSettings, StatusRange, TextOrSecret,
};

/// Only the type; the rest is read once it is known, so that every problem keeps its place.
#[derive(Deserialize)]
struct Tag<T> {
    #[serde(rename = "type")]
    tag: T,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum EndpointType {
    Hub,
    Http,
    Dvcqg,
    DvcBo,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum AuthType {
    Basic,
    Bearer,
}

impl Loading<'_> {
    /// Reads one endpoint by its type.
    pub(super) fn endpoint(&mut self, section: &Section) -> Option<Read> {
        match self.read::<Tag<EndpointType>>(section)?.tag {
            EndpointType::Hub => self.hub(section),
            EndpointType::Http => self.http(section),
            EndpointType::Dvcqg => self.dvcqg(section),
            EndpointType::DvcBo => self.dvc_bo(section),
        }
    }

    fn read<T: DeserializeOwned>(&mut self, section: &Section) -> Option<T> {
        match section.read() {
            Ok(read) => Some(read),
            Err(problems) => {
                self.problems.extend(problems);
                None
            }
        }
    }

    /// Checks the address before the rest is read, so that one fault does not hide the other.
    fn address(&mut self, section: &Section) -> String {
        self.address_of(section, "url")
    }

    fn address_of(&mut self, section: &Section, key: &str) -> String {
        let written = text_of(section, key).unwrap_or_default();
        if written.is_empty() {
            return written;
        }
        bounds::address(section, key, &written, &mut self.problems, &mut self.warnings)
    }

    fn hub(&mut self, section: &Section) -> Option<Read> {
        let url = self.address(section);
        let read: HubEndpointSettings = self.read(section)?;
        let kind = EndpointKind::Hub(HubUplink {
            url,
            token: self.secret(section, "token", &read.token),
            tls_root: read.tls_root.map(|file| self.folder.join(file)),
        });
        let (name, feeds, delivery) = (read.name, read.feeds, read.delivery);
        Some(Read { name, feeds, delivery, kind, takes: None })
    }

    fn http(&mut self, section: &Section) -> Option<Read> {
        let url = self.address(section);
        let auth = self.auth(&section.child("auth", "the login"));
        self.refuse_open_credentials(&section.child("headers", "the headers"));
        let read: HttpEndpointSettings = self.read(section)?;
        bounds::range(section, "records_max", read.records_max, 1..=500, &mut self.problems);
        let success = section.child("success", "the success rule");
        if read.success.path.is_empty() != read.success.equals.is_none() {
            self.problems.push(success.problem_at(
                success.span(),
                "LT-1003",
                "`path` and `equals` say together what the answer must hold",
                "one of them is missing",
                None,
            ));
        }
        let ranges = |written: Vec<StatusRange>| written.into_iter().map(|range| range.0).collect();
        let body = read.success.equals.map(|equals| BodyRule { path: read.success.path, equals });
        let mut headers = Vec::new();
        let at = section.child("headers", "the headers");
        for (name, value) in read.headers {
            let value = self.header(&at, &name, value);
            headers.push((name, value));
        }
        let kind = EndpointKind::Http(Box::new(HttpUplink {
            url,
            method: read.method,
            body: read.body,
            compression: read.compression,
            headers,
            auth,
            success: SuccessRule { statuses: ranges(read.success.statuses), body },
            refuse_statuses: ranges(read.refuse_statuses),
            records_max: read.records_max,
            tls_root: read.tls_root.map(|file| self.folder.join(file)),
        }));
        let (name, feeds, delivery) = (read.name, read.feeds, read.delivery);
        Some(Read { name, feeds, delivery, kind, takes: None })
    }

    fn header(&mut self, section: &Section, name: &str, value: TextOrSecret) -> HeaderValue {
        let is_name = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        if name.is_empty() || !name.chars().all(is_name) {
            self.problems.push(section.problem_at(
                section.span_of(name),
                "LT-1003",
                format!("`{}` is not the name of a header", name.escape_debug()),
                "not a header",
                None,
            ));
        }
        match value {
            TextOrSecret::Text(text) => HeaderValue::Text(text),
            TextOrSecret::Secret(reference) => {
                HeaderValue::Secret(self.secret(section, name, &reference))
            }
        }
    }

    /// A header that lets somebody in is a secret, however it is called.
    fn refuse_open_credentials(&mut self, section: &Section) {
        const LETS_IN: [&str; 5] = ["authorization", "cookie", "key", "token", "secret"];
        for name in section.keys() {
            let lower = name.to_lowercase();
            let lets_in = LETS_IN.iter().any(|word| lower.contains(word));
            if !lets_in || lower == "idempotency-key" || text_of(section, &name).is_none() {
                continue;
            }
            self.problems.push(section.problem_at(
                section.span_of(&name),
                "LT-1006",
                SecretRef::LITERAL,
                "a literal secret",
                Some("keep it in a file or a variable: { file = \"…\" }".to_owned()),
            ));
        }
    }

    fn auth(&mut self, section: &Section) -> HttpAuth {
        if !section.is_present() {
            return HttpAuth::None;
        }
        let read = self.read::<Tag<AuthType>>(section);
        let auth = read.and_then(|read| match read.tag {
            AuthType::Basic => {
                let BasicAuthSettings { username, password, .. } = self.read(section)?;
                let password = self.secret(section, "password", &password);
                Some(HttpAuth::Basic { username, password })
            }
            AuthType::Bearer => {
                let BearerAuthSettings { token, .. } = self.read(section)?;
                Some(HttpAuth::Bearer { token: self.secret(section, "token", &token) })
            }
        });
        auth.unwrap_or(HttpAuth::None)
    }

    fn dvcqg(&mut self, section: &Section) -> Option<Read> {
        let address = self.address(section);
        let read: DvcqgEndpointSettings = self.read(section)?;
        bounds::range(section, "session_secs", read.session_secs, 10..=21_600, &mut self.problems);
        bounds::agency(section, "unit", &read.unit, &mut self.problems);
        let password = self.secret(section, "password", &read.password);
        let contract = self.contract(section, &read.contract)?;
        let Way::Session(session, envelope) = contract.way.clone() else {
            self.other_way(section, &read.contract, "dvc-bo");
            return None;
        };
        let takes = Some(contract.record_types().map(str::to_owned).collect());
        let kind = EndpointKind::Dvcqg(Box::new(DvcqgUplink {
            url: address,
            login_path: read.login_path,
            service_path: read.service_path,
            username: read.username,
            password,
            destination: read.destination,
            unit: read.unit,
            session_secs: read.session_secs,
            contract,
            session,
            envelope,
            tls_root: read.tls_root.map(|file| self.folder.join(file)),
        }));
        let (name, feeds, delivery) = (read.name, read.feeds, read.delivery);
        Some(Read { name, feeds, delivery, kind, takes })
    }

    fn dvc_bo(&mut self, section: &Section) -> Option<Read> {
        let url = self.address(section);
        let token_url = self.address_of(section, "token_url");
        let read: DvcBoEndpointSettings = self.read(section)?;
        bounds::agency(section, "unit", &read.unit, &mut self.problems);
        let client_secret = self.secret(section, "client_secret", &read.client_secret);
        let contract = self.contract(section, &read.contract)?;
        let Way::Token(login) = contract.way.clone() else {
            self.other_way(section, &read.contract, "dvcqg");
            return None;
        };
        let takes = Some(contract.record_types().map(str::to_owned).collect());
        let kind = EndpointKind::DvcBo(Box::new(DvcBoUplink {
            url,
            token_url,
            client_id: read.client_id,
            client_secret,
            scope: read.scope,
            unit: read.unit,
            contract,
            login,
            tls_root: read.tls_root.map(|file| self.folder.join(file)),
        }));
        let (name, feeds, delivery) = (read.name, read.feeds, read.delivery);
        Some(Read { name, feeds, delivery, kind, takes })
    }

    /// A contract that is spoken in another way than the endpoint's type says.
    fn other_way(&mut self, section: &Section, name: &str, other: &str) {
        self.problems.push(section.problem_at(
            section.span_of("contract"),
            "LT-1024",
            format!("the contract `{name}` is not spoken by this type of endpoint"),
            "spoken otherwise",
            Some(format!("write `type = \"{other}\"`, or name another contract")),
        ));
    }

    /// Compiles an endpoint contract of the standard.
    fn contract(&mut self, section: &Section, name: &str) -> Option<Arc<EndpointContract>> {
        let standard = self.standard.clone()?;
        let folder = format!("mappings/standard/{}/", standard.name());
        let files = self.library.files(&folder, is_data, &mut self.problems);
        let known: Vec<&str> = files
            .under("contracts/")
            .filter_map(|(path, _)| path.strip_prefix("contracts/")?.strip_suffix(".toml"))
            .collect();
        if known.contains(&name) {
            return match EndpointContract::compile(name, &files, &standard) {
                Ok(contract) => Some(Arc::new(contract)),
                Err(problems) => {
                    self.problems.extend(problems);
                    None
                }
            };
        }
        let hint = match lienthong_diagnostics::nearest(name, known.iter().copied()) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None if known.is_empty() => "the standard has no contracts".to_owned(),
            None => format!("the standard's contracts are: {}", known.join(", ")),
        };
        self.problems.push(section.problem_at(
            section.span_of("contract"),
            "LT-1024",
            format!("standard `{}` has no endpoint contract `{name}`", standard.name()),
            "unknown contract",
            Some(hint),
        ));
        None
    }
}
