//! Shard of the devices that a run is for, given by a flag or taken from the engine that started the run.

use std::env;

use crate::{cli::shard::ShardArgs, failure::Failure, fleet::shard::Shard};

/// An engine, the variable with a task's number, and those with the number of tasks and that of the last task, where
/// it has them.
struct Engine {
    name: &'static str,
    index: &'static str,
    count: Option<&'static str>,
    last: Option<&'static str>,
}

const ENGINES: [Engine; 3] = [
    Engine { name: "Kubernetes", index: "JOB_COMPLETION_INDEX", count: None, last: None },
    Engine {
        name: "Slurm",
        index: "SLURM_ARRAY_TASK_ID",
        count: Some("SLURM_ARRAY_TASK_COUNT"),
        last: Some("SLURM_ARRAY_TASK_MAX"),
    },
    Engine {
        name: "AWS Batch",
        index: "AWS_BATCH_JOB_ARRAY_INDEX",
        count: Some("AWS_BATCH_JOB_ARRAY_SIZE"),
        last: None,
    },
];

/// # Errors
/// Usage failures: a text that is no shard, and an engine that does not say which one it is.
pub(super) fn resolve(args: &ShardArgs) -> Result<Option<Shard>, Failure> {
    args.shard.as_deref().map(|text| shard(text, &|name| env::var(name).ok())).transpose()
}

fn shard(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Shard, Failure> {
    let count = match text.split_once('/') {
        None if text == "auto" => None,
        Some(("auto", count)) => Some(count.to_owned()),
        _ => return text.parse().map_err(|error| refused(&format!("--shard {text}: {error}"))),
    };
    let engine = engine(variable)?;
    let index = variable(engine.index).unwrap_or_default();
    let advice = "the array must be whole and count from 0, as in sbatch --array=0-15; for a part of it: --shard auto/16";
    let (count, from, last) = match (count, engine.count) {
        (Some(count), _) => (count, "--shard", None),
        (None, Some(name)) => (variable(name).unwrap_or_default(), name, engine.last),
        (None, None) => {
            return Err(Failure::usage(format!("{} does not tell the number of shards", engine.name))
                .hint("give it: --shard auto/N"));
        }
    };
    let said = format!("{} is {index:?}, and {from} says {count:?}", engine.index);
    let shard: Shard = format!("{index}/{count}")
        .parse()
        .map_err(|error| refused(&format!("--shard {text}: {error}; {said}")).hint(advice))?;
    // A part of an array has the count of the part, and the numbers of the whole.
    let last = last.and_then(|name| Some((name, variable(name)?)));
    match last {
        Some((name, last)) if last != (shard.count - 1).to_string() => {
            Err(Failure::usage(format!("--shard {text}: {said}, but {name} is {last:?}")).hint(advice))
        }
        _ => Ok(shard),
    }
}

fn engine(variable: &dyn Fn(&str) -> Option<String>) -> Result<&'static Engine, Failure> {
    let mut found =
        ENGINES.iter().filter(|engine| variable(engine.index).is_some_and(|value| !value.is_empty()));
    match (found.next(), found.next()) {
        (Some(engine), None) => Ok(engine),
        (Some(one), Some(other)) => Err(Failure::usage(format!(
            "--shard auto: {} of {} and {} of {} are both set",
            one.index, one.name, other.index, other.name
        ))
        .hint("give the shard: --shard K/N")),
        (None, _) => Err(Failure::usage(format!(
            "--shard auto: {} are not set",
            ENGINES.map(|engine| engine.index).join(", ")
        ))
        .hint("give the shard: --shard K/N")),
    }
}

fn refused(message: &str) -> Failure {
    Failure::usage(message).hint("the first of 16 shards is 0/16, the last is 15/16")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, variables: &[(&str, &str)]) -> Result<String, String> {
        let variable = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        shard(text, &variable).map(|shard| shard.to_string()).map_err(|failure| failure.message)
    }

    #[test]
    fn the_engine_that_started_it_says_which_shard_it_is() {
        let slurm = [("SLURM_ARRAY_TASK_ID", "3"), ("SLURM_ARRAY_TASK_COUNT", "8")];
        assert_eq!(of("auto", &slurm), Ok("3/8".to_owned()));
        let aws = [("AWS_BATCH_JOB_ARRAY_INDEX", "0"), ("AWS_BATCH_JOB_ARRAY_SIZE", "2")];
        assert_eq!(of("auto", &aws), Ok("0/2".to_owned()));
        let kubernetes = [("JOB_COMPLETION_INDEX", "15")];
        assert_eq!(of("auto/16", &kubernetes), Ok("15/16".to_owned()));
        assert_eq!(of("2/4", &kubernetes), Ok("2/4".to_owned()), "what was said is stronger");
        assert!(of("auto", &kubernetes).unwrap_err().contains("does not tell the number of shards"));
        // The last task of a part that is run again: its engine counts the part only.
        let part = [("SLURM_ARRAY_TASK_ID", "7"), ("SLURM_ARRAY_TASK_COUNT", "1")];
        assert!(of("auto", &part).unwrap_err().contains("counted from 0"));
        assert_eq!(of("auto/8", &part), Ok("7/8".to_owned()));
        let first =
            [("SLURM_ARRAY_TASK_ID", "0"), ("SLURM_ARRAY_TASK_COUNT", "2"), ("SLURM_ARRAY_TASK_MAX", "7")];
        assert!(of("auto", &first).unwrap_err().contains("SLURM_ARRAY_TASK_MAX is"), "0 and 7 of 8 are no 0/2");
        assert!(of("auto", &[]).unwrap_err().contains("are not set"));
        assert!(of("auto", &[slurm[0], kubernetes[0]]).unwrap_err().contains("are both set"));
        assert!(of("8/8", &[]).unwrap_err().contains("the last of 8 is 7/8"));
    }
}
