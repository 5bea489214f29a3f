//! From what was typed to the exit code: parse, resolve, run, say how it ended.

use std::{env, ffi::OsString, process::ExitCode, sync::Arc};

use clap::Parser;
use tracing_subscriber::EnvFilter;

use crate::{
    cli::{Cli, Verb, issue::IssueArgs, renew::RenewArgs},
    commands::{self, Interrupts},
    enroll::Stop,
    failure::{Exit, Failure},
    output::{Ui, Verbosity},
    platform::{any::AnyPlatform, dojot::Dojot, local::Local},
    settings::{self, place::Place},
};

/// Runs the program; everything it says goes through its own [`Ui`].
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match parse(&arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come as errors too; clap knows where each goes.
            let _ = error.print();
            return u8::try_from(error.exit_code()).map_or(Exit::Usage.into(), ExitCode::from);
        }
    };
    let ui = Ui::new(match (cli.talk.quiet, cli.talk.verbose) {
        (true, _) => Verbosity::Quiet,
        (_, true) => Verbosity::Verbose,
        _ => Verbosity::Normal,
    });
    match dispatch(cli, &ui) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            ui.failure(&failure);
            failure.exit.into()
        }
    }
}

fn parse(arguments: &[OsString]) -> Result<Cli, clap::Error> {
    if let [program] = arguments {
        // Nothing was asked for, whatever the variables say: show what could be.
        return Cli::try_parse_from([program, &OsString::from("--help")]);
    }
    Cli::try_parse_from(arguments)
}

fn dispatch(cli: Cli, ui: &Ui) -> Result<Exit, Failure> {
    match cli.verb {
        None => issue(&cli.issue, ui),
        Some(Verb::Issue(args)) => issue(&args, ui),
        Some(Verb::Status(args)) => commands::status::run(&settings::status::resolve(&args), ui),
        Some(Verb::Inspect(args)) => {
            log("certreq=warn");
            commands::inspect::run(&settings::inspect::resolve(&args, ui)?, ui)
        }
        Some(Verb::Renew(args)) => renew(&args, ui),
        Some(Verb::Serve(args)) => {
            log("certreq=info");
            let plan = settings::serve::resolve(&args, ui)?;
            block_on(async { commands::serve::run(plan, ui).await.map(|()| Exit::Done) })
        }
        Some(Verb::Verify(args)) => {
            log("certreq=warn");
            let plan = settings::verify::resolve(&args)?;
            block_on(async { commands::verify::run(plan, ui).await })
        }
    }
}

fn issue(args: &IssueArgs, ui: &Ui) -> Result<Exit, Failure> {
    log("certreq=warn");
    let (place, plan) = settings::issue::resolve(args, ui)?;
    block_on(async {
        let stop = interruptible(ui)?;
        commands::issue::run(open(place).await?, plan, stop, ui).await
    })
}

fn renew(args: &RenewArgs, ui: &Ui) -> Result<Exit, Failure> {
    log("certreq=warn");
    let (mut access, plan) = settings::renew::resolve(args, ui)?;
    block_on(async {
        let stop = interruptible(ui)?;
        let door = commands::renew::Door::new(async || match &mut access {
            Some(access) => open(access.place(ui)?).await,
            None => Err(Failure::usage("no platform was named")),
        });
        let old = plan.clone();
        commands::renew::run(door, plan, || settings::renew::again(args, &old), stop, ui).await
    })
}

/// The platform of a place; nothing was sent to it yet.
async fn open(place: Place) -> Result<AnyPlatform, Failure> {
    Ok(match place {
        Place::Dojot(options) => AnyPlatform::Dojot(Box::new(Dojot::new(*options)?)),
        Place::Local(place) => AnyPlatform::Local(
            Local::open(&place.dir, place.options).await?.registered_only(place.registered_only),
        ),
    })
}

fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::failed(format!("the system gives no threads: {error}")))?;
    let result = runtime.block_on(work);
    // Requests that were abandoned must not delay the end.
    runtime.shutdown_background();
    result
}

/// The first interrupt asks the run to end in order, the second ends the process.
fn interruptible(ui: &Ui) -> Result<Arc<Stop>, Failure> {
    let mut interrupts = Interrupts::listen()
        .map_err(|error| Failure::failed(format!("the system takes no signal handler: {error}")))?;
    let stop = Arc::new(Stop::default());
    let asked = Arc::clone(&stop);
    let ui = ui.clone();
    tokio::spawn(async move {
        interrupts.next().await;
        asked.interrupt();
        ui.note("stopping: devices in flight are finished, no new one begins; again to stop at once");
        interrupts.next().await;
        ui.note("stopped at once; nothing is lost: run the same command again");
        #[expect(clippy::exit, reason = "asked for twice; the disk is consistent at every moment")]
        std::process::exit(Exit::Interrupted as i32);
    });
    Ok(stop)
}

/// Logs go to stderr; `CERTREQ_LOG` chooses which (tracing-subscriber's filter syntax).
fn log(default: &str) {
    let filter = EnvFilter::try_from_env("CERTREQ_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    let colour = std::io::IsTerminal::is_terminal(&std::io::stderr()) && env::var_os("NO_COLOR").is_none();
    // A second call in one process keeps the first one's choice.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(colour)
        .with_writer(std::io::stderr)
        .try_init();
}
