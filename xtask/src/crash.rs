//! `cargo xtask crash`: the real programs killed at seeded points, and nothing lost or doubled.

use lienthong_job::{CrashReport, Programs, Target, crash};

use crate::command::{TaskError, print, root, say};

/// Dossiers of one run to an HTTP endpoint or a hub.
const RECORDS: usize = 20_000;
/// Dossiers of one run to the portal's contract, which takes one dossier a request.
const PORTAL_RECORDS: usize = 400;

/// Kills at `points` points in all, spread over the three kinds of endpoint.
pub(crate) fn run(points: u64, seed: u64) -> Result<(), TaskError> {
    let programs = Programs::build(&root())?;
    let mut sum = CrashReport::default();
    let share = points.div_ceil(5).max(1);
    let shares = [
        (Target::Http, RECORDS, points.saturating_sub(3 * share).max(share)),
        (Target::Hub, RECORDS, 2 * share),
        (Target::Portal, PORTAL_RECORDS, share),
    ];
    for (target, records, points) in shares {
        let report = crash(&root(), &programs, target, (records, points, seed))?;
        say(&format!("{target:?}: {report:?}"));
        sum.points += report.points;
        sum.lost += report.lost;
        sum.doubled += report.doubled;
    }
    let line = serde_json::to_string(&sum).map_err(|error| TaskError::Wrong(error.to_string()))?;
    print(&line);
    if sum.lost > 0 || sum.doubled > 0 {
        return Err(TaskError::Wrong("records were lost or doubled".to_owned()));
    }
    Ok(())
}
