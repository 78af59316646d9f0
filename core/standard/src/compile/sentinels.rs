//! `sentinels.toml`: values that stand for none.

use std::collections::BTreeMap;
use std::sync::Arc;

use lienthong_adapter_api::Section;
use lienthong_diagnostics::Problem;
use toml::Spanned;

use super::raw::{self, Named, in_order};
use super::section;
use crate::sentinel::{Days, SentinelValues, Sentinels, Texts};
use crate::text::is_same;
use crate::{Date, Files};

/// Lists are looked through one by one.
const VALUES_MAX: usize = 32;

const PATH: &str = "sentinels.toml";

pub(super) fn compile(
    files: &Files,
    problems: &mut Vec<Problem>,
) -> BTreeMap<Arc<str>, Arc<Sentinels>> {
    let mut lists = BTreeMap::new();
    let Some(text) = files.get(PATH) else { return lists };
    let Some(section) = section(files, PATH, text, "a list of sentinels", problems) else {
        return lists;
    };
    let named = match section.read::<Named<raw::Sentinels>>() {
        Ok(named) => named,
        Err(found) => {
            problems.extend(found);
            return lists;
        }
    };
    for (name, written) in in_order(named) {
        let Some(values) = values(&section, &name, &written, problems) else { continue };
        let key: Arc<str> = Arc::from(name.get_ref().as_str());
        let raw::Sentinels { title, source, .. } = written;
        let list = Sentinels { name: Arc::clone(&key), title, source, values };
        lists.insert(key, Arc::new(list));
    }
    lists
}

fn values(
    section: &Section,
    name: &Spanned<String>,
    written: &raw::Sentinels,
    problems: &mut Vec<Problem>,
) -> Option<SentinelValues> {
    let mut wrong = |span, message: String| {
        problems.push(section.problem_at(span, "LT-4002", message, "", None));
    };
    match (&*written.texts, &*written.dates) {
        ([], []) | ([_, ..], [_, ..]) => {
            let message = format!("`{}` holds either `texts` or `dates`", name.get_ref());
            wrong(name.span(), message);
            None
        }
        (texts, dates) if texts.len() + dates.len() > VALUES_MAX => {
            wrong(name.span(), format!("a list holds up to {VALUES_MAX} values"));
            None
        }
        (texts @ [_, ..], []) => {
            for text in texts {
                if !is_same(text.get_ref(), text.get_ref()) {
                    wrong(text.span(), "the text has neither letter nor digit".to_owned());
                }
            }
            let texts = texts.iter().map(|text| Box::from(text.get_ref().as_str()));
            Some(SentinelValues::Texts(Texts::new(texts)))
        }
        ([], dates) => {
            let mut days = Vec::new();
            for date in dates {
                match Date::parse_iso(date.get_ref()) {
                    Some(day) => days.push(day),
                    None => wrong(date.span(), "this is no day, as in `1900-01-01`".to_owned()),
                }
            }
            Some(SentinelValues::Dates(Days::new(days)))
        }
    }
}
