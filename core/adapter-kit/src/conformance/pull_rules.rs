//! The rules of pulling and checking.

use lienthong_adapter_api::{CensusWindow, Cursor, Disposition, PullError};

use super::fixture::Conformance;
use super::walk::{Gait, Seen, described, pull};

/// The most bytes of a fault's excerpt: it is kept in quarantine.
const EXCERPT_MAX: usize = 64 << 10;

type Found = Result<(), String>;

impl Conformance {
    pub(super) async fn pull_is_repeatable(&self) -> Found {
        let (pages, _) = self.walk(Gait { is_repeated: true, ..Gait::STEADY }).await?;
        self.compare(&pages)
    }

    pub(super) async fn pages_chain(&self) -> Found {
        for items_max in [1, 2, 1000] {
            let (pages, _) = self.walk(Gait { items_max, ..Gait::STEADY }).await?;
            self.compare(&pages).map_err(|why| format!("{items_max} items a page: {why}"))?;
        }
        Ok(())
    }

    pub(super) async fn items_max_holds(&self) -> Found {
        for items_max in [1, 2, 7] {
            let (pages, _) = self.walk(Gait { items_max, ..Gait::STEADY }).await?;
            if let Some(page) = pages.iter().find(|page| page.items.len() > items_max) {
                return Err(format!("{} items instead of {items_max}", page.items.len()));
            }
        }
        Ok(())
    }

    pub(super) async fn bytes_max_holds(&self) -> Found {
        let largest = self.items.iter().map(Vec::len).max().unwrap_or_default();
        for bytes_max in [largest.max(64) * 2, largest.max(64) * 5] {
            let gait = Gait { items_max: 1000, bytes_max, ..Gait::STEADY };
            let (pages, _) = self.walk(gait).await?;
            if let Some(page) = pages.iter().find(|page| page.bytes > bytes_max) {
                return Err(format!("{} bytes instead of {bytes_max}", page.bytes));
            }
            self.compare_items(&pages).map_err(|why| format!("{bytes_max} bytes a page: {why}"))?;
        }
        Ok(())
    }

    pub(super) async fn cursor_survives_as_text(&self) -> Found {
        let (_, cursor) = self.walk(Gait::STEADY).await?;
        let Some(cursor) = cursor else {
            return if self.items.is_empty() { Ok(()) } else { Err("there is no cursor".into()) };
        };
        // It is stored as JSON, and compared as text by whoever looks for movement.
        let value: serde_json::Value = cursor.read().map_err(|error| error.to_string())?;
        let again = Cursor::write(&value).map_err(|error| error.to_string())?;
        let adapter = self.build()?;
        pull(&*adapter, self.request(Some(&again), Gait::STEADY)).await.map(drop)
    }

    pub(super) async fn restart_goes_on(&self) -> Found {
        let steady = self.walk(Gait::STEADY).await?;
        let restarted = self.walk(Gait { is_restarted: true, ..Gait::STEADY }).await?;
        self.compare(&restarted.0)?;
        if steady == restarted { Ok(()) } else { Err("the pages or cursors differ".to_owned()) }
    }

    pub(super) async fn end_is_stable(&self) -> Found {
        let (_, cursor) = self.walk(Gait::STEADY).await?;
        let adapter = self.build()?;
        for _ in 0..2 {
            let page = pull(&*adapter, self.request(cursor.as_ref(), Gait::STEADY)).await?;
            if !page.is_empty() || page.more {
                return Err(format!("{} items again, more: {}", page.len(), page.more));
            }
        }
        Ok(())
    }

    pub(super) async fn foreign_cursor_is_refused(&self) -> Found {
        let adapter = self.build()?;
        let foreign =
            ["{\"kind\":\"another-kind\",\"position\":7}", "[]", "{}", "7", "\"x\"", "null"];
        for text in foreign {
            let cursor = Cursor::from_text(text.to_owned()).map_err(|error| error.to_string())?;
            let request = self.request(Some(&cursor), Gait::STEADY);
            refused(adapter.pull(request).await.map(drop), "LT-2007")
                .map_err(|why| format!("{text}: {why}"))?;
        }
        Ok(())
    }

