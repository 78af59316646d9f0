//! What the columns mean: the first rule that a heading and its dates fit.

use std::collections::BTreeMap;

use crate::feed::{Against, ColumnRule, Layout, PeriodKind};
use crate::normalise::comparable;
use crate::pattern::{self, Dates, Pattern, dates};
use crate::period::{Month, ReportPeriod};

/// A column whose meaning is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) id: String,
    pub(crate) heading: String,
    pub(crate) period_kind: PeriodKind,
    pub(crate) period: OwnPeriod,
    /// What the heading's pattern found beside dates.
    pub(crate) captures: BTreeMap<String, String>,
}

/// The period that a column's figures are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OwnPeriod {
    Month(Month),
    Quarter { year: u16, quarter: u8 },
    Year(u16),
}

/// What became of a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    Known(Box<Column>),
    /// Left out on purpose.
    Skipped,
    Unexplained,
}

/// Finds what a heading means in a report of a period.
pub(crate) fn meaning(layout: &Layout, heading: &str, report: ReportPeriod) -> Meaning {
    let text = comparable(heading);
    for rule in &layout.columns {
        for candidate in &rule.any_of {
            if let Some(column) = fit(rule, candidate, heading, &text, report) {
                return Meaning::Known(Box::new(column));
            }
        }
    }
    if pattern::is_in_any(&layout.skip_columns, &text) {
        return Meaning::Skipped;
    }
    Meaning::Unexplained
}

fn fit(
    rule: &ColumnRule,
    pattern: &Pattern,
    heading: &str,
    text: &str,
    report: ReportPeriod,
) -> Option<Column> {
    let found = pattern.regex().captures(text)?;
    let dates = dates(&found);
    let own = own_month(dates, report);
    if let Some(months) = rule.months_before_report
        && own? != report.month()?.minus(months)?
    {
        return None;
    }
    if let Some(against) = rule.against
        && !is_against(against, dates, own, report)
    {
        return None;
    }
    let captures = pattern
        .own_names()
        .filter_map(|name| Some((name.to_owned(), found.name(name)?.as_str().to_owned())))
        .collect();
    Some(Column {
        id: rule.id.clone(),
        heading: heading.to_owned(),
        period_kind: rule.period,
        period: own_period(rule.period, dates, own, report)?,
        captures,
    })
}

/// The month in which the heading's own period ends: as it says, else December of a year it says
/// alone, else the report's.
fn own_month(dates: Dates, report: ReportPeriod) -> Option<Month> {
    let year = dates.year.unwrap_or(report.year);
    let month = match (dates.month, dates.year) {
        (Some(month), _) => month,
        (None, Some(_)) => 12,
        (None, None) => report.month?,
    };
    Some(Month { year, month })
}

/// Whether what the heading says of the other side of the comparison is what the rule means. What
/// the heading leaves open ("so với cùng kỳ") is left to the pattern.
fn is_against(against: Against, dates: Dates, own: Option<Month>, report: ReportPeriod) -> bool {
    let year = own.map_or(report.year, |month| month.year);
    let expected = match (against, own) {
        (Against::SamePeriodLastYear, Some(own)) => own.minus(12),
        (Against::PreviousMonth, Some(own)) => own.minus(1),
        (Against::DecemberLastYear, _) => year.checked_sub(1).map(|year| Month { year, month: 12 }),
        _ => None,
    };
    let Some(expected) = expected else {
        return dates.vs_month.is_none() && dates.vs_year.is_none_or(|other| other + 1 == year);
    };
    dates.vs_month.is_none_or(|month| month == expected.month)
        && dates.vs_year.is_none_or(|year| year == expected.year)
}

fn own_period(
    kind: PeriodKind,
    dates: Dates,
    own: Option<Month>,
    report: ReportPeriod,
) -> Option<OwnPeriod> {
    Some(match kind {
        PeriodKind::Month => OwnPeriod::Month(own?),
        PeriodKind::Quarter => {
            let quarter = dates.quarter.or_else(|| own.map(Month::quarter))?;
            OwnPeriod::Quarter { year: dates.year.unwrap_or(report.year), quarter }
        }
        PeriodKind::Year => OwnPeriod::Year(dates.year.unwrap_or(report.year)),
    })
}
