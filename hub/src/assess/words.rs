//! The words of an assessment, in Vietnamese and English.

use super::{Side, State, Verdict, Words};

impl State {
    /// Its name for people.
    pub(crate) fn title(self) -> (&'static str, &'static str) {
        match self {
            Self::Healthy => ("Bình thường", "Healthy"),
            Self::New => ("Mới, chưa chạy", "New, not run yet"),
            Self::Late => ("Chậm", "Late"),
            Self::Retrying => ("Đang thử lại", "Retrying"),
            Self::Diverging => ("Lệch số liệu", "Diverging"),
            Self::Halted => ("Đã dừng", "Halted"),
            Self::Silent => ("Mất tín hiệu", "Silent"),
            Self::NeverConnected => ("Chưa từng kết nối", "Never connected"),
        }
    }

    /// A sign that tells the state without colour.
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::Healthy => "✓",
            Self::New | Self::NeverConnected => "○",
            Self::Late | Self::Retrying => "!",
            Self::Diverging => "≠",
            Self::Halted => "✕",
            Self::Silent => "?",
        }
    }

    /// The word for it in metrics and style sheets.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::New => "new",
            Self::Late => "late",
            Self::Retrying => "retrying",
            Self::Diverging => "diverging",
            Self::Halted => "halted",
            Self::Silent => "silent",
            Self::NeverConnected => "never-connected",
        }
    }

    /// All states, in the order of gravity.
    pub(crate) const ALL: [Self; 8] = [
        Self::Healthy,
        Self::New,
        Self::Late,
        Self::Retrying,
        Self::Diverging,
        Self::Halted,
        Self::Silent,
        Self::NeverConnected,
    ];
}

impl Side {
    /// Its name for people; empty for nobody.
    pub(crate) fn title(self) -> (&'static str, &'static str) {
        match self {
            Self::Nobody => ("", ""),
            Self::System => ("hệ thống nguồn", "the source system"),
            Self::Agency => ("cơ quan", "the agency"),
            Self::Way => ("đường truyền", "the way to the hub"),
            Self::Hub => ("trung tâm", "the hub"),
        }
    }

    /// Whom to turn to.
    fn next(self) -> Words {
        match self {
            Self::Nobody => Words::default(),
            Self::System => words(
                "Cơ quan kiểm tra hệ thống nguồn và tài khoản đọc (lienthong check --connect).",
                "The agency checks the source system and its credentials \
                 (lienthong check --connect).",
            ),
            Self::Agency => words(
                "Cơ quan xem lienthong status và lienthong explain với mã lỗi.",
                "The agency looks at lienthong status and lienthong explain with the code.",
            ),
            Self::Way => words(
                "Cơ quan kiểm tra mạng, mã truy cập và địa chỉ của trung tâm.",
                "The agency checks its network, its token and the hub's address.",
            ),
            Self::Hub => words(
                "Người vận hành trung tâm xem nhật ký của trung tâm.",
                "The hub's operator looks at the hub's log.",
            ),
        }
    }
}

fn words(vi: &str, en: &str) -> Words {
    Words { vi: vi.to_owned(), en: en.to_owned() }
}

fn verdict(state: State, side: Side, vi: String, en: String) -> Verdict {
    Verdict { state, side, reason: Words { vi, en }, next: side.next() }
}

pub(super) fn never_connected(sends: bool) -> Verdict {
    let (vi, en) = if sends {
        (
            "Có lô dữ liệu gửi đến nhưng chưa có tín hiệu định kỳ nào",
            "Batches have come, but never a heartbeat",
        )
    } else {
        ("Chưa nhận được tín hiệu hay dữ liệu nào", "Neither a heartbeat nor a batch has come")
    };
    let mut verdict = verdict(State::NeverConnected, Side::Agency, vi.to_owned(), en.to_owned());
    verdict.next = words(
        "Cơ quan cài đặt bộ kết nối và chạy lienthong run.",
        "The agency installs its connector and starts lienthong run.",
    );
    verdict
}

pub(super) fn silent(secs: i64, sends: bool) -> Verdict {
    let (span_vi, span_en) = span(secs.unsigned_abs());
    let (more_vi, more_en) =
        if sends { ("; dữ liệu vẫn đến", "; batches still arrive") } else { ("", "") };
    let mut verdict = verdict(
        State::Silent,
        Side::Agency,
        format!("Không có tín hiệu định kỳ trong {span_vi}{more_vi}"),
        format!("No heartbeat for {span_en}{more_en}"),
    );
    verdict.next = words(
        "Cơ quan kiểm tra máy chạy bộ kết nối và đường mạng đến trung tâm.",
        "The agency checks the connector's machine and the network to the hub.",
    );
    verdict
}

pub(super) fn no_feeds() -> Verdict {
    verdict(
        State::New,
        Side::Agency,
        "Bộ kết nối chưa có luồng dữ liệu nào".to_owned(),
        "The connector has no feeds yet".to_owned(),
    )
}

