//! The arguments of every command. Their comments are the help texts.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Joins the information systems of an agency to the national standard, and nothing is lost,
/// doubled or altered on the way.
#[derive(Debug, Parser)]
#[command(
    name = "lienthong",
    version,
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "Exit codes: 0 all is well; 1 something failed or has problems; 2 the command \
                  line was not understood; 3 the work ended, but something waits for a person or \
                  for an endpoint.\nVariables: LIENTHONG_SETTINGS, LIENTHONG_LIBRARY, \
                  LIENTHONG_LOG, NO_COLOR; LIENTHONG_<SETTING> replaces a setting."
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command understands.
#[derive(Args, Debug)]
pub(crate) struct Global {
    /// The settings file.
    #[arg(
        long,
        short,
        global = true,
        value_name = "FILE",
        env = "LIENTHONG_SETTINGS",
        hide_env_values = true,
        default_value = "lienthong.toml"
    )]
    pub(crate) settings: PathBuf,
    /// Replaces a setting: `--set sources.igate.schedule.every_secs=60`. May stand several times.
    #[arg(long, global = true, value_name = "SETTING=VALUE", value_parser = setting)]
    pub(crate) set: Vec<(String, String)>,
    /// A folder with `adapters/systems/` and `mappings/` in place of the program's own copies.
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "LIENTHONG_LIBRARY",
        hide_env_values = true
    )]
    pub(crate) library: Option<PathBuf>,
    /// What is logged to stderr: `info`, `debug`, `warn,lienthong_runtime=debug`.
    #[arg(
        long,
        global = true,
        value_name = "FILTER",
        env = "LIENTHONG_LOG",
        hide_env_values = true
    )]
    pub(crate) log: Option<String>,
    /// Whether to colour: on a terminal, always or never. `NO_COLOR` is respected.
    #[arg(long = "color", global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) colour: Colour,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Everywhere.
    Always,
    /// Nowhere.
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Shows the whole way on this machine: four sample systems, a connector, a hub.
    Demo(Demo),
    /// Writes a settings file to start from.
    Init(Init),
    /// Checks the settings and everything they name.
    Check(Check),
    /// Shows items of a feed, native beside national, with faults marked. Sends nothing.
    Preview(Preview),
    /// Maps the kept items of a feed again and sends what has changed, as new versions.
    Replay(Replay),
    /// Runs the connector.
    Run(Run),
    /// Shows how every feed stands.
    Status(Json),
    /// Shows, releases and discards what was refused.
    #[command(subcommand)]
    Quarantine(Quarantine),
    /// Checks and tests mappings.
    #[command(subcommand)]
    Mapping(Mapping),
    /// Shows adapter kinds and systems.
    #[command(subcommand)]
    Adapter(Adapter),
    /// Shows the settings.
    #[command(subcommand)]
    Config(Config),
    /// Runs a hub.
    Hub(Hub),
    /// Explains an error code, or where a record came from and where it went.
    Explain(Explain),
    /// Writes shell completions.
    Completions(Completions),
}

