//! The commands, one file each.

pub(crate) mod adapter;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod demo;
pub(crate) mod explain;
pub(crate) mod hub;
pub(crate) mod init;
pub(crate) mod mapping;
pub(crate) mod preview;
pub(crate) mod quarantine;
pub(crate) mod replay;
pub(crate) mod run;
pub(crate) mod status;
