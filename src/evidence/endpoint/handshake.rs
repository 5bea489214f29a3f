//! The handshake, byte by byte, so that a time limit holds and other protocols are recognised.

use std::{
    io::{self, Read},
    net::{SocketAddr, TcpStream},
};

use rustls::ClientConnection;

use super::{Deadline, EndpointError, Presented, recorder::Recorder};
use crate::pki::tls_words;

/// Runs the handshake. Certificates that were recorded count even when the handshake does not finish.
pub(super) fn run(
    mut connection: ClientConnection,
    mut stream: TcpStream,
    address: SocketAddr,
    recorder: &Recorder,
    deadline: Deadline,
) -> Result<Presented, EndpointError> {
    let ended = drive(&mut connection, &mut stream, deadline);
    if ended.is_ok() {
        connection.send_close_notify();
    }
    // An alert or a close_notify is sent. The result does not depend on its arrival.
    let _ = connection.write_tls(&mut stream);
    let seen = recorder.seen();
    let broken_off = match ended {
        Ok(()) => None,
        Err(error) if seen.chain.is_empty() => return Err(error),
        Err(EndpointError::Tls(reason)) => Some(reason),
        Err(error) => Some(error.to_string()),
    };
    if seen.chain.is_empty() {
        return Err(EndpointError::Tls("the server has no certificate".to_owned()));
    }
    Ok(Presented {
        chain: seen.chain,
        address,
        protocol: connection.protocol_version().and_then(|version| version.as_str()).map(readable),
        cipher: connection
            .negotiated_cipher_suite()
            .and_then(|suite| suite.suite().as_str())
            .map(|name| name.replacen("TLS13_", "TLS_", 1)),
        key_proven: seen.key_proven,
        broken_off,
    })
}

fn drive(
    connection: &mut ClientConnection,
    stream: &mut TcpStream,
    deadline: Deadline,
) -> Result<(), EndpointError> {
    let mut first = Vec::new();
    let mut buffer = [0; 4096];
    while connection.is_handshaking() {
        while connection.wants_write() {
            stream.set_write_timeout(Some(deadline.left()?)).map_err(EndpointError::Connect)?;
            connection.write_tls(stream).map_err(|error| of_io(error, deadline))?;
        }
        if !connection.wants_read() {
            continue;
        }
        stream.set_read_timeout(Some(deadline.left()?)).map_err(EndpointError::Connect)?;
        let length = stream.read(&mut buffer).map_err(|error| of_io(error, deadline))?;
        let mut bytes = buffer.get(..length).unwrap_or_default();
        if bytes.is_empty() {
            return Err(EndpointError::Closed);
        }
        if first.len() < 64 {
            first.extend_from_slice(bytes);
        }
        while !bytes.is_empty() {
            connection.read_tls(&mut bytes).map_err(|error| of_io(error, deadline))?;
            connection.process_new_packets().map_err(|error| of_tls(&error, &first))?;
        }
    }
    Ok(())
}

fn of_io(error: io::Error, deadline: Deadline) -> EndpointError {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => deadline.passed(),
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
            EndpointError::Closed
        }
        _ => EndpointError::Connect(error),
    }
}

fn of_tls(error: &rustls::Error, first: &[u8]) -> EndpointError {
    // Records begin with their type, 20 to 24, and the major version 3 (RFC 8446 §5.1).
    match first {
        [20..=24, 3, ..] => EndpointError::Tls(tls_words::fault(error)),
        _ if first.starts_with(b"HTTP/") => EndpointError::NotTls("it answers in plain HTTP".to_owned()),
        _ => {
            let line = first.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
            let shown: String = String::from_utf8_lossy(line).chars().take(40).collect();
            EndpointError::NotTls(format!("its answer begins with {shown:?}"))
        }
    }
}

/// `TLSv1_3` as people write it.
fn readable(version: &str) -> String {
    version.replacen("TLSv", "TLS ", 1).replace('_', ".")
}
