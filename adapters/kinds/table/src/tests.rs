//! What holds for the kind as a whole.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use lienthong_adapter_api::{
    Adapter, Blueprint, Cursor, PullRequest, Secret, SecretError, SecretReader, SecretRef, Section,
};

use crate::KIND;

struct NoSecrets;

impl SecretReader for NoSecrets {
    fn read(&self, _: &SecretRef) -> Result<Secret, SecretError> {
        Err(SecretError::NoVariable("none".to_owned()))
    }
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..").canonicalize().unwrap()
}

/// The adapter of `gso-monthly` over a folder.
fn gso(folder: &Path) -> Box<dyn Adapter> {
    let system = repository().join("adapters/systems/gso-monthly");
    let text = std::fs::read_to_string(system.join("adapter.toml")).unwrap();
    let whole = Section::parse("adapter.toml", text, "the system").unwrap();
    let settings = format!("folder = {:?}\nsettle_secs = 0", folder.to_str().unwrap());
    let settings = Section::parse("settings.toml", settings, "adapter `table`").unwrap();
    let feeds = whole.child("feeds", "feeds");
    let feeds = feeds
        .keys()
        .into_iter()
        .map(|name| {
            let read = feeds.child(&name, "feed").child("read", "adapter `table`");
            (name, read)
        })
        .collect();
    let blueprint = Blueprint {
        source: "gso".to_owned(),
        settings,
        connection: whole.child("connection", "adapter `table`"),
        feeds,
        system_folder: system.clone(),
        settings_folder: system,
    };
    match (KIND.build)(&blueprint, &NoSecrets) {
        Ok(adapter) => adapter,
        Err(error) => panic!("{:#?}", error.problems),
    }
}

async fn pull(adapter: &dyn Adapter, feed: &str, items_max: usize) -> (Vec<String>, Vec<String>) {
    let mut cursor: Option<Cursor> = None;
    let (mut items, mut faults) = (Vec::new(), Vec::new());
    loop {
        let now: Timestamp = "2030-01-01T00:00:00Z".parse().unwrap();
        let request =
            PullRequest { feed, after: cursor.as_ref(), items_max, bytes_max: 1 << 20, now };
        let page = adapter.pull(request).await.unwrap();
        for item in page.items() {
            items.push(String::from_utf8(item.bytes.to_vec()).unwrap());
        }
        for fault in page.faults() {
            faults.push(format!(
                "{} {} {:?} x{} {:?}",
                fault.code, fault.reason, fault.position, fault.items, fault.origin
            ));
        }
        if page.next.is_some() {
            cursor = page.next.clone();
        }
        if !page.more {
            return (items, faults);
        }
    }
}

#[tokio::test]
async fn drive() {
    let Ok(folder) = std::env::var("GSO_DIR") else { return };
    let adapter = gso(Path::new(&folder));
    for line in adapter.check().await.unwrap().findings {
        println!("CHECK {line}");
    }
    for feed in ["price-index", "production-index"] {
        let (items, faults) = pull(&*adapter, feed, 500).await;
        println!("FEED {feed} {} items {} faults", items.len(), faults.len());
        for fault in faults {
            println!("FAULT {fault}");
        }
        for item in items {
            println!("ITEM {item}");
        }
    }
}