    pub(super) async fn unknown_feed_is_refused(&self) -> Found {
        let adapter = self.build()?;
        let mut request = self.request(None, Gait::STEADY);
        request.feed = "no-such-feed";
        refused(adapter.pull(request).await.map(drop), "LT-2009")
    }

    pub(super) async fn check_changes_nothing(&self) -> Found {
        let adapter = self.build()?;
        let state = (self.fingerprint)(self);
        let before = Seen::of(&pull(&*adapter, self.request(None, Gait::STEADY)).await?);
        let checkup = adapter.check().await.map_err(|error| described(&error))?;
        if checkup.findings.is_empty() {
            return Err("it says nothing".to_owned());
        }
        let after = Seen::of(&pull(&*adapter, self.request(None, Gait::STEADY)).await?);
        if before != after {
            return Err("the first page is another one afterwards".to_owned());
        }
        if state != (self.fingerprint)(self) {
            return Err("the source is not what it was before".to_owned());
        }
        Ok(())
    }

    pub(super) async fn faults_are_placed(&self) -> Found {
        let adapter = self.build()?;
        let mut after = None;
        loop {
            let page = pull(&*adapter, self.request(after.as_ref(), Gait::STEADY)).await?;
            for fault in page.faults() {
                let is_whole = fault.code.starts_with("LT-2")
                    && !fault.reason.is_empty()
                    && !fault.origin.is_empty()
                    && fault.items > 0
                    && fault.excerpt.len() <= EXCERPT_MAX;
                if !is_whole {
                    return Err(format!("{fault:?}"));
                }
            }
            let more = page.more;
            after = page.next.or(after);
            if !more {
                return Ok(());
            }
        }
    }

    pub(super) async fn census_is_as_described(&self) -> Found {
        let adapter = self.build()?;
        let window = CensusWindow { feed: &self.feed, from: self.now, until: self.now };
        let counted = adapter.census(window).await.map_err(|error| described(&error))?;
        match (self.kind.can_census, counted) {
            (true, None) => Err("it says that it can count, and did not".to_owned()),
            (false, Some(_)) => Err("it says that it can't count, and did".to_owned()),
            _ => Ok(()),
        }
    }

    /// Looks for the secrets in everything that is said about them.
    pub(super) async fn secrets_stay_hidden(&self) -> Found {
        let mut said = Vec::new();
        let blueprint = self.blueprint()?;
        said.push(format!("{blueprint:?}"));
        let adapter = self.build()?;
        match adapter.check().await {
            Ok(checkup) => said.push(format!("{checkup:?}")),
            Err(error) => said.push(described(&error)),
        }
        let foreign = Cursor::from_text("[]".to_owned()).map_err(|error| error.to_string())?;
        for after in [None, Some(&foreign)] {
            let mut request = self.request(after, Gait::STEADY);
            for feed in [self.feed.as_str(), "no-such-feed"] {
                request.feed = feed;
                match adapter.pull(request).await {
                    Ok(page) => {
                        let places = page.items().map(|item| item.place.to_string());
                        said.extend(places);
                        said.extend(page.faults().iter().map(|fault| format!("{fault:?}")));
                        said.extend(page.next.map(|next| next.as_text().to_owned()));
                    }
                    Err(error) => said.push(described(&error)),
                }
            }
        }
        for (name, value) in &self.secrets.0 {
            if said.iter().any(|text| text.contains(value.as_str())) {
                return Err(format!("the secret `{name}` is shown"));
            }
        }
        Ok(())
    }
}

fn refused(result: Result<(), PullError>, code: &str) -> Found {
    match result {
        Ok(()) => Err("it was taken".to_owned()),
        Err(error) if error.code() != code => Err(described(&error)),
        Err(error) if error.disposition() != Disposition::Halt => {
            Err("it is tried again".to_owned())
        }
        Err(_) => Ok(()),
    }
}
