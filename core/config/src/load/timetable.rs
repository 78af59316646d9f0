//! From what an operator writes about times to a timetable.

use lienthong_adapter_api::Section;
use lienthong_diagnostics::Problem;

use crate::bounds;
use crate::schedule::{Calendar, CronTimes, Schedule, Window};
use crate::settings::{CalendarSettings, ScheduleSettings};

/// Reads a schedule. A faulty one is said and replaced by the default.
pub(super) fn schedule(
    section: &Section,
    settings: &ScheduleSettings,
    problems: &mut Vec<Problem>,
) -> Schedule {
    let Schedule::Every { secs, jitter_percent } = Schedule::default() else {
        return Schedule::default();
    };
    let secs = settings.every_secs.unwrap_or(secs);
    let jitter_percent = settings.jitter_percent.unwrap_or(jitter_percent);
    bounds::range(section, "every_secs", secs, 1..=2_678_400, problems);
    bounds::range(section, "jitter_percent", jitter_percent, 0..=50, problems);
    let Some(cron) = &settings.cron else { return Schedule::Every { secs, jitter_percent } };
    let other = ["every_secs", "jitter_percent"].into_iter().find(|key| match *key {
        "every_secs" => settings.every_secs.is_some(),
        _ => settings.jitter_percent.is_some(),
    });
    if let Some(other) = other {
        problems.push(section.problem_at(
            section.span_of(other),
            "LT-1017",
            "a schedule is an interval or a cron expression, not both",
            format!("`cron` is there as well as `{other}`"),
            Some(format!("remove `cron` or `{other}`")),
        ));
    }
    match CronTimes::parse(cron) {
        Ok(times) => Schedule::Cron(Box::new(times)),
        Err(reason) => {
            problems.push(section.problem_at(
                section.span_of("cron"),
                "LT-1017",
                format!("this is not a cron expression: {reason}"),
                "not a cron expression",
                Some("minute, hour, day, month, weekday: `0 2 * * *` is every night at two".into()),
            ));
            Schedule::default()
        }
    }
}

/// Reads a calendar.
pub(super) fn calendar(
    section: &Section,
    settings: &CalendarSettings,
    problems: &mut Vec<Problem>,
) -> Calendar {
    let mut refuse = |list: &str, index: usize, reason: String| {
        let element = section.child(list, "").element(index, "");
        let text = format!("this is not part of a calendar: {reason}");
        problems.push(section.problem_at(element.span(), "LT-1017", text, "not understood", None));
    };
    let mut windows = Vec::new();
    for (index, text) in settings.allowed.iter().enumerate() {
        match Window::parse(text) {
            Ok(window) => windows.push(window),
            Err(reason) => refuse("allowed", index, reason),
        }
    }
    let mut closed = Vec::new();
    for (index, text) in settings.closed.iter().enumerate() {
        match text.parse() {
            Ok(day) => closed.push(day),
            Err(_) => refuse("closed", index, "a day is written `2026-09-02`".to_owned()),
        }
    }
    Calendar::new(windows, closed)
}
