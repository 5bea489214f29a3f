//! From the command line to the exit code: parse, resolve, run, report the end.

mod format;
mod log;
mod order;
mod typed;
mod waits;

use std::{env, ffi::OsString, process::ExitCode, sync::Arc};

use clap::ArgMatches;
use tracing::Level;
use typed::{Typed, Untyped, first_line};

use crate::{
    cli::{
        Cli, Color, Verb,
        authority::AuthorityVerb,
        ca::CaArgs,
        config::ConfigAction,
        devices::{DevicesArgs, DevicesVerb},
        issue::{Format, IssueArgs},
        oob::OobVerb,
        renew::RenewArgs,
        status::{Report, StatusArgs},
    },
    commands::{self, Interrupts, stdout::written},
    enroll::Stop,
    evidence::{self, platform::PlatformEvidence},
    failure::{Ended, Exit, Failure, Health},
    help, keys,
    output::{self, Ui, Verbosity},
    platform::{Platform, dojot::Dojot, est::Est, idprov::Idprov, local::Local},
    settings::{
        self,
        config::{self, Profile},
        place::Place,
        status::Task,
    },
};

/// Runs the program; everything it says goes through its own [`Ui`].
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let arguments = order::arranged(arguments);
    let Typed { cli, matches, profile, passed_over } = match typed::parse(&arguments) {
        Ok(typed) => typed,
        Err(untyped) => return say(untyped, &arguments),
    };
    output::use_colours(match cli.talk.color {
        Color::Auto => None,
        Color::Always => Some(true),
        Color::Never => Some(false),
    });
    let ui = Ui::new(match (cli.talk.quiet, cli.talk.verbose) {
        (true, _) => Verbosity::Quiet,
        (_, true) => Verbosity::Verbose,
        _ => Verbosity::Normal,
    });
    for why in passed_over {
        ui.warn(&why);
    }
    let _log = log::start(
        match cli.verb {
            Some(Verb::Serve(_)) => Level::INFO,
            Some(Verb::Doctor(_)) => Level::ERROR,
            _ => Level::WARN,
        },
        matches!(cli.verb, Some(Verb::Serve(_))),
        &ui,
    );
    // A doctor never asks for anything.
    settings::key_store::install(!matches!(cli.verb, Some(Verb::Doctor(_))));
    let ended = match cli.verb {
        Some(Verb::Config(args)) => config(args.0.action, &matches, &profile, &ui).map(Ended::from),
        Some(Verb::Status(args)) => status(&args, &ui),
        _ => dispatch(cli, &ui).map(Ended::from),
    };
    keys::close();
    match ended {
        Ok(ended) => ended.into(),
        Err(failure) => {
            ui.failure(&failure);
            failure.exit.into()
        }
    }
}

/// Reports a command line that cannot be parsed.
fn say(untyped: Untyped, arguments: &[OsString]) -> ExitCode {
    let ui = Ui::new(Verbosity::Normal);
    let failure = match untyped {
        Untyped::Config(failure) => failure,
        Untyped::Clap(error) => match order::old_local(&error, arguments).or_else(|| help::explain(&error)) {
            Some(failure) => failure,
            None if error.use_stderr() && is_for_monitoring(arguments) => Failure::usage(first_line(&error)),
            None => return print(&error, &ui),
        },
    };
    if is_for_monitoring(arguments) {
        return Ended::from(unknown(&failure, &ui)).into();
    }
    ui.failure(&failure);
    failure.exit.into()
}

/// Prints help and version, which come as errors too, and clap's message about a mistake.
fn print(error: &clap::Error, ui: &Ui) -> ExitCode {
    let text = error.render().ansi().to_string();
    if error.use_stderr() {
        ui.styled(text.trim_end());
    } else if let Err(failure) = written(ui.text(text.trim_end())) {
        ui.failure(&failure);
        return failure.exit.into();
    }
    u8::try_from(error.exit_code()).map_or(Exit::Usage.into(), ExitCode::from)
}