/// Whether to write JSON.
#[derive(Args, Debug)]
pub(crate) struct Json {
    /// Writes JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Demo {
    /// Ends once everything is delivered.
    #[arg(long)]
    pub(crate) once: bool,
    /// Writes one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
    /// Keeps its data here, so that a second run goes on from the first. A temporary folder if
    /// left out.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Init {
    /// Where to write `lienthong.toml`.
    #[arg(default_value = ".", value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// The agency's code.
    #[arg(long, value_name = "CODE")]
    pub(crate) agency: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Check {
    /// Asks every system whether it can be read, too.
    #[arg(long)]
    pub(crate) connect: bool,
    /// Writes JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Preview {
    /// The feed: the source's name and its own.
    #[arg(value_name = "SOURCE/FEED")]
    pub(crate) feed: String,
    /// How many items to show.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) items: u16,
    /// Reads items from this file instead of asking the system: one JSON or XML item, a JSON array
    /// of items, or one JSON item a line.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// With `--file`: where the items are; for JSON keys joined by dots, for XML the name of the
    /// element that an item is.
    #[arg(long, value_name = "KEY", requires = "file")]
    pub(crate) at: Option<String>,
    /// Writes one JSON object an item.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Run {
    /// Reads every feed to its end and delivers all there is, then ends.
    #[arg(long)]
    pub(crate) once: bool,
    /// With `--once`: how long an endpoint that fails is waited for after its last success.
    #[arg(long, value_name = "SECS", default_value_t = 60, requires = "once")]
    pub(crate) patience_secs: u64,
    /// With `--once`: writes a JSON object of what was done.
    #[arg(long, requires = "once")]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Quarantine {
    /// Lists what was refused, and what it waits for.
    List(QuarantineList),
    /// Shows one row: where it came from, its bytes, every reason.
    Show(QuarantineShow),
    /// Tries rows again: maps them anew, or sends them again.
    Release(Selected),
    /// Gives rows up, for the reason given.
    Discard(QuarantineDiscard),
}

#[derive(Args, Debug)]
pub(crate) struct QuarantineList {
    /// Only rows with this error code (`LT-3010`), or that wait for this code (`status:XYZ`).
    #[arg(long)]
    pub(crate) code: Option<String>,
    /// Only rows of this feed.
    #[arg(long, value_name = "SOURCE/FEED")]
    pub(crate) feed: Option<String>,
    /// Only rows that wait for this, as the list of groups shows it.
    #[arg(long, value_name = "THING")]
    pub(crate) waiting_for: Option<String>,
    /// Shows the groups of rows that wait for the same thing, with the nearest known codes.
    #[arg(long)]
    pub(crate) groups: bool,
    /// At most so many rows.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) limit: u32,
    /// Writes one JSON object a row or a group.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct QuarantineShow {
    /// The row's number.
    pub(crate) id: i64,
    /// Writes JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Which rows of the quarantine.
#[derive(Args, Debug)]
#[group(required = true, multiple = true)]
pub(crate) struct Selected {
    /// The rows' numbers.
    pub(crate) ids: Vec<i64>,
    /// All rows with this error code (`LT-3010`), or that wait for this code (`status:XYZ`).
    #[arg(long, conflicts_with_all = ["ids", "waiting_for"])]
    pub(crate) code: Option<String>,
    /// All rows that wait for this.
    #[arg(long, value_name = "THING", conflicts_with = "ids")]
    pub(crate) waiting_for: Option<String>,
    /// All rows.
    #[arg(long, conflicts_with_all = ["ids", "code", "waiting_for"])]
    pub(crate) all: bool,
}

#[derive(Args, Debug)]
pub(crate) struct QuarantineDiscard {
    #[command(flatten)]
    pub(crate) which: Selected,
    /// Why, for the record.
    #[arg(long, value_name = "REASON")]
    pub(crate) why: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Mapping {
    /// Gives a verdict on every field, group and rule before a record is read.
    Check(MappingNames),
    /// Says what another mapping makes of the same items: which records, fields and counts change.
    Diff(MappingDiff),
    /// Runs the cases beside the mappings.
    Test(MappingNames),
    /// Writes mappings as workbooks and pages for a ministry to sign off.
    Sheet(MappingSheet),
    /// Proposes a first mapping from the shape of a feed, every guess marked.
    Suggest(MappingSuggest),
}

#[derive(Args, Debug)]
pub(crate) struct MappingSheet {
    #[command(flatten)]
    pub(crate) names: MappingNames,
    /// Where to write `<system>-<feed>.xlsx` and `.html`.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) out: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct MappingSuggest {
    /// A shape: a file that `lienthong adapter learn` wrote, or a mapping that has one beside it.
    #[arg(value_name = "SHAPE")]
    pub(crate) shape: String,
    /// The record type of the standard to map to.
    #[arg(long, value_name = "NAME", default_value = "dossier")]
    pub(crate) record_type: String,
    /// The version of the national standard.
    #[arg(long, default_value = "v1")]
    pub(crate) standard: String,
    /// Writes the mapping to this file, which may not exist yet. To the screen if left out.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// Which mappings are compared, and on what.
#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("items").required(true).args(["feed", "file"]))]
pub(crate) struct MappingDiff {
    /// The mapping of before: a name, a file, a folder, `kept` for the one that each kept item was
    /// mapped with, or `kept:DIGEST` for one of those.
    pub(crate) old: String,
    /// The mapping of after, in the same way.
    pub(crate) new: String,
    /// Compares on the kept items of this feed.
    #[arg(long, value_name = "SOURCE/FEED")]
    pub(crate) feed: Option<String>,
    /// Compares on the items of this file: one JSON or XML item, a JSON array of items, or one JSON
    /// item a line.
    #[arg(long, value_name = "ITEMS")]
    pub(crate) file: Option<PathBuf>,
    /// With `--file`: where the array of items is in a JSON file, keys joined by dots.
    #[arg(long, value_name = "KEY", requires = "file")]
    pub(crate) at: Option<String>,
    /// With `--file`: the version of the national standard.
    #[arg(long, default_value = "v1")]
    pub(crate) standard: String,
    /// How many records to show before and after.
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) sample: u16,
    /// Shows the values of people in these records.
    #[arg(long)]
    pub(crate) show_personal: bool,
    /// Writes JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Which feed is replayed.
#[derive(Args, Debug)]
pub(crate) struct Replay {
    /// The feed: the source's name and its own.
    #[arg(value_name = "SOURCE/FEED")]
    pub(crate) feed: String,
    /// Says what would be sent, and sends nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Writes JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct MappingNames {
    /// The mappings: `igate/dossiers`, `igate` for all of a system, or a mapping's file. All of the
    /// library if left out.
    #[arg(value_name = "MAPPING")]
    pub(crate) names: Vec<String>,
    /// The version of the national standard.
    #[arg(long, default_value = "v1")]
    pub(crate) standard: String,
    /// Writes JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Adapter {
    /// Lists the adapter kinds and the systems they can read.
    List(Json),
    /// Learns the shape of a feed: what its items look like, without values of people.
    Learn(Learn),
}

#[derive(Args, Debug)]
pub(crate) struct Learn {
    /// The feed: the source's name and its own.
    #[arg(value_name = "SOURCE/FEED")]
    pub(crate) feed: String,
    /// The most items to learn from.
    #[arg(long, default_value_t = 5000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) items: u32,
    /// Learns from this file instead of asking the system; may be given several times. One JSON or
    /// XML item, a JSON array of items, or one JSON item a line.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Vec<PathBuf>,
    /// With `--file`: where the items are; for JSON keys joined by dots, for XML the name of the
    /// element that an item is.
    #[arg(long, value_name = "KEY", requires = "file")]
    pub(crate) at: Option<String>,
    /// Writes the shape here instead of beside the mapping in the library's folder.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Adds what is learned to the shape that is there, instead of replacing it.
    #[arg(long)]
    pub(crate) merge: bool,
    /// Writes JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    /// Prints every setting with its value and where it came from.
    Show(ConfigShow),
}

#[derive(Args, Debug)]
pub(crate) struct ConfigShow {
    /// The settings file is a hub's.
    #[arg(long)]
    pub(crate) hub: bool,
    /// Writes JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Hub {
    /// Listens here instead of where the settings say.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<std::net::SocketAddr>,
}

#[derive(Args, Debug)]
pub(crate) struct Explain {
    /// The code: `LT-2002`. All codes if left out.
    #[arg(conflicts_with_all = ["record", "feed", "json"])]
    pub(crate) code: Option<String>,
    /// Explains a record instead: where each of its values came from, and where it went. Its key;
    /// a key of several fields with `|` between them. Shows personal data.
    #[arg(long, value_name = "KEY")]
    pub(crate) record: Option<String>,
    /// With `--record`: looks in this feed only.
    #[arg(long, value_name = "SOURCE/FEED", requires = "record")]
    pub(crate) feed: Option<String>,
    /// With `--record`: writes JSON.
    #[arg(long, requires = "record")]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Completions {
    /// The shell.
    pub(crate) shell: Shell,
}

/// Splits `a.b=c`.
fn setting(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((path, value)) if !path.trim().is_empty() => {
            Ok((path.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("write it as SETTING=VALUE".to_owned()),
    }
}
