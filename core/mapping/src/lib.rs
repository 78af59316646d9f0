//! The mapping language: compiled whole or not at all into a flat plan, and applied to items.
//!
//! A mapping is a table, not a program: for each national field a source, text functions of a
//! closed list, and a format or code list. [`Mapping::compile`] checks it against the national
//! standard and answers with all problems at once. [`Mapping::apply`] decodes an item straight into
//! slots, maps it, and hands a checked submission on, or says in words why the record is refused.
//! Nothing here does I/O or has a clock.

mod apply;
mod cases;
mod comparison;
mod compile;
mod convert;
mod decode;
mod draft;
mod evaluate;
mod functions;
mod learning;
mod mapping;
mod names;
mod outcome;
mod outline;
mod path;
mod personal;
mod plan;
mod probes;
mod prove;
mod rejection;
mod slots;
mod trace;
mod trie;
mod unread;
mod verdict;
mod words;
mod workspace;

pub use cases::{CaseFault, CaseResult, cases, example};
pub use comparison::{
    Change, Comparison, Difference, FieldChange, MovedCount, RefusalCount, Sample, Values,
};
pub use functions::{Argument, Example, Function, functions, functions_reference};
pub use learning::Learning;
pub use mapping::{Compiled, Input, Mapping, Review};
pub use outcome::{Mapped, Outcome};
pub use outline::{CodeTable, OutlineLine};
pub use probes::probes;
pub use rejection::{Reason, Rejection};
pub use trace::{Trace, TraceRow, Warning};
pub use verdict::{Fails, State, Subject, Verdict, Why};
pub use workspace::Workspace;