fn config(action: ConfigAction, matches: &ArgMatches, profile: &Profile, ui: &Ui) -> Result<Exit, Failure> {
    let command = help::command();
    match action {
        ConfigAction::Show(args) => {
            let typed = matches.subcommand().and_then(|(_, config)| config.subcommand());
            let settings = typed.map(|(_, show)| config::settings(&command, show, profile)).unwrap_or_default();
            commands::config::show(&settings, args.format == Format::Json, ui)
        }
        ConfigAction::Check(args) => {
            let files = config::files()?;
            let looked_at: Vec<String> = files.iter().map(|file| file.path.display().to_string()).collect();
            let findings = config::findings(&command, &files);
            commands::config::check(&looked_at, &findings, args.format == Format::Json, ui)
        }
    }
}

fn dispatch(cli: Cli, ui: &Ui) -> Result<Exit, Failure> {
    match cli.verb {
        // Answered before: `config` needs the command line, `status` ends with codes of its own.
        Some(Verb::Config(_) | Verb::Status(_)) => Ok(Exit::Done),
        None => issue(&cli.issue, &[], ui),
        Some(Verb::Issue(args)) => issue(&args.issue, &args.devices, ui),
        Some(Verb::Authority(args)) => {
            let AuthorityVerb::Copy(args) = args.verb;
            let plan = settings::authority::copy(&args, ui)?;
            block_on(async { commands::authority::copy(plan, ui).await })
        }
        Some(Verb::Key(args)) => {
            let plan = settings::airgap::key(&args, ui)?;
            block_on(async { commands::airgap::key::run(plan, interruptible(ui)?, ui).await })
        }
        Some(Verb::Csr(args)) => {
            let plan = settings::airgap::csr(&args)?;
            block_on(async { commands::airgap::csr::run(plan, ui).await })
        }
        Some(Verb::Join(args)) => {
            let plan = settings::airgap::join(&args)?;
            block_on(async { commands::airgap::join::run(plan, ui).await })
        }
        Some(Verb::Connect(args)) => {
            let plan = settings::connect::resolve(&args)?;
            block_on(async { commands::connect::run(plan, ui).await })
        }
        Some(Verb::Discover(args)) => {
            let plan = settings::oob::discover(&args)?;
            block_on(async { commands::oob::discover(plan, ui).await })
        }
        Some(Verb::Oob(args)) => oob(&args.verb, ui),
        Some(Verb::Doctor(args)) => {
            let plan = settings::doctor::resolve(&args, &help::command(), ui)?;
            block_on(async { commands::doctor::run(plan, ui).await })
        }
        Some(Verb::Est(args)) => commands::est::run(&settings::est::requests(&args.verb)?, ui),
        Some(Verb::Export(args)) => commands::export::run(&settings::export::resolve(&args, ui)?, ui),
        Some(Verb::Ca(args)) => ca(&args, ui),
        Some(Verb::Completions(args)) => commands::pages::run(&settings::packages::completions(args), ui),
        Some(Verb::Man(args)) => commands::pages::open(&settings::packages::manual(args)?, ui),
        Some(Verb::Login(args)) => {
            let (user, file) = settings::place::token_of(&args.platform)?;
            let options = settings::place::credentials(&args.platform, ui)?;
            block_on(async { commands::session::login(Dojot::new(options)?, &user, &file, ui).await })
        }
        Some(Verb::Logout(args)) => {
            let (user, file) = settings::place::token_of(&args.platform)?;
            commands::session::logout(&user, &file, ui)
        }
        Some(Verb::Whoami(args)) => {
            let plan = settings::whoami::resolve(&args);
            commands::whoami::run(&plan, std::time::SystemTime::now().into(), ui)
        }
        Some(Verb::Inspect(args)) => {
            let (place, plan) = settings::inspect::resolve(&args, ui)?;
            let own = place.map(|place| block_on(list_of(place))).transpose()?;
            commands::inspect::run(&plan, own, ui)
        }
        Some(Verb::Devices(args)) => devices(&args, ui),
        Some(Verb::List(args)) => {
            let (place, plan) = settings::list::certificates(&args, ui)?;
            block_on(async { commands::list::run(&*open_existing(place).await?, plan, ui).await })
        }
        Some(Verb::Register(args)) => {
            let (place, plan) = settings::register::resolve(&args, ui)?;
            block_on(async { commands::register::run(&*open_existing(place).await?, plan, ui).await })
        }
        Some(Verb::Revoke(args)) => {
            let (place, plan) = settings::revoke::resolve(&args, ui)?;
            let place = place.of_fleet(&plan.dir);
            block_on(async {
                let stop = interruptible(ui)?;
                commands::revoke::run(&*open_existing(place).await?, plan, stop, ui).await
            })
        }
        Some(Verb::Renew(args)) => renew(&args, ui),
        Some(Verb::Serve(args)) => {
            let plan = settings::serve::resolve(&args, ui)?;
            block_on(async { commands::serve::run(plan, ui).await.map(|()| Exit::Done) })
        }
        Some(Verb::Summary(args)) => {
            let plan = commands::summary::Plan { files: args.files, json: args.format == Format::Json };
            commands::summary::run(&plan, ui)
        }
        Some(Verb::Verify(args)) => {
            let (place, plan) = settings::verify::resolve(&args, ui)?;
            block_on(async {
                let own = match place {
                    Some(place) => Some(list_of(place).await?),
                    None => None,
                };
                commands::verify::run(plan, own, ui).await
            })
        }
    }
}

