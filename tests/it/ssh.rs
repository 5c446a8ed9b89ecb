//! Ssh: what a real server says is told with its own code and remedy; and what its login shell adds.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::world::{DIRECTORY, Said, World, git_in};

/// Where the server is.
const SSHD: &str = "/usr/sbin/sshd";

/// A world whose remote is reached over a real ssh server.
struct Reached {
    world: World,
    folder: PathBuf,
    port: u16,
    server: Child,
}

impl Drop for Reached {
    fn drop(&mut self) {
        // One that has ended already is fine.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Whether there is a server to try it with; where tests are a gate there has to be one.
fn is_missing() -> bool {
    let is_there = Path::new(SSHD).exists();
    assert!(is_there || std::env::var_os("CI").is_none(), "{SSHD} is missing");
    if !is_there {
        hedgerow::cli::print::error("skipped: sshd\n");
    }
    !is_there
}

#[expect(clippy::disallowed_methods, reason = "the server and its keys are no part of the program")]
fn program(name: &str) -> Command {
    Command::new(name)
}

fn run(name: &str, args: &[&str]) -> String {
    let output = program(name).args(args).stdin(Stdio::null()).output().unwrap();
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Reached {
    fn start() -> Self {
        let world = World::initialized();
        let folder = world.root.join("sshd");
        fs::create_dir(&folder).unwrap();
        // The server wants a folder of its own, which only root may make.
        let _made = fs::create_dir_all("/run/sshd").is_ok();
        for key in ["host", "other-host", "good", "bad"] {
            let file = folder.join(key).display().to_string();
            run("ssh-keygen", &["-q", "-t", "ed25519", "-N", "", "-f", &file]);
        }
        fs::copy(folder.join("good.pub"), folder.join("authorized")).unwrap();
        let port = free_port();
        let server = serve(&folder, port, "host");
        let reached = Self { world, folder, port, server };
        let user = run("id", &["-un"]);
        let remote = reached.world.root.join("remote.git");
        let url = format!("ssh://{user}@127.0.0.1:{port}{}", remote.display());
        reached.world.configure(&format!(
            "repositories:\n  netops: {{ url: '{url}' }}\nfabrics:\n  dc1: {{ repository: netops, directory: {DIRECTORY} }}\n"
        ));
        reached
    }

    /// Lets ssh use a key of ours and know these hosts.
    fn fetch(&self, key: &str, known: &str, more: &[(&str, &str)]) -> Said {
        let (config, hosts) = (self.folder.join("config"), self.folder.join("known"));
        fs::write(&hosts, known).unwrap();
        let text = format!(
            "Host *\n IdentityFile {}\n UserKnownHostsFile {}\n GlobalKnownHostsFile /dev/null\n IdentitiesOnly yes\n",
            self.folder.join(key).display(),
            hosts.display()
        );
        fs::write(&config, text).unwrap();
        let mut command = self.world.command(&["fetch", "dc1", "-o", "json"]);
        command.env("GIT_SSH_COMMAND", format!("ssh -F {}", config.display()));
        command.envs(more.iter().copied());
        crate::world::said(&command.output().unwrap())
    }

    /// The line by which ssh knows a host key of ours.
    fn host(&self, key: &str) -> String {
        let key = fs::read_to_string(self.folder.join(format!("{key}.pub"))).unwrap();
        format!("[127.0.0.1]:{} {key}", self.port)
    }
}

/// Starts the server and waits until it listens.
fn serve(folder: &Path, port: u16, key: &str) -> Child {
    let at = |name: &str| folder.join(name).display().to_string();
    let text = format!(
        "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nPidFile none\nAuthorizedKeysFile {}\nStrictModes no\n\
         UsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\n",
        at(key),
        at("authorized")
    );
    fs::write(folder.join("server"), text).unwrap();
    let mut server = program(SSHD);
    server.args(["-D", "-f", &at("server"), "-E", &at("log")]).stdin(Stdio::null());
    let mut server = server.spawn().unwrap();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        if let Some(ended) = server.try_wait().unwrap() {
            panic!("{ended}: {}", fs::read_to_string(folder.join("log")).unwrap_or_default());
        }
        std::thread::yield_now();
    }
    server
}

/// The code, the remedies and what was said.
fn failure(said: &Said) -> (String, String, String) {
    let error = &said.entry()["error"];
    (error["code"].as_str().unwrap_or_default().to_owned(), error["remedy"].to_string(), error["detail"].to_string())
}

#[test]
fn a_real_server_is_understood() {
    if is_missing() {
        return;
    }
    let mut reached = Reached::start();
    let (host, other) = (reached.host("host"), reached.host("other-host"));
    let (code, remedy, detail) = failure(&reached.fetch("good", "", &[]));
    assert_eq!(code, "E-SSH-HOSTKEY", "{detail}");
    assert!(remedy.contains("fingerprint") && detail.contains("Host key verification failed."), "{remedy}{detail}");
    let said = reached.fetch("good", &other, &[]);
    let (code, remedy, detail) = failure(&said);
    assert_eq!((code.as_str(), said.code), ("E-SSH-HOSTKEY-CHANGED", 4), "{detail}");
    assert!(remedy.contains(&format!("ssh-keygen -R '[127.0.0.1]:{}'", reached.port)), "{remedy}");
    assert!(detail.contains("REMOTE HOST IDENTIFICATION HAS CHANGED"), "{detail}");
    // Without an agent the key may just be missing in it; with one the server refused what there is.
    let (code, remedy, detail) = failure(&reached.fetch("bad", &host, &[]));
    assert_eq!(code, "E-SSH-AGENT", "{detail}");
    assert!(remedy.contains("ssh-add") && detail.contains("Permission denied (publickey)."), "{remedy}{detail}");
    let agent = reached.folder.join("agent");
    let listener = std::os::unix::net::UnixListener::bind(&agent).unwrap();
    drop(std::thread::spawn(move || listener.incoming().for_each(drop)));
    let said = reached.fetch("bad", &host, &[("SSH_AUTH_SOCK", &agent.display().to_string())]);
    let (code, remedy, detail) = failure(&said);
    assert_eq!((code.as_str(), said.code), ("E-SSH-KEY", 4), "{detail}");
    assert!(remedy.contains("public key"), "{remedy}");
    let said = reached.fetch("good", &host, &[]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    reached.server.kill().unwrap();
    reached.server.wait().unwrap();
    let said = reached.fetch("good", &host, &[]);
    let (code, _, detail) = failure(&said);
    assert_eq!((code.as_str(), said.code), ("E-NET-REFUSED", 5), "{detail}");
    assert!(detail.contains("Connection refused"), "{detail}");
}

#[test]
fn a_login_shell_that_greets_is_named() {
    if is_missing() {
        return;
    }
    let reached = Reached::start();
    let greets = format!("command=\"echo Welcome to bastion-1; eval $SSH_ORIGINAL_COMMAND\" {}", {
        fs::read_to_string(reached.folder.join("good.pub")).unwrap()
    });
    fs::write(reached.folder.join("authorized"), greets).unwrap();
    let said = reached.fetch("good", &reached.host("host"), &[]);
    let (code, remedy, detail) = failure(&said);
    assert_eq!((code.as_str(), said.code), ("E-REMOTE-NOTGIT", 5), "{detail}");
    assert!(remedy.contains("login shell") && detail.contains("Welc"), "{remedy}{detail}");
    assert_eq!(git_in(&reached.world.clone, &["status", "--porcelain"]), "");
}
