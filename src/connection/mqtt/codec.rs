//! MQTT packets of a client, version 3.1.1 or 5, as one vocabulary over the two of the codec library.

use mqtt_proto::{
    Pid, QoS, QosPid, TopicFilter, TopicName,
    v3::{self, ConnectReturnCode, SubscribeReturnCode},
    v5,
};

use super::{Message, Reason, SessionError, Version};

/// No packet that concerns us is larger.
const LIMIT: u32 = 1024 * 1024;

/// Packets that servers send, as far as they concern a client like ours.
#[derive(Debug)]
pub enum Incoming {
    /// MQTT 5.0 §3.2, like the reasons of 3.1.1 put into its vocabulary.
    Connack(Reason),
    Suback(Pid, Reason),
    Puback(Pid, Reason),
    /// With the packet id to acknowledge.
    Publish(Message, Option<Pid>),
    Disconnect(Reason),
    Other,
}

/// Takes the first packet out of the received octets; `None` when it is not whole yet.
///
/// # Errors
/// When it is no packet of this version, or longer than any that concerns a device.
pub fn take(buffer: &mut Vec<u8>, version: Version) -> Result<Option<Incoming>, SessionError> {
    let header = match version {
        Version::V311 => v3::Header::decode(buffer).map(|header| header.remaining_len),
        Version::V5 => match v5::Header::decode(buffer) {
            Ok(header) => Ok(header.remaining_len),
            Err(v5::ErrorV5::Common(error)) => Err(error),
            Err(_) => return Err(no_packet()),
        },
    };
    let length = match header {
        Ok(length) if length > LIMIT => return Err(SessionError::TooLarge(length)),
        Ok(length) => usize::try_from(length)
            .ok()
            .and_then(|length| mqtt_proto::total_len(length).ok())
            .ok_or_else(cut_short)?,
        Err(error) if error.is_eof() => return Ok(None),
        Err(_) => return Err(no_packet()),
    };
    if buffer.len() < length {
        return Ok(None);
    }
    let rest = buffer.split_off(length);
    let packet = std::mem::replace(buffer, rest);
    match version {
        Version::V311 => of_v3(&packet),
        Version::V5 => of_v5(&packet),
    }
    .map(Some)
}

fn of_v3(packet: &[u8]) -> Result<Incoming, SessionError> {
    let packet = v3::Packet::decode(packet).map_err(|_| no_packet())?;
    Ok(match packet.ok_or_else(cut_short)? {
        v3::Packet::Connack(connack) => Incoming::Connack(of_return_code(connack.code)),
        v3::Packet::Suback(suback) => Incoming::Suback(suback.pid, granted(suback.topics.first())),
        v3::Packet::Puback(pid) => Incoming::Puback(pid, Reason::of(0, None)),
        v3::Packet::Publish(publish) => published(&publish.topic_name, &publish.payload, publish.qos_pid),
        _ => Incoming::Other,
    })
}

fn of_v5(packet: &[u8]) -> Result<Incoming, SessionError> {
    let decoded = match v5::Packet::decode(packet) {
        Ok(Some(decoded)) => decoded,
        // A server that knows no version 5 says so in the words of version 3.1.1.
        other => {
            return match of_v3(packet) {
                Ok(connack @ Incoming::Connack(_)) => Ok(connack),
                _ => Err(other.err().map_or_else(cut_short, |_| no_packet())),
            };
        }
    };
    let text = |text: &Option<std::sync::Arc<str>>| text.as_deref().map(str::to_owned);
    Ok(match decoded {
        v5::Packet::Connack(connack) => {
            Incoming::Connack(Reason::of(connack.reason_code as u8, text(&connack.properties.reason_string)))
        }
        v5::Packet::Suback(suback) => {
            let code = suback.topics.first().map_or(0x80, |code| *code as u8);
            Incoming::Suback(suback.pid, Reason::of(code, text(&suback.properties.reason_string)))
        }
        v5::Packet::Puback(puback) => Incoming::Puback(
            puback.pid,
            Reason::of(puback.reason_code as u8, text(&puback.properties.reason_string)),
        ),
        v5::Packet::Disconnect(disconnect) => Incoming::Disconnect(Reason::of(
            disconnect.reason_code as u8,
            text(&disconnect.properties.reason_string),
        )),
        v5::Packet::Publish(publish) => published(&publish.topic_name, &publish.payload, publish.qos_pid),
        _ => Incoming::Other,
    })
}

fn no_packet() -> SessionError {
    SessionError::Nonsense("the packet is malformed".to_owned())
}

/// Not reachable: topics and sizes were checked before.
pub(super) fn unsent() -> SessionError {
    SessionError::Nonsense("the message does not fit into a packet".to_owned())
}

fn cut_short() -> SessionError {
    SessionError::Nonsense("a packet is shorter than its length field".to_owned())
}

fn published(topic: &TopicName, payload: &[u8], qos: QosPid) -> Incoming {
    let pid = match qos {
        QosPid::Level1(pid) => Some(pid),
        QosPid::Level0 | QosPid::Level2(_) => None,
    };
    Incoming::Publish(Message { topic: topic.to_string(), payload: payload.to_vec() }, pid)
}

