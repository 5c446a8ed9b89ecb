//! HTTP: git's own `http-backend` behind a small server that answers one request in another way.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

/// A server of the bare repositories of a folder.
pub(crate) struct Server {
    port: u16,
    fault: Arc<Mutex<Option<Fault>>>,
}

/// An answer instead of git's: to requests whose first line holds this text.
struct Fault {
    to: &'static str,
    answer: String,
}

/// What was asked.
struct Request {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Server {
    /// Serves `root` until the test ends.
    pub(crate) fn start(root: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let fault: Arc<Mutex<Option<Fault>>> = Arc::default();
        let known = Arc::clone(&fault);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (root, fault) = (root.clone(), Arc::clone(&known));
                std::thread::spawn(move || serve(stream.unwrap(), &root, &fault));
            }
        });
        Self { port, fault }
    }

    /// The address of a repository.
    pub(crate) fn url(&self, name: &str) -> String {
        format!("http://127.0.0.1:{}/{name}", self.port)
    }

    /// Answers requests whose first line holds `to` with a status and a body from now on.
    pub(crate) fn answer(&self, to: &'static str, status: &str, body: &str) {
        let more = if status.starts_with("401") { "WWW-Authenticate: Basic realm=\"x\"\r\n" } else { "" };
        let length = body.len();
        let answer = format!("HTTP/1.1 {status}\r\n{more}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}");
        *self.fault.lock().unwrap() = Some(Fault { to, answer });
    }
}

fn serve(stream: TcpStream, root: &std::path::Path, fault: &Mutex<Option<Fault>>) {
    let mut input = BufReader::new(stream.try_clone().unwrap());
    let mut output = stream;
    let Some(request) = read(&mut input) else { return };
    let first = format!("{} {}", request.method, request.path);
    let answer = fault.lock().unwrap().as_ref().filter(|fault| first.contains(fault.to)).map(|f| f.answer.clone());
    let answer = answer.map_or_else(|| backend(&request, root), String::into_bytes);
    // Who went away has no need of it.
    let _ = output.write_all(&answer);
}

fn read(input: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut line = String::new();
    input.read_line(&mut line).ok().filter(|count| *count > 0)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next()?, words.next()?);
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        input.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.push((name.to_lowercase(), value.to_owned()));
    }
    let mut request = Request { method, path, headers, body: Vec::new() };
    match request.header("content-length").and_then(|length| length.parse::<usize>().ok()) {
        Some(length) => {
            request.body = vec![0; length];
            input.read_exact(&mut request.body).ok()?;
        }
        None if request.header("transfer-encoding").is_some() => request.body = chunks(input)?,
        None => {}
    }
    Some(request)
}

fn chunks(input: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut line = String::new();
        input.read_line(&mut line).ok()?;
        let length = usize::from_str_radix(line.trim(), 16).ok()?;
        let mut chunk = vec![0; length + 2];
        input.read_exact(&mut chunk).ok()?;
        if length == 0 {
            return Some(body);
        }
        body.extend_from_slice(&chunk[..length]);
    }
}

impl Request {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What git answers.
#[expect(clippy::disallowed_methods, reason = "a server is no part of the program")]
fn backend(request: &Request, root: &std::path::Path) -> Vec<u8> {
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let mut command = Command::new("git");
    command.arg("http-backend").env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("GIT_PROJECT_ROOT", root).env("GIT_HTTP_EXPORT_ALL", "1").env("REMOTE_ADDR", "127.0.0.1");
    command.env("REMOTE_USER", "tester").env("REQUEST_METHOD", &request.method);
    command.env("PATH_INFO", path).env("QUERY_STRING", query).env("HOME", root);
    command.env("CONTENT_LENGTH", request.body.len().to_string());
    for (header, name) in [
        ("content-type", "CONTENT_TYPE"),
        ("content-encoding", "HTTP_CONTENT_ENCODING"),
        ("git-protocol", "GIT_PROTOCOL"),
    ] {
        request.header(header).map(|value| command.env(name, value));
    }
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let (mut stdin, body) = (child.stdin.take().unwrap(), request.body.clone());
    let feed = std::thread::spawn(move || _ = stdin.write_all(&body));
    let said = child.wait_with_output().unwrap().stdout;
    feed.join().unwrap();
    let status = said
        .strip_prefix(b"Status: ")
        .map_or("200 OK", |rest| std::str::from_utf8(rest.split(|byte| *byte == b'\r').next().unwrap()).unwrap());
    [format!("HTTP/1.1 {status}\r\nConnection: close\r\n").as_bytes(), &said].concat()
}
