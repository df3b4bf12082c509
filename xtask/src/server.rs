//! Serves the files of one folder over HTTP to this machine.
//!
//! It deliberately knows GET and HEAD of static files only: no listing, no range, no upload, no
//! compression, and nothing outside its folder.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::step::{Failure, Outcome};

/// Longest request line with headers that is read; a browser's stay far below.
const REQUEST_BYTES: u64 = 64 * 1024;
/// How long a silent client may hold a thread.
const PATIENCE: Duration = Duration::from_secs(30);

/// A folder and the port it is served on.
pub(crate) struct Server {
    listener: TcpListener,
    address: SocketAddr,
    folder: Arc<PathBuf>,
}

impl Server {
    pub(crate) fn new(listener: TcpListener, folder: &Path) -> Outcome<Self> {
        let address = listener
            .local_addr()
            .map_err(|error| Failure::new(format!("the server has no address: {error}")))?;
        let folder =
            folder.canonicalize().map_err(|error| Failure::file("serve", folder, &error))?;
        Ok(Self { listener, address, folder: Arc::new(folder) })
    }

    pub(crate) fn address(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Answers until the process ends.
    pub(crate) fn run(&self) {
        for connection in self.listener.incoming().flatten() {
            let folder = Arc::clone(&self.folder);
            // A client that went away is no concern of the others.
            thread::spawn(move || drop(answer(&connection, &folder)));
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Reply {
    File(PathBuf),
    Moved(String),
    Refused(&'static str),
}

fn answer(connection: &TcpStream, folder: &Path) -> io::Result<()> {
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.set_write_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(connection).take(REQUEST_BYTES);
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let mut header = String::new();
    while reader.read_line(&mut header)? > 0 && !header.trim().is_empty() {
        header.clear();
    }

    let reply = route(&request, folder);
    let with_body = !request.starts_with("HEAD ");
    let mut connection = connection;
    match reply {
        Reply::File(path) => {
            let mut file = File::open(&path)?;
            let length = file.metadata()?.len();
            let fields = format!("Content-Type: {}\r\n", mime_type(&path));
            connection.write_all(head("200 OK", length, &fields).as_bytes())?;
            if with_body {
                io::copy(&mut file, &mut connection)?;
            }
        }
        Reply::Moved(to) => {
            let fields = format!("Location: {to}\r\n");
            connection.write_all(head("301 Moved Permanently", 0, &fields).as_bytes())?;
        }
        Reply::Refused(status) => {
            let length = if with_body { status.len() } else { 0 };
            let fields = "Content-Type: text/plain; charset=utf-8\r\nAllow: GET, HEAD\r\n";
            connection.write_all(head(status, length as u64, fields).as_bytes())?;
            if with_body {
                connection.write_all(status.as_bytes())?;
            }
        }
    }
    connection.flush()
}

fn head(status: &str, length: u64, fields: &str) -> String {
    // Any origin may load the files, as from the networks that embedded scripts come from.
    format!(
        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{fields}Cache-Control: no-cache\r\n\
         X-Content-Type-Options: nosniff\r\nAccess-Control-Allow-Origin: *\r\n\
         Connection: close\r\n\r\n"
    )
}

/// Decides what a request line gets, of the files below `folder` alone.
fn route(request: &str, folder: &Path) -> Reply {
    const NOT_FOUND: Reply = Reply::Refused("404 Not Found");
    let mut words = request.split_whitespace();
    let (Some(method), Some(target), Some(version)) = (words.next(), words.next(), words.next())
    else {
        return Reply::Refused("400 Bad Request");
    };
    if !version.starts_with("HTTP/1.") {
        return Reply::Refused("400 Bad Request");
    }
    if !matches!(method, "GET" | "HEAD") {
        return Reply::Refused("405 Method Not Allowed");
    }
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let Some(decoded) = path.strip_prefix('/').and_then(percent_decode) else {
        return Reply::Refused("400 Bad Request");
    };
    let relative = Path::new(&decoded);
    let stays_inside = relative.components().all(|part| matches!(part, Component::Normal(_)));
    if !stays_inside || decoded.contains(['\\', '\0', ':']) {
        return NOT_FOUND;
    }
    // A symbolic link may lead outside although its name does not.
    let Ok(found) = folder.join(relative).canonicalize() else { return NOT_FOUND };
    if !found.starts_with(folder) {
        return NOT_FOUND;
    }
    if found.is_dir() {
        if !path.ends_with('/') {
            return Reply::Moved(format!("{path}/"));
        }
        let index = found.join("index.html");
        return if index.is_file() { Reply::File(index) } else { NOT_FOUND };
    }
    if path.ends_with('/') { NOT_FOUND } else { Reply::File(found) }
}

fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        if *first == b'%' {
            let digits = after.get(..2).and_then(|digits| str::from_utf8(digits).ok())?;
            if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                return None;
            }
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

fn mime_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json; charset=utf-8",
        Some("csv") => "text/csv; charset=utf-8",
        Some("ts" | "txt") => "text/plain; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::path::PathBuf;

    use super::{Reply, Server, mime_type, route};

    /// A folder with a page and, beside it, a file that must never be served.
    struct Site(PathBuf);

    impl std::ops::Deref for Site {
        type Target = std::path::Path;

        fn deref(&self) -> &Self::Target {
            &self.0
        }
    }

    impl Drop for Site {
        fn drop(&mut self) {
            drop(fs::remove_dir_all(self.0.parent().expect("outer folder")));
        }
    }

    fn folder(name: &str) -> Site {
        let outer = std::env::temp_dir().join(format!("xtask-{}-{name}", std::process::id()));
        let inner = outer.join("site");
        fs::create_dir_all(inner.join("part")).expect("temporary folder");
        fs::create_dir_all(inner.join("empty")).expect("temporary folder");
        fs::write(inner.join("index.html"), "<!doctype html>home").expect("page");
        fs::write(inner.join("part/index.html"), "part").expect("page");
        fs::write(inner.join("a b.js"), "export {};").expect("script");
        fs::write(outer.join("secret.txt"), "secret").expect("file outside");
        #[cfg(unix)]
        drop(std::os::unix::fs::symlink(outer.join("secret.txt"), inner.join("link.txt")));
        Site(inner.canonicalize().expect("temporary folder"))
    }

    #[test]
    fn serves_files_of_its_folder() {
        let site = folder("serves");
        let get = |target: &str| route(&format!("GET {target} HTTP/1.1\r\n"), &site);
        assert_eq!(get("/"), Reply::File(site.join("index.html")));
        assert_eq!(get("/?a=/../b"), Reply::File(site.join("index.html")));
        assert_eq!(get("/part/"), Reply::File(site.join("part/index.html")));
        assert_eq!(get("/part"), Reply::Moved("/part/".to_owned()));
        assert_eq!(get("/a%20b.js"), Reply::File(site.join("a b.js")));
    }

    #[test]
    fn serves_nothing_outside_its_folder() {
        let site = folder("outside");
        let not_found = Reply::Refused("404 Not Found");
        for target in [
            "/../secret.txt",
            "/part/../../secret.txt",
            "/%2e%2e/secret.txt",
            "/%2e%2e%2fsecret.txt",
            "/..%5csecret.txt",
            "/link.txt",
            "//etc/passwd",
            "/%2fetc/passwd",
            "/index.html%00.txt",
            "/C:/secret.txt",
            "/missing.html",
            "/index.html/",
            "/empty/",
        ] {
            assert_eq!(route(&format!("GET {target} HTTP/1.1\r\n"), &site), not_found, "{target}");
        }
    }

    #[test]
    fn refuses_what_is_no_request_for_a_file() {
        let site = folder("refuses");
        let bad = Reply::Refused("400 Bad Request");
        for request in [
            "",
            "GET",
            "GET /",
            "GET / HTTP/2",
            "GET http://x/ HTTP/1.1",
            "GET /%zz HTTP/1.1",
            "GET /% HTTP/1.1",
            "GET /%+1 HTTP/1.1",
        ] {
            assert_eq!(route(request, &site), bad, "{request}");
        }
        assert_eq!(route("POST / HTTP/1.1", &site), Reply::Refused("405 Method Not Allowed"));
    }

    #[test]
    fn answers_over_the_wire() {
        let site = folder("wire");
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("free port");
        let server = Server::new(listener, &site).expect("server");
        let address = server.address;
        std::thread::spawn(move || server.run());
        let ask = |request: &str| {
            let mut connection = TcpStream::connect(address).expect("connection");
            connection.write_all(request.as_bytes()).expect("request");
            let mut reply = String::new();
            connection.read_to_string(&mut reply).expect("reply");
            reply
        };
        let page = ask("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
        assert!(page.contains("Content-Type: text/html; charset=utf-8\r\n"), "{page}");
        assert!(page.ends_with("\r\n\r\n<!doctype html>home"), "{page}");
        let head = ask("HEAD / HTTP/1.1\r\n\r\n");
        assert!(head.contains("Content-Length: 19\r\n") && head.ends_with("\r\n\r\n"), "{head}");
        let outside = ask("GET /../secret.txt HTTP/1.1\r\n\r\n");
        assert!(outside.starts_with("HTTP/1.1 404 "), "{outside}");
    }

    #[test]
    fn names_types_that_browsers_insist_on() {
        for (file, expected) in [
            ("a.js", "text/javascript; charset=utf-8"),
            ("a.mjs", "text/javascript; charset=utf-8"),
            ("a.wasm", "application/wasm"),
            ("a.html", "text/html; charset=utf-8"),
            ("SHA256SUMS", "application/octet-stream"),
        ] {
            assert_eq!(mime_type(file.as_ref()), expected);
        }
    }
}