fn devices(args: &DevicesArgs, ui: &Ui) -> Result<Exit, Failure> {
    if let Some(DevicesVerb::Add(args)) = &args.verb {
        let (place, plan) = settings::list::add(args, ui)?;
        return block_on(async { commands::add_devices::run(&*open_existing(place).await?, plan, ui).await });
    }
    let (place, plan) = settings::list::devices(args, ui)?;
    block_on(async { commands::devices::run(&*open_existing(place).await?, plan, ui).await })
}

fn issue(args: &IssueArgs, devices: &[String], ui: &Ui) -> Result<Exit, Failure> {
    let (place, plan) = settings::issue::resolve(args, devices, ui)?;
    let is_named = plan.ids.is_some() || plan.requests.is_some();
    if !is_named {
        existing(&place)?;
    }
    let place = place.of_fleet(&plan.dir);
    block_on(async {
        let stop = interruptible(ui)?;
        commands::issue::run(async || open(place).await, plan, stop, ui).await
    })
}

fn status(args: &StatusArgs, ui: &Ui) -> Result<Ended, Failure> {
    let ended = settings::status::resolve(args, ui).and_then(|task| match task {
        Task::Journal { dir, json } => commands::status::journal(dir, json, ui).map(Ended::from),
        Task::Disk(plan) => commands::status::run(&plan, ui),
        Task::Platform(plan, place) => block_on(async {
            commands::status::run_with_platform(&*open_existing(place).await?, &plan, ui).await
        }),
    });
    match ended {
        Err(failure) if args.format == Report::Nagios => Ok(unknown(&failure, ui).into()),
        ended => ended,
    }
}

/// A monitoring system reads one line of stdout and four codes, after every outcome.
fn unknown(failure: &Failure, ui: &Ui) -> Health {
    let line = commands::status::nagios::failed(failure);
    if let Err(unwritten) = written(ui.data(&line)) {
        ui.failure(&unwritten);
    }
    Health::Unknown
}

/// Whether a command line that cannot be parsed asks for a monitoring plugin's answer.
fn is_for_monitoring(arguments: &[OsString]) -> bool {
    let typed = arguments.iter().enumerate().find_map(|(at, argument)| match argument.to_str()? {
        "--format" => arguments.get(at + 1).cloned(),
        other => other.strip_prefix("--format=").map(OsString::from),
    });
    let format = typed.or_else(|| env::var_os("CERTREQ_FORMAT"));
    format.is_some_and(|format| format == "nagios")
        && arguments.get(1..).is_some_and(|rest| rest.iter().any(|argument| argument == "status"))
}

