use lienthong_diagnostics::{Level, Paint, render};

use crate::load::tests::World;
use crate::{Environment, HubPlan, HubRequest, Library, Problem, load_hub};

const SETTINGS: &str = r#"listen = "127.0.0.1:0"
operator = { file = "secrets/token" }

[agencies.H22]
name = "Hà Giang"
token = { env = "H22" }
token_next = { env = "H22_NEXT" }
portal = { username = "h22", password = { env = "PORTAL" } }

[agencies.G04]
name = "Bộ Giao thông vận tải"
token = { env = "G04" }

[limits]
requests_per_sec = 5
"#;

fn loaded(settings: &str, overrides: &[(&str, &str)]) -> Result<HubPlan, (World, Vec<Problem>)> {
    let world = World::new();
    world.write("hub.toml", settings);
    let environment =
        Environment::new([("H22", "a"), ("H22_NEXT", "b"), ("G04", "c"), ("PORTAL", "d")]);
    let overrides: Vec<_> =
        overrides.iter().map(|(way, value)| ((*way).to_owned(), (*value).to_owned())).collect();
    let request = HubRequest {
        settings: &world.path("hub.toml"),
        overrides: &overrides,
        library: Library::Folder(world.path("library")),
        environment: &environment,
    };
    let plan = load_hub(&request);
    plan.map_err(|problems| (world, problems))
}

fn answer(settings: &str, overrides: &[(&str, &str)]) -> String {
    let (world, problems) = loaded(settings, overrides).expect_err("has problems");
    world.without_folder(&render(&problems, Level::Error, Paint::Plain))
}

#[test]
fn a_hub_is_told_who_may_send() {
    let plan = loaded(SETTINGS, &[("limits.requests_burst", "9")]).map_err(|(_, all)| all);
    let plan = plan.expect("is right");
    let agencies: Vec<_> = plan
        .agencies
        .iter()
        .map(|agency| (agency.code.as_str(), agency.tokens.len(), agency.portal.is_some()))
        .collect();
    assert_eq!(agencies, [("G04", 1, false), ("H22", 2, true)]);
    assert_eq!((plan.limits.requests_per_sec, plan.limits.requests_burst), (5, 9));
    assert_eq!(plan.operator.as_ref().map(|token| token.expose().to_owned()), Some("token".into()));
    assert!(!format!("{plan:?}").contains("\"c\""));
}

#[test]
fn two_agencies_never_share_a_token() {
    insta::assert_snapshot!(answer(&SETTINGS.replace("\"G04\"", "\"H22_NEXT\""), &[]));
}

#[test]
fn problems_of_a_hub_are_told_at_once() {
    let settings = SETTINGS
        .replace("agencies.G04", "agencies.4G")
        .replace("{ env = \"PORTAL\" }", "{ env = \"NONE\" }")
        .replace("requests_per_sec = 5", "requests_per_sec = 0");
    insta::assert_snapshot!(answer(&settings, &[("portal_session_secs", "1")]));
}
