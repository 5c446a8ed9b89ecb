//! A world: a temporary remote, a clone, a configuration, and the program run in a cleared environment.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};

use hedgerow::git::program;
use serde_json::Value;
use tempfile::TempDir;

/// The GitOps directory of the one fabric, `dc1`.
pub(crate) const DIRECTORY: &str = "gitops/hedgehog/fabric-1";

/// A remote, a clone with one fabric, and a home.
pub(crate) struct World {
    _guard: TempDir,
    /// Everything lies below it.
    pub(crate) root: PathBuf,
    /// The user's clone.
    pub(crate) clone: PathBuf,
}

/// What the program said and how it ended.
pub(crate) struct Said {
    /// The exit code.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Said {
    /// The output as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.out, self.err))
    }

    /// The first fabric's entry.
    pub(crate) fn entry(&self) -> Value {
        self.json()["data"][0].clone()
    }
}

impl World {
    /// A clone whose remote holds one commit.
    pub(crate) fn new() -> Self {
        let world = Self::empty();
        world.write("README.md", "# netops\n");
        world.commit("start");
        world.git(&["push", "--quiet", "--set-upstream", "origin", "main"]);
        world
    }

    /// A clone of an empty remote.
    pub(crate) fn empty() -> Self {
        let guard = tempfile::tempdir().unwrap();
        let root = guard.path().canonicalize().unwrap();
        let clone = root.join("clone");
        fs::create_dir_all(root.join("home")).unwrap();
        let remote = root.join("remote.git").display().to_string();
        let init = ["init", "--quiet", "--initial-branch=main", "--template="];
        program::local(&root, &[&init[..], &["--bare", &remote]].concat(), None).unwrap();
        program::local(&root, &[&init[..], &["clone"]].concat(), None).unwrap();
        let world = Self { _guard: guard, root, clone };
        for (key, value) in
            [("user.name", "Alice Ng"), ("user.email", "alice@example.net"), ("commit.gpgsign", "false")]
        {
            world.git(&["config", key, value]);
        }
        world.git(&["remote", "add", "origin", &remote]);
        world.configure(&format!(
            "repositories:\n  netops: {{ path: clone }}\nfabrics:\n  dc1: {{ repository: netops, directory: {DIRECTORY} }}\n"
        ));
        world
    }

    /// A clone whose fabric is initialised and pushed.
    pub(crate) fn initialized() -> Self {
        let world = Self::new();
        assert_eq!(world.run(&["init", "dc1", "--yes"]).code, 0);
        assert_eq!(world.run(&["push", "dc1", "--yes"]).code, 0);
        world
    }

    /// The directory as the NetBox plugin left it, with its three raw files, committed and pushed.
    pub(crate) fn plugin() -> Self {
        let world = Self::new();
        for folder in ["raw", "unmanaged", "managed/connections", "managed/servers", "managed/switches"]
            .into_iter()
            .chain(["managed/switchgroups", "managed/vpcs", "managed/vpcattachments"])
        {
            world.write(&format!("{DIRECTORY}/{folder}/.gitkeep"), "");
        }
        world.write(&format!("{DIRECTORY}/README.md"), "# ours\n");
        world.raw("prepop.yaml", hedgerow::demo::WIRING);
        world.raw("test-vpc.yaml", hedgerow::demo::VPC);
        world.raw("test-vpc-2.yaml", hedgerow::demo::VPC);
        world.commit("as found");
        world.git(&["push", "--quiet"]);
        world
    }

    /// Replaces the configuration.
    pub(crate) fn configure(&self, text: &str) {
        fs::write(self.root.join("config.yaml"), text).unwrap();
    }

    /// Writes a file of the clone.
    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.clone.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Writes a raw file of the fabric.
    pub(crate) fn raw(&self, name: &str, bytes: impl AsRef<[u8]>) {
        self.write(&format!("{DIRECTORY}/raw/{name}"), bytes);
    }

