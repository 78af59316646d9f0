//! The endpoint as a program: prints its address, serves until it is stopped.

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::Parser;
use lienthong_sink::{Faults, Options, Sink, serve};
use tokio::net::TcpListener;

/// An HTTP endpoint that keeps a journal and can be told to misbehave.
#[derive(Parser)]
struct Arguments {
    /// The address to listen at.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: String,
    /// Where applied records are appended to.
    #[arg(long)]
    store: Option<PathBuf>,
    /// What it does wrong, as JSON: `{"refuse_every":4,"busy":0.1,"cut":0.1,"seed":7}`.
    #[arg(long, value_parser = parse_faults, default_value = "{}")]
    faults: Faults,
}

fn parse_faults(text: &str) -> Result<Faults, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    let options = Options { store: arguments.store, faults: arguments.faults };
    let listener = TcpListener::bind(&arguments.listen).await?;
    let mut stdout = io::stdout();
    writeln!(stdout, "http://{}/batches", listener.local_addr()?)?;
    stdout.flush()?;
    let stopped = async {
        // Without a signal handler the process ends at once, which is just as good here.
        drop(tokio::signal::ctrl_c().await);
    };
    serve(listener, Sink::new(&options)?, stopped).await
}
