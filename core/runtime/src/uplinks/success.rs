//! The success rule of an HTTP endpoint, as its settings state it.

use lienthong_config::HttpUplink;

use super::client::Answer;

/// What an answer says of the batch.
pub(super) enum Judgement {
    /// All records are taken.
    Accepted,
    /// The batch is refused; the endpoint's words.
    Refused(String),
    /// The status says yes, the body can't be read.
    Unclear(String),
    /// Neither yes nor no.
    NotNow,
}

/// Judges an answer. Success is never read out of words: a status, and where the rule names one, a
/// value at a place of the body.
pub(super) fn judge(settings: &HttpUplink, answer: &Answer) -> Judgement {
    let status = answer.status.as_u16();
    if settings.refuse_statuses.iter().any(|range| range.contains(&status)) {
        return Judgement::Refused(format!("HTTP {status}: {}", answer.words()));
    }
    if !settings.success.takes_status(status) {
        return Judgement::NotNow;
    }
    let Some(rule) = &settings.success.body else { return Judgement::Accepted };
    let Ok(body) = serde_json::from_slice::<serde_json::Value>(&answer.body) else {
        return Judgement::Unclear("its body is not JSON".to_owned());
    };
    if rule.holds(&body) {
        return Judgement::Accepted;
    }
    let asked = format!("`{}` is not `{}`", rule.path.join("."), rule.equals);
    Judgement::Refused(format!("{asked}: {}", answer.words()))
}
