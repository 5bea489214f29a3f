//! Topic names and filters (MQTT 5 §4.7).

use mqtt_proto::{TopicFilter, TopicName};

/// A text that is no topic. Holds the text as it came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TopicError {
    #[error("{0:?} is not a topic to publish to: it must not be empty and not hold # or +")]
    Name(String),
    #[error("{0:?} is not a topic filter: # is allowed alone at the end, + alone between two /")]
    Filter(String),
}

/// # Errors
/// When no message can be published under it.
pub fn check_topic(topic: &str) -> Result<(), TopicError> {
    match TopicName::try_from(topic) {
        Ok(_) if !topic.is_empty() => Ok(()),
        _ => Err(TopicError::Name(topic.to_owned())),
    }
}

/// # Errors
/// When it cannot be subscribed to.
pub fn check_filter(filter: &str) -> Result<(), TopicError> {
    TopicFilter::try_from(filter).map(|_| ()).map_err(|_| TopicError::Filter(filter.to_owned()))
}

/// A message on `topic` belongs to a subscription with `filter` (MQTT 5 §4.7).
#[must_use]
pub fn fits(filter: &str, topic: &str) -> bool {
    // Topics of the server itself belong to no wildcard at the beginning.
    if topic.starts_with('$') && filter.starts_with(['#', '+']) {
        return false;
    }
    let mut levels = topic.split('/');
    for wanted in filter.split('/') {
        match (wanted, levels.next()) {
            ("#", _) => return true,
            ("+", Some(_)) => {}
            (wanted, Some(level)) if wanted == level => {}
            _ => return false,
        }
    }
    levels.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_levels() {
        for (filter, topic) in [("a/b", "a/b"), ("a/+", "a/b"), ("a/#", "a/b/c"), ("a/#", "a"), ("#", "a/b")] {
            assert!(fits(filter, topic), "{filter} {topic}");
        }
        for (filter, topic) in [("a/b", "a/c"), ("a/+", "a/b/c"), ("a/+", "a"), ("#", "$SYS/x"), ("a", "a/b")] {
            assert!(!fits(filter, topic), "{filter} {topic}");
        }
    }

    #[test]
    fn what_cannot_be_published_or_subscribed_to_is_refused() {
        assert!(check_topic("admin:a1998e/attrs").is_ok());
        assert!(["", "a/#", "a/+/b", "a\0"].iter().all(|topic| check_topic(topic).is_err()));
        assert!(check_filter("+/config/#").is_ok());
        assert!(["", "a#", "a/#/b", "a+/b"].iter().all(|filter| check_filter(filter).is_err()));
    }
}
