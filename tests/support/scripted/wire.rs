//! HTTP/1.1 byte by byte, as far as a test needs it.

use std::{io, sync::Mutex, time::Duration};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};

use super::{Ending, Reply, Request, Script};

/// Answers requests until the script ends the connection, or the client does.
pub(super) async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    connection: usize,
    openid: bool,
    script: &Script,
    seen: &Mutex<Vec<Request>>,
) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    while let Some(request) = read(&mut stream, connection).await? {
        if !openid && request.line().ends_with("/.well-known/openid-configuration") {
            write(stream.get_mut(), &Reply::status(404)).await?;
            continue;
        }
        seen.lock().unwrap().push(request.clone());
        let reply = script(&request);
        if let Some(barrier) = &reply.together {
            barrier.wait().await;
        }
        if !write(stream.get_mut(), &reply).await? {
            return stream.get_mut().shutdown().await;
        }
    }
    Ok(())
}

async fn read(
    stream: &mut BufReader<impl AsyncRead + Unpin>,
    connection: usize,
) -> io::Result<Option<Request>> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        match line.trim().split_once(':') {
            Some((name, value)) => headers.push((name.to_lowercase(), value.trim().to_owned())),
            None => break,
        }
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let mut body = vec![0; length.map_or(0, |(_, length)| length.parse().unwrap())];
    stream.read_exact(&mut body).await?;
    Ok(Some(Request { method, target, headers, body, connection }))
}

/// Says whether the connection may be used again.
async fn write(stream: &mut (impl AsyncWrite + Unpin), reply: &Reply) -> io::Result<bool> {
    match reply.ending {
        Ending::Cut => return Ok(false),
        Ending::Hang => std::future::pending::<()>().await,
        Ending::Raw => {
            stream.write_all(&reply.body).await?;
            return Ok(false);
        }
        _ => {}
    }
    let mut head = format!("HTTP/1.1 {} Scripted", reply.status);
    let length = ("content-length".to_owned(), reply.body.len().to_string());
    let is_endless = matches!(reply.ending, Ending::Endless | Ending::Drip);
    let announced =
        reply.status != 204 && !is_endless && !reply.headers.iter().any(|(name, _)| *name == length.0);
    for (name, value) in reply.headers.iter().chain(announced.then_some(&length)) {
        head.extend(["\r\n", name, ": ", value]);
    }
    head.push_str("\r\n\r\n");
    if matches!(reply.ending, Ending::Endless) {
        stream.write_all(head.as_bytes()).await?;
        loop {
            stream.write_all(&reply.body).await?;
        }
    }
    if matches!(reply.ending, Ending::Drip) {
        stream.write_all(head.as_bytes()).await?;
        for byte in reply.body.iter().cycle() {
            stream.write_all(&[*byte]).await?;
            stream.flush().await?;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    let mut bytes = head.into_bytes();
    let end = match reply.ending {
        Ending::Short(end) => end,
        _ => reply.body.len(),
    };
    bytes.extend_from_slice(&reply.body[..end]);
    stream.write_all(&bytes).await?;
    stream.flush().await?;
    Ok(end == reply.body.len())
}
