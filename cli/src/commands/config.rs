//! `lienthong config show`: every setting with its value and where it came from.

use lienthong_config::{Environment, HubRequest, load_hub};

use crate::arguments::{Config, ConfigShow, Global};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::session::{Tell, library, plan};
use crate::table::{Column, render};

/// Runs a command of `config`.
pub(crate) fn run(command: &Config, global: &Global, output: Output) -> Result<Exit, Failure> {
    match command {
        Config::Show(show) => run_show(show, global, output),
    }
}

fn run_show(command: &ConfigShow, global: &Global, output: Output) -> Result<Exit, Failure> {
    let tell = Tell::from(command.json);
    let shown = if command.hub {
        let environment = Environment::of_process();
        let (settings, overrides) = (global.settings.as_path(), global.set.as_slice());
        let library = library(global);
        let request = HubRequest { settings, overrides, library, environment: &environment };
        load_hub(&request).map_err(|problems| tell.failure(problems))?.shown
    } else {
        plan(global, tell, output)?.shown
    };
    if command.json {
        output.json(&shown)?;
        return Ok(Exit::Well);
    }
    let rows = shown.into_iter().map(|row| vec![row.path, row.value, row.origin]);
    let columns = ["setting", "value", "from"].map(Column::Text);
    output.data(&render(output, &columns, &rows.collect::<Vec<_>>()))?;
    Ok(Exit::Well)
}