/// Version 3.1.1 has five refusals of its own; version 5 has a number for each of them.
fn of_return_code(code: ConnectReturnCode) -> Reason {
    let number = match code {
        ConnectReturnCode::Accepted => 0,
        ConnectReturnCode::UnacceptableProtocolVersion => 0x84,
        ConnectReturnCode::IdentifierRejected => 0x85,
        ConnectReturnCode::ServerUnavailable => 0x88,
        ConnectReturnCode::BadUserNameOrPassword => 0x86,
        ConnectReturnCode::NotAuthorized => 0x87,
    };
    Reason { code: number, wire: code as u8, text: None }
}

fn granted(code: Option<&SubscribeReturnCode>) -> Reason {
    let number = match code {
        Some(SubscribeReturnCode::MaxLevel0) => 0,
        Some(SubscribeReturnCode::MaxLevel1) => 1,
        Some(SubscribeReturnCode::MaxLevel2) => 2,
        Some(SubscribeReturnCode::Failure) | None => 0x80,
    };
    Reason::of(number, None)
}

pub(super) fn connect(version: Version, client_id: &str, keep_alive: u16) -> Result<Vec<u8>, SessionError> {
    encoded(match version {
        Version::V311 => v3::Packet::from(v3::Connect::new(client_id.into(), keep_alive)).encode(),
        Version::V5 => {
            let mut connect = v5::Connect::new(client_id.into(), keep_alive);
            connect.clean_start = true;
            v5::Packet::from(connect).encode()
        }
    })
}

pub(super) fn subscribe(version: Version, pid: Pid, filter: &str) -> Result<Vec<u8>, SessionError> {
    let filter = TopicFilter::try_from(filter).map_err(|_| unsent())?;
    encoded(match version {
        Version::V311 => v3::Packet::from(v3::Subscribe::new(pid, vec![(filter, QoS::Level1)])).encode(),
        Version::V5 => {
            let options = v5::SubscriptionOptions::new(QoS::Level1);
            v5::Packet::from(v5::Subscribe::new(pid, vec![(filter, options)])).encode()
        }
    })
}

/// With quality of service 1.
pub(super) fn publish(
    version: Version,
    pid: Pid,
    topic: &str,
    payload: &[u8],
) -> Result<Vec<u8>, SessionError> {
    let topic = TopicName::try_from(topic).map_err(|_| unsent())?;
    let (qos, payload) = (QosPid::Level1(pid), payload.to_vec());
    encoded(match version {
        Version::V311 => v3::Packet::from(v3::Publish::new(qos, topic, payload.into())).encode(),
        Version::V5 => v5::Packet::from(v5::Publish::new(qos, topic, payload.into())).encode(),
    })
}

pub(super) fn acknowledge(version: Version, pid: Pid) -> Result<Vec<u8>, SessionError> {
    encoded(match version {
        Version::V311 => v3::Packet::Puback(pid).encode(),
        Version::V5 => v5::Packet::from(v5::Puback::new_success(pid)).encode(),
    })
}

pub(super) fn disconnect(version: Version) -> Result<Vec<u8>, SessionError> {
    encoded(match version {
        Version::V311 => v3::Packet::Disconnect.encode(),
        Version::V5 => v5::Packet::from(v5::Disconnect::new_normal()).encode(),
    })
}

fn encoded(bytes: Result<mqtt_proto::VarBytes, mqtt_proto::Error>) -> Result<Vec<u8>, SessionError> {
    bytes.map(|bytes| bytes.as_ref().to_vec()).map_err(|_| unsent())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VERSIONS: [Version; 2] = [Version::V311, Version::V5];

    #[test]
    fn a_server_without_version_5_is_understood() {
        let mut buffer = vec![0x20, 2, 0, 1];
        match take(&mut buffer, Version::V5) {
            Ok(Some(Incoming::Connack(reason))) => assert_eq!(reason.code, 0x84),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_length_that_is_a_lie_costs_no_memory() {
        for version in VERSIONS {
            let mut buffer = vec![0x30, 0xff, 0xff, 0xff, 0x7f];
            assert!(matches!(take(&mut buffer, version), Err(SessionError::TooLarge(_))));
        }
    }

    proptest! {
        #[test]
        fn whatever_a_server_sends_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            for version in VERSIONS {
                let mut buffer = bytes.clone();
                while let Ok(Some(_)) = take(&mut buffer, version) {}
                prop_assert!(buffer.len() <= bytes.len());
            }
        }

        #[test]
        fn a_packet_that_comes_in_pieces_is_the_same(payload in prop::collection::vec(any::<u8>(), 0..300)) {
            for version in VERSIONS {
                let whole = publish(version, Pid::try_from(7).unwrap(), "a/b", &payload).unwrap();
                let mut buffer = Vec::new();
                for (index, byte) in whole.iter().enumerate() {
                    buffer.push(*byte);
                    match take(&mut buffer, version).unwrap() {
                        None => prop_assert!(index + 1 < whole.len()),
                        Some(Incoming::Publish(message, pid)) => {
                            prop_assert_eq!(index + 1, whole.len());
                            prop_assert_eq!(&message.payload, &payload);
                            prop_assert_eq!(pid.map(Pid::value), Some(7));
                        }
                        other => prop_assert!(false, "{:?}", other),
                    }
                }
            }
        }
    }
}
