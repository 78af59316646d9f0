use jiff::Timestamp;

use super::{Calendar, CronTimes, Schedule, Timetable, Window};

fn at(text: &str) -> Timestamp {
    format!("{text}:00+07:00").parse().expect("a time")
}

fn calendar(windows: &[&str], closed: &[&str]) -> Calendar {
    let windows = windows.iter().map(|window| Window::parse(window).expect("a window"));
    let closed = closed.iter().map(|day| day.parse().expect("a day"));
    Calendar::new(windows.collect(), closed.collect())
}

#[test]
fn a_calendar_opens_at_its_windows() {
    let office = calendar(
        &["Mon-Fri 07:00-11:30", "Mon-Fri 13:00-17:00", "Sat 07:00-11:30"],
        &["2025-09-02"],
    );
    let check = |from: &str, open: &str| {
        assert_eq!(office.allowed_from(at(from)), Some(at(open)), "from {from}");
    };
    check("2025-06-20T09:15", "2025-06-20T09:15");
    check("2025-06-20T11:30", "2025-06-20T13:00");
    check("2025-06-20T18:00", "2025-06-21T07:00");
    check("2025-06-21T11:30", "2025-06-23T07:00");
    check("2025-09-01T17:00", "2025-09-03T07:00");
    check("2025-09-02T09:00", "2025-09-03T07:00");
}

#[test]
fn windows_may_span_the_week_end_and_end_at_midnight() {
    let nights = calendar(&["Sat-Mon 22:00-24:00"], &[]);
    assert!(nights.allows(at("2025-06-22T23:59")));
    assert!(nights.allows(at("2025-06-23T22:00")));
    assert!(!nights.allows(at("2025-06-24T22:00")));
    assert!(!nights.allows(at("2025-06-23T00:00")));
}

#[test]
fn faulty_windows_are_refused() {
    let faulty = [
        "",
        "Mon",
        "Mon 07:00",
        "Mo 07:00-08:00",
        "Mon 7:00-08:00",
        "Mon 08:00-07:00",
        "Mon 07:00-25:00",
        "Mon-Fri-Sat 07:00-08:00",
        "Mon 22:00-06:00",
    ];
    for text in faulty {
        assert!(Window::parse(text).is_err(), "{text}");
    }
}

#[test]
fn an_interval_is_jittered_and_kept_within_the_calendar() {
    let mut table = Timetable {
        schedule: Schedule::Every { secs: 600, jitter_percent: 10 },
        calendar: Calendar::default(),
    };
    let from = at("2025-06-20T16:55");
    assert_eq!(table.next_after(from, 0.0), Some(at("2025-06-20T17:05")));
    assert_eq!(table.next_after(from, 1.0), Some(at("2025-06-20T17:06")));
    assert_eq!(table.next_after(from, -1.0), Some(at("2025-06-20T17:04")));
    table.calendar = calendar(&["Mon-Fri 07:00-17:00"], &[]);
    assert_eq!(table.next_after(from, 0.0), Some(at("2025-06-23T07:00")));
}

#[test]
fn cron_times_are_vietnamese_and_those_outside_the_calendar_are_left_out() {
    let cron = |text| Schedule::Cron(Box::new(CronTimes::parse(text).expect("a cron expression")));
    let mut table = Timetable { schedule: cron("0 2 * * *"), calendar: Calendar::default() };
    let from = at("2025-06-20T02:00");
    assert_eq!(table.next_after(from, 0.9), Some(at("2025-06-21T02:00")));
    table.calendar = calendar(&["Mon-Fri 00:00-06:00"], &[]);
    assert_eq!(table.next_after(from, 0.0), Some(at("2025-06-23T02:00")));
    table.calendar = calendar(&["daily 08:00-10:00"], &[]);
    assert_eq!(table.next_after(from, 0.0), None, "never at two");
}

#[test]
fn a_cron_expression_has_five_fields() {
    for text in ["", "* * *", "* * * * * *", "61 * * * *", "often"] {
        assert!(CronTimes::parse(text).is_err(), "{text}");
    }
}

#[test]
fn a_calendar_that_never_opens_has_no_next_time() {
    let days = jiff::civil::date(2025, 1, 1).series(jiff::Span::new().days(1)).take(800);
    let table = Timetable {
        schedule: Schedule::default(),
        calendar: Calendar::new(Vec::new(), days.collect()),
    };
    assert_eq!(table.next_after(at("2025-02-01T00:00"), 0.0), None);
}