pub(super) fn new() -> Verdict {
    let mut verdict = verdict(
        State::New,
        Side::Nobody,
        "Luồng dữ liệu chưa chạy lần nào".to_owned(),
        "The feed has not run yet".to_owned(),
    );
    verdict.next = words("Chờ lần chạy đầu tiên.", "Wait for its first pass.");
    verdict
}

pub(super) fn healthy(in_quarantine: u64) -> Verdict {
    if in_quarantine == 0 {
        let (vi, en) = ("Mọi bản ghi đã đến nơi đúng hạn", "All records have arrived in time");
        return verdict(State::Healthy, Side::Nobody, vi.to_owned(), en.to_owned());
    }
    let (waiting_vi, waiting_en) = (number(in_quarantine), grouped(in_quarantine, ','));
    let mut verdict = verdict(
        State::Healthy,
        Side::Agency,
        format!("Đang chạy; {waiting_vi} bản ghi trong khu cách ly chờ người xử lý"),
        format!("Running; {waiting_en} in quarantine wait for a person"),
    );
    verdict.next = words(
        "Cơ quan xem lienthong quarantine list.",
        "The agency looks at lienthong quarantine list.",
    );
    verdict
}

pub(super) fn halted(side: Side, error: &str) -> Verdict {
    let (vi, en) = with_error(
        "Luồng dữ liệu đã dừng, cần người xử lý",
        "The feed stands still until a person has done something",
        error,
    );
    verdict(State::Halted, side, vi, en)
}

pub(super) fn retrying(side: Side, error: &str) -> Verdict {
    let (vi, en) = with_error(
        "Lần chạy gần nhất bị lỗi, sẽ tự thử lại",
        "The last pass failed and will be tried again",
        error,
    );
    verdict(State::Retrying, side, vi, en)
}

fn with_error(vi: &str, en: &str, error: &str) -> (String, String) {
    if error.is_empty() {
        return (vi.to_owned(), en.to_owned());
    }
    (format!("{vi}: {error}"), format!("{en}: {error}"))
}

pub(super) fn late(waiting: u64, lag_secs: u64) -> Verdict {
    let (span_vi, span_en) = span(lag_secs);
    let (waiting_vi, waiting_en) = (number(waiting), grouped(waiting, ','));
    verdict(
        State::Late,
        Side::Way,
        format!("{waiting_vi} bản ghi đang chờ gửi, lâu nhất {span_vi}"),
        format!("{waiting_en} records wait to be sent, the oldest for {span_en}"),
    )
}

pub(super) fn hub_behind(delivered: u64, received: u64) -> Verdict {
    let (delivered_vi, delivered_en) = (number(delivered), grouped(delivered, ','));
    let (received_vi, received_en) = (number(received), grouped(received, ','));
    verdict(
        State::Diverging,
        Side::Hub,
        format!(
            "Bộ kết nối có biên nhận cho {delivered_vi} bản ghi, trung tâm chỉ có {received_vi}"
        ),
        format!(
            "The connector has receipts for {delivered_en} records, the hub only holds {received_en}"
        ),
    )
}

pub(super) fn hub_ahead(delivered: u64, received: u64) -> Verdict {
    let (delivered_vi, delivered_en) = (number(delivered), grouped(delivered, ','));
    let (received_vi, received_en) = (number(received), grouped(received, ','));
    verdict(
        State::Diverging,
        Side::Agency,
        format!("Trung tâm đã nhận {received_vi} bản ghi, bộ kết nối chỉ biết {delivered_vi}"),
        format!(
            "The hub has received {received_en} records, the connector knows of {delivered_en}"
        ),
    )
}

pub(super) fn not_reported() -> Verdict {
    verdict(
        State::Silent,
        Side::Agency,
        "Bộ kết nối không còn báo cáo luồng dữ liệu này".to_owned(),
        "The connector no longer reports this feed".to_owned(),
    )
}

/// A feed's verdict as its agency's.
pub(super) fn in_feed(source: &str, feed: &str, verdict: Verdict) -> Verdict {
    let Verdict { state, side, reason, next } = verdict;
    let reason = Words {
        vi: format!("{source}/{feed}: {}", reason.vi),
        en: format!("{source}/{feed}: {}", reason.en),
    };
    Verdict { state, side, reason, next }
}

/// A count as Vietnamese writes it: 1.234.567.
pub(crate) fn number(count: u64) -> String {
    grouped(count, '.')
}

fn grouped(count: u64, separator: char) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// A length of time in words: two days, three hours.
pub(crate) fn span(secs: u64) -> (String, String) {
    let (count, vi, en) = match secs {
        0..=119 => (secs, "giây", "s"),
        120..=7199 => (secs / 60, "phút", "min"),
        7200..=172_799 => (secs / 3600, "giờ", "h"),
        _ => (secs / 86_400, "ngày", "days"),
    };
    (format!("{count} {vi}"), format!("{count} {en}"))
}