    /// A path below the GitOps directory.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.clone.join(DIRECTORY).join(path)
    }

    /// The text of a file below the GitOps directory.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Runs git in the clone.
    pub(crate) fn git(&self, args: &[&str]) -> String {
        git_in(&self.clone, args)
    }

    /// Commits everything in the clone.
    pub(crate) fn commit(&self, subject: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", subject]);
    }

    /// How many commits the clone's branch has.
    pub(crate) fn commits(&self) -> usize {
        self.git(&["rev-list", "--count", "HEAD"]).trim().parse().unwrap()
    }

    /// The remote's tip.
    pub(crate) fn remote_tip(&self) -> String {
        git_in(&self.root.join("remote.git"), &["rev-parse", "refs/heads/main"]).trim().to_owned()
    }

    /// The clone's tip.
    pub(crate) fn tip(&self) -> String {
        self.git(&["rev-parse", "HEAD"]).trim().to_owned()
    }

    /// A second clone of the remote, where somebody else works.
    pub(crate) fn colleague(&self) -> PathBuf {
        let other = self.root.join("colleague");
        let (remote, target) = (self.root.join("remote.git"), other.display().to_string());
        git_in(&self.root, &["clone", "--quiet", &remote.display().to_string(), &target]);
        git_in(&other, &["config", "user.name", "Bob"]);
        git_in(&other, &["config", "user.email", "bob@example.net"]);
        git_in(&other, &["config", "commit.gpgsign", "false"]);
        other
    }

    /// The program, ready to run in a cleared environment.
    pub(crate) fn command(&self, args: &[&str]) -> assert_cmd::Command {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_hedgerow"));
        command.env_clear().current_dir(&self.root).args(args);
        for (key, value) in self.environment() {
            command.env(key, value);
        }
        command
    }

    /// The cleared environment.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        let at = |name: &str| self.root.join(name).display().to_string();
        vec![
            ("PATH", std::env::var("PATH").unwrap_or_default()),
            ("HOME", at("home")),
            ("XDG_DATA_HOME", at("data")),
            ("XDG_STATE_HOME", at("state")),
            ("HEDGEROW_CONFIG", at("config.yaml")),
            ("GIT_CONFIG_GLOBAL", "/dev/null".to_owned()),
            ("GIT_CONFIG_NOSYSTEM", "1".to_owned()),
            ("LC_ALL", "C.UTF-8".to_owned()),
            ("TERM", "xterm-256color".to_owned()),
        ]
    }

    /// Runs the program.
    pub(crate) fn run(&self, args: &[&str]) -> Said {
        said(&self.command(args).output().unwrap())
    }

    /// Runs the program as somebody whom permissions bind: as root the whole world is given to another
    /// account first; else as oneself.
    #[expect(clippy::disallowed_methods, reason = "it runs under another account")]
    pub(crate) fn run_bound(&self, args: &[&str]) -> Said {
        const SOMEBODY: u32 = 65_534;
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_hedgerow"));
        command.env_clear().envs(self.environment()).current_dir(&self.root).args(args);
        if !rustix::process::geteuid().is_root() {
            return said(&command.output().unwrap());
        }
        give(&self.root, SOMEBODY);
        let output = command.uid(SOMEBODY).gid(SOMEBODY).output();
        give(&self.root, 0);
        said(&output.unwrap())
    }

    /// Runs the program for JSON.
    pub(crate) fn json(&self, args: &[&str]) -> Said {
        self.run(&[args, &["-o", "json"]].concat())
    }
}

/// Gives everything below a path to an account.
fn give(path: &Path, account: u32) {
    std::os::unix::fs::lchown(path, Some(account), Some(account)).unwrap();
    if path.symlink_metadata().unwrap().is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            give(&entry.unwrap().path(), account);
        }
    }
}

/// Runs git somewhere.
pub(crate) fn git_in(dir: &Path, args: &[&str]) -> String {
    program::local(dir, args, None).unwrap_or_else(|error| panic!("{args:?}: {error} {}", error.detail()))
}

/// What a finished program said.
pub(crate) fn said(output: &std::process::Output) -> Said {
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// How many entries of a JSON list have a field with a value.
pub(crate) fn count(list: &Value, field: &str, value: &str) -> usize {
    list.as_array().unwrap().iter().filter(|entry| entry[field] == value).count()
}
