//! A port for a server that cannot choose one itself, or for an address without a server.

use std::net::SocketAddr;

use tokio::net::TcpSocket;

/// Taken on loopback until dropped. Connections are refused, until a server with `SO_REUSEADDR` listens there; a
/// program that asks the system for any port gets another.
pub(crate) struct Port {
    pub(crate) number: u16,
    _socket: TcpSocket,
}

impl Port {
    pub(crate) fn reserve() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        Self { number: socket.local_addr().unwrap().port(), _socket: socket }
    }
}

mod tests {
    use std::{
        io::ErrorKind,
        net::{TcpListener, TcpStream},
    };

    use super::Port;

    #[test]
    fn it_refuses_until_somebody_listens() {
        let port = Port::reserve();
        let address = ("127.0.0.1", port.number);
        assert_eq!(TcpStream::connect(address).unwrap_err().kind(), ErrorKind::ConnectionRefused);
        let listener = TcpListener::bind(address).unwrap();
        TcpStream::connect(address).unwrap();
        drop(listener);
        assert_eq!(TcpStream::connect(address).unwrap_err().kind(), ErrorKind::ConnectionRefused);
    }
}
