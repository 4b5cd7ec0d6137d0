//! A proxy between a client and an emulator. It records which operations of the contract are
//! called.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use zendesk_availability_emulator::Emulator;
use zendesk_availability_emulator::client::Client;

use crate::harness::control_document;

/// The address of the proxy, and what it has recorded since the last look.
pub(super) struct Recorder {
    address: SocketAddr,
    /// Method and path.
    noted: Arc<Mutex<Vec<(String, String)>>>,
}

impl Recorder {
    /// Starts a proxy in front of an emulator.
    pub(super) fn before(emulator: &Emulator) -> Self {
        let behind = emulator.local_addr().expect("it has a socket");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let noted = Arc::new(Mutex::new(Vec::new()));
        let noting = Arc::clone(&noted);
        std::thread::spawn(move || {
            // The client has a connection for each call, and one call at a time.
            for client in listener.incoming() {
                pass_on(client.expect("a connection"), behind, |line| {
                    noting.lock().expect("no holder panics").push(line);
                });
            }
        });
        Self { address, noted }
    }

    pub(super) fn connect(&self) -> Client {
        Emulator::connect(&format!("http://{}", self.address), None).expect("it runs")
    }

    /// Takes the operations that were called since the last look.
    pub(super) fn operations(&self) -> Vec<String> {
        let noted = std::mem::take(&mut *self.noted.lock().expect("no holder panics"));
        noted
            .iter()
            .map(|(method, path)| operation(method, path))
            .collect()
    }
}

/// Passes a request and its answer on. Method and path are recorded in between, so that a client
/// that has the answer finds them.
fn pass_on(mut client: TcpStream, server: SocketAddr, note: impl FnOnce((String, String))) {
    let (mut request, mut head) = (Vec::new(), None);
    while head.is_none() {
        let mut bytes = [0; 4096];
        let read = client.read(&mut bytes).expect("a request");
        assert_ne!(read, 0, "the request ended early");
        request.extend_from_slice(&bytes[..read]);
        head = request.windows(4).position(|window| window == b"\r\n\r\n");
    }
    let end = head.expect("it was found") + 4;
    let head = String::from_utf8(request[..end].to_vec()).expect("UTF-8");
    let length = head.lines().find_map(|line| {
        line.to_lowercase()
            .strip_prefix("content-length: ")?
            .parse()
            .ok()
    });
    let mut rest = vec![0; (end + length.unwrap_or(0)).saturating_sub(request.len())];
    client.read_exact(&mut rest).expect("a body");
    let mut server = TcpStream::connect(server).expect("a connection");
    // So that the answer ends with the connection.
    server
        .write_all(head.trim_end().as_bytes())
        .expect("it takes it");
    server
        .write_all(b"\r\nConnection: close\r\n\r\n")
        .expect("it takes it");
    server.write_all(&request[end..]).expect("it takes it");
    server.write_all(&rest).expect("it takes it");
    let line: Vec<_> = head.split(' ').take(2).collect();
    note((
        line[0].to_owned(),
        line[1].split('?').next().expect("a path").to_owned(),
    ));
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).expect("an answer");
    client.write_all(&answer).expect("it takes it");
    // The client may be gone, because it has its answer.
    let _ = client.shutdown(Shutdown::Write);
}

/// The operation at a path.
fn operation(method: &str, path: &str) -> String {
    let fits = |template: &str| {
        let (expected, given): (Vec<_>, Vec<_>) =
            (template.split('/').collect(), path.split('/').collect());
        let alike =
            |(expected, given): (&&str, &&str)| expected.starts_with('{') || expected == given;
        expected.len() == given.len() && expected.iter().zip(&given).all(alike)
    };
    let paths = control_document()["paths"].as_object().expect("paths");
    let (_, item) = paths
        .iter()
        .find(|(template, _)| fits(template))
        .unwrap_or_else(|| panic!("no such path: {path}"));
    item[method.to_lowercase()]["operationId"]
        .as_str()
        .unwrap_or_else(|| panic!("no {method} {path}"))
        .to_owned()
}
