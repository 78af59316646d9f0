//! The demo, as a newcomer runs it.

use serde_json::Value;

use crate::world::World;

fn demo(world: &World) -> Value {
    let data = world.path("demo").display().to_string();
    let output = world.lienthong(&["demo", "--once", "--json", "--data", &data]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn number(feed: &Value, name: &str) -> u64 {
    feed[name].as_u64().unwrap_or_else(|| panic!("{name} of {feed}"))
}

#[test]
fn what_was_pulled_is_accepted_or_quarantined_and_what_was_accepted_is_delivered() {
    let world = World::new();
    let report = demo(&world);
    let feeds = report["feeds"].as_array().unwrap();
    assert!(feeds.len() >= 4, "{report}");
    let mut delivered = 0;
    for feed in feeds {
        assert!(number(feed, "pulled") > 0, "{feed}");
        assert_eq!(
            number(feed, "pulled"),
            number(feed, "accepted") + number(feed, "quarantined"),
            "{feed}"
        );
        assert_eq!(number(feed, "delivered"), number(feed, "accepted"), "{feed}");
        delivered += number(feed, "delivered");
    }
    let quarantined: u64 = feeds.iter().map(|feed| number(feed, "quarantined")).sum();
    assert!(quarantined > 0, "some samples are faulty on purpose");
    assert_eq!(report["hub"]["doubled"], 0);
    assert!(number(&report["hub"], "records") <= delivered);

    let again = demo(&world);
    assert_eq!(again["hub"], report["hub"], "a second run delivers nothing twice");
    assert_eq!(again["feeds"], report["feeds"]);
}
