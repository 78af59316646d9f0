//! `agency-code`, `dossier-code`, `procedure-code` and their kin: identifiers in one spelling.
//!
//! All read the same spellings: hyphens for points, small letters, blanks, invisible characters and
//! full-width forms. None guesses: a missing point or an `O` for a zero is refused.

use lienthong_standard::{AgencyCode, DossierCode, ProcedureCode};

use super::{Argument, Example, Failure, Function, Outcome, whole};

pub(super) const AGENCY: Function = Function {
    name: "agency-code",
    argument: Argument::None,
    fails: Some("what is no code of a state body"),
    doc: "Writes the code of a state body in its canonical form: points and capitals. The \
          generation stays as it is. An empty text stays empty.",
    examples: &[
        Example {
            written: "\"agency-code\"",
            input: "000-00-24-h40",
            output: Some("000.00.24.H40"),
        },
        Example { written: "\"agency-code\"", input: " g12.18\u{200b}", output: Some("G12.18") },
        Example { written: "\"agency-code\"", input: "000.1137.H53", output: None },
    ],
};

pub(super) const AGENCY_2: Function = Function {
    name: "agency-code-generation-2",
    argument: Argument::None,
    fails: Some("what is no code of a state body"),
    doc: "Writes the code of a state body in the form of generation 2 (QĐ 20/2020/QĐ-TTg), turning \
          codes of generation 1 round. An empty text stays empty.",
    examples: &[
        Example {
            written: "\"agency-code-generation-2\"",
            input: "000.00.18.G12",
            output: Some("G12.18"),
        },
        Example {
            written: "\"agency-code-generation-2\"",
            input: "001-01-07-H53",
            output: Some("H53.07.01.001"),
        },
        Example {
            written: "\"agency-code-generation-2\"",
            input: "G12.18",
            output: Some("G12.18"),
        },
        Example {
            written: "\"agency-code-generation-2\"", input: "Bộ Tài chính", output: None
        },
    ],
};

pub(super) const DOSSIER: Function = Function {
    name: "dossier-code",
    argument: Argument::None,
    fails: Some("what is no code of a dossier: agency, date, ordinal"),
    doc: "Writes the code of a dossier in its canonical form: points within the agency's code, \
          hyphens before date and ordinal, capitals. An empty text stays empty.",
    examples: &[
        Example {
            written: "\"dossier-code\"",
            input: "000-00-53-h48-220921-0099",
            output: Some("000.00.53.H48-220921-0099"),
        },
        Example {
            written: "\"dossier-code\"",
            input: "G09.20 - 20260609 - 0092637",
            output: Some("G09.20-20260609-0092637"),
        },
        Example { written: "\"dossier-code\"", input: "220921-0099", output: None },
    ],
};

pub(super) const PROCEDURE: Function = Function {
    name: "procedure-code",
    argument: Argument::None,
    fails: Some("what is no code of a procedure"),
    doc: "Writes the code of a procedure in its canonical form: points, the owner in capitals. \
          Owners and the letters of local codes stay. An empty text stays empty.",
    examples: &[
        Example {
            written: "\"procedure-code\"",
            input: "1.001612-000-00-00-h48",
            output: Some("1.001612.000.00.00.H48"),
        },
        Example {
            written: "\"procedure-code\"",
            input: "TS_lop1.000.00.00.H22 ",
            output: Some("TS_lop1.000.00.00.H22"),
        },
        Example { written: "\"procedure-code\"", input: "thủ tục số 1", output: None },
    ],
};

pub(super) const PROCEDURE_NUMBER: Function = Function {
    name: "procedure-number",
    argument: Argument::None,
    fails: Some("what is no code of a procedure"),
    doc: "Writes the code of a procedure without its owner. It loses who runs the procedure, so it \
          has to be spelled out. An empty text stays empty.",
    examples: &[
        Example {
            written: "\"procedure-number\"",
            input: "1.001612.000.00.00.H48",
            output: Some("1.001612"),
        },
        Example { written: "\"procedure-number\"", input: "2.002622", output: Some("2.002622") },
        Example { written: "\"procedure-number\"", input: "1.01504", output: None },
    ],
};

static NO_AGENCY: Failure = Failure {
    english: "it is not the code of a state body",
    vietnamese: "không phải là mã định danh cơ quan",
};

static NO_DOSSIER: Failure =
    Failure { english: "it is not a dossier code", vietnamese: "không phải là mã hồ sơ" };

static NO_PROCEDURE: Failure = Failure {
    english: "it is not a procedure code",
    vietnamese: "không phải là mã thủ tục hành chính",
};

pub(super) fn agency(text: &str, out: &mut String) -> Outcome {
    let code = AgencyCode::read(text);
    written(text, code.as_ref().map(AgencyCode::as_str), &NO_AGENCY, out)
}

pub(super) fn agency_2(text: &str, out: &mut String) -> Outcome {
    let code = AgencyCode::read(text).map(|code| code.to_generation_2());
    written(text, code.as_ref().map(AgencyCode::as_str), &NO_AGENCY, out)
}

pub(super) fn dossier(text: &str, out: &mut String) -> Outcome {
    let code = DossierCode::read(text);
    written(text, code.as_ref().map(DossierCode::as_str), &NO_DOSSIER, out)
}

pub(super) fn procedure(text: &str, out: &mut String) -> Outcome {
    let code = ProcedureCode::read(text);
    written(text, code.as_ref().map(ProcedureCode::as_str), &NO_PROCEDURE, out)
}

pub(super) fn procedure_number(text: &str, out: &mut String) -> Outcome {
    let code = ProcedureCode::read(text);
    written(text, code.as_ref().map(ProcedureCode::number), &NO_PROCEDURE, out)
}

fn written(
    text: &str,
    canonical: Option<&str>,
    failure: &'static Failure,
    out: &mut String,
) -> Outcome {
    match canonical {
        Some(canonical) if canonical == text => whole(text),
        Some(canonical) => {
            out.push_str(canonical);
            Outcome::Written
        }
        None if text.is_empty() => whole(text),
        None => Outcome::Failed(failure),
    }
}