fn renew(args: &RenewArgs, ui: &Ui) -> Result<Exit, Failure> {
    let (mut access, plan) = settings::renew::resolve(args, ui)?;
    let dir = plan.dir.clone();
    block_on(async {
        let stop = interruptible(ui)?;
        let platform = commands::renew::LazyPlatform::new(async || match &mut access {
            Some(access) => open_existing(access.place(ui)?.of_fleet(&dir)).await,
            None => Err(Failure::usage("no platform given")),
        });
        let old = plan.clone();
        commands::renew::run(platform, plan, || settings::renew::again(args, &old), stop, ui).await
    })
}

fn oob(verb: &OobVerb, ui: &Ui) -> Result<Exit, Failure> {
    match verb {
        OobVerb::Add(args) => {
            let plan = settings::oob::add(args, ui)?;
            block_on(async { commands::oob::add(plan, ui).await })
        }
        OobVerb::List(args) => {
            let (door, json) = settings::oob::list(args)?;
            block_on(async { commands::oob::list(door, json, ui).await })
        }
        OobVerb::Remove(args) => {
            let (door, devices, json) = settings::oob::remove(args)?;
            block_on(async { commands::oob::remove(door, devices, json, ui).await })
        }
        OobVerb::Approve(args) => {
            let (door, device, approval) = settings::oob::approve(args)?;
            block_on(async { commands::oob::approve(door, &device, &approval, ui).await })
        }
    }
}

fn ca(args: &CaArgs, ui: &Ui) -> Result<Exit, Failure> {
    let (place, plan) = settings::ca::resolve(args, ui)?;
    let place = place.of_fleet(&plan.dir);
    block_on(async { commands::ca::run(&*open_existing(place).await?, plan, ui).await })
}

/// The platform of a place; no request was sent to it yet.
async fn open(place: Place) -> Result<Arc<dyn Platform>, Failure> {
    Ok(match place {
        Place::Dojot(options) => Arc::new(Dojot::new(*options)?),
        Place::Local(place) => {
            let local = Local::open(&place.dir, place.options).await?;
            Arc::new(local.registered_only(place.registered_only))
        }
        Place::Est(options) => Arc::new(Est::new(*options)),
        Place::Idprov(options) => Arc::new(Idprov::new(*options)),
    })
}

/// The same for verbs that only look: an authority that does not exist is not created for them.
async fn open_existing(place: Place) -> Result<Arc<dyn Platform>, Failure> {
    existing(&place)?;
    open(place).await
}

fn existing(place: &Place) -> Result<(), Failure> {
    if let Place::Local(local) = place
        && !Local::exists(&local.dir)
    {
        return Err(Failure::failed(format!("there is no authority in {}", local.dir.display()))
            .hint("name its directory: --authority DIR; certreq issue --local ID creates one"));
    }
    Ok(())
}

/// The list of a platform that was named; not getting it is an error, for it was asked for.
async fn list_of(place: Place) -> Result<PlatformEvidence, Failure> {
    let platform = open_existing(place).await?;
    let failed = |failure: Failure| failure.context("the platform's revocation list cannot be had");
    let mut found = evidence::platform::look(&*platform, None).await.map_err(|error| failed(error.into()))?;
    found.list = Ok(found.list.map_err(|error| failed(error.into()))?);
    Ok(found)
}

fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::failed(format!("threads cannot be started: {error}")))?;
    let result = runtime.block_on(work);
    // Requests that were abandoned must not delay the end.
    runtime.shutdown_background();
    result
}

/// The first interrupt asks the run to end in order, the second ends the process.
fn interruptible(ui: &Ui) -> Result<Arc<Stop>, Failure> {
    let mut interrupts =
        Interrupts::listen().map_err(|error| Failure::failed(format!("signals cannot be handled: {error}")))?;
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
