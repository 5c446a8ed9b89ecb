//! A scene: one command in one home, put back as it was before each run, and looked through afterwards.

use std::fs;
use std::path::{Path, PathBuf};

use crate::world::{DIRECTORY, World, git_in};

/// The first command after a crash, in turn.
const NEXT: [&[&str]; 5] =
    [&["status"], &["validate", "dc1"], &["raw", "dc1"], &["fetch", "dc1"], &["ingest", "dc1", "--dry-run"]];

/// One command in one home.
pub(super) struct Scene {
    /// What it is called in the figures.
    pub(super) name: &'static str,
    /// Branch, remote and working tree before.
    pub(super) before: String,
    words: Vec<String>,
    is_push: bool,
    /// What the branch has of it afterwards.
    made: &'static str,
    world: World,
    kept: PathBuf,
    dir: PathBuf,
}

/// How a run under strace ended.
pub(super) struct Traced {
    /// Whether the call was come to.
    pub(super) was_hit: bool,
    /// The exit code; -1 of one that was killed.
    pub(super) code: i32,
    /// Standard output.
    pub(super) out: String,
    /// Standard error.
    pub(super) err: String,
}

impl Scene {
    /// Every command in every home, of those whose names begin so.
    pub(super) fn all(begin: &str) -> Vec<Self> {
        let web = "managed/vpcs/web.yaml";
        let given = ["ingest", "dc1", "given.yaml"];
        let all: [(&'static str, bool, &[&str], &'static str); 7] = [
            ("init path", false, &["init", "dc1"], "managed/README.md"),
            ("ingest path", false, &["ingest", "dc1"], web),
            ("push path", false, &["push", "dc1"], ""),
            ("commit path", false, &["commit", "dc1"], "managed/vpcs/hand.yaml"),
            ("init url", true, &["init", "dc1"], "managed/README.md"),
            ("ingest url", true, &given, web),
            ("push url", true, &["push", "dc1"], ""),
        ];
        let meant = all.into_iter().filter(|(name, ..)| name.starts_with(begin));
        meant.map(|(name, is_ours, words, made)| Self::new(name, is_ours, words, made)).collect()
    }

    fn new(name: &'static str, is_ours: bool, words: &[&str], made: &'static str) -> Self {
        let world = if words[0] == "init" { World::new() } else { World::initialized() };
        let text = hedgerow::demo::vpc("web", 1001, "10.0.1.0/24");
        fs::write(world.root.join("given.yaml"), &text).unwrap();
        let mut dir = world.clone.clone();
        let git_config = world.root.join("gitconfig");
        fs::write(
            &git_config,
            "[user]\n\tname = Alice Ng\n\temail = alice@example.net\n[maintenance]\n\tauto = false\n[gc]\n\tauto = 0\n",
        )
        .unwrap();
        if is_ours {
            world.configure(&format!(
                "repositories:\n  netops: {{ url: '{}' }}\nfabrics:\n  dc1: {{ repository: netops, directory: {DIRECTORY} }}\n",
                world.root.join("remote.git").display()
            ));
        }
        let scene = |world: World, dir| Self {
            name,
            before: String::new(),
            words: words.iter().map(|word| (*word).to_owned()).chain(["--yes".to_owned()]).collect(),
            is_push: words[0] == "push",
            made,
            kept: world.root.with_extension("kept"),
            dir,
            world,
        };
        if is_ours {
            assert_eq!(
                world.command(&["fetch"]).env("GIT_CONFIG_GLOBAL", &git_config).output().unwrap().status.code(),
                Some(0)
            );
            let clones = fs::read_dir(world.root.join("data/hedgerow/repos")).unwrap().flatten();
            dir =
                clones.map(|entry| entry.path()).find(|path| path.extension().is_some_and(|end| end == "git")).unwrap();
        }
        let mut scene = scene(world, dir);
        scene.prepare(words[0], &text);
        Self::copy(&scene.world.root, &scene.kept);
        scene.before = scene.look();
        scene
    }

    /// Puts into place what the command is about.
    fn prepare(&self, command: &str, text: &str) {
        match command {
            "commit" => self.world.write(&format!("{DIRECTORY}/managed/vpcs/hand.yaml"), text),
            "ingest" if self.dir == self.world.clone => self.world.raw("a.yaml", text),
            "init" | "ingest" => {}
            _ => {
                let words = ["ingest", "dc1", "given.yaml", "--yes"];
                assert_eq!(self.run(&words).0, 0);
            }
        }
    }

    /// Puts everything back as it was.
    pub(super) fn restore(&self) {
        for entry in fs::read_dir(&self.world.root).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
        }
        Self::copy(&self.kept, &self.world.root);
    }

    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        let all = from.join(".");
        assert_cmd::Command::new("cp").arg("-a").arg(all).arg(to).assert().success();
    }

    fn command(&self, program: &str, args: &[&str]) -> assert_cmd::Command {
        let mut command = assert_cmd::Command::new(program);
        command.env_clear().envs(self.world.environment()).args(args).current_dir(&self.world.root);
        command.env("GIT_CONFIG_GLOBAL", self.world.root.join("gitconfig"));
        command.env("RAYON_NUM_THREADS", "1");
        command
    }

    /// Runs the program; its exit code and everything it said.
    fn run(&self, words: &[&str]) -> (i32, String) {
        let output = self.command(env!("CARGO_BIN_EXE_hedgerow"), words).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&text).into_owned())
    }

    /// Runs the command with an injection of strace, into the program itself and no child of it.
    pub(super) fn traced(&self, injection: &str) -> Traced {
        let log = self.world.root.with_extension("trace");
        let call = injection.split(':').next().unwrap_or_default();
        let (trace, inject) = (format!("trace={call}"), format!("inject={injection}"));
        let log_name = log.display().to_string();
        let mut args = vec!["-f", "-qq", "-b", "execve", "-o", &log_name];
        args.extend(["-e", &trace, "-e", &inject, env!("CARGO_BIN_EXE_hedgerow")]);
        args.extend(self.words.iter().map(String::as_str));
        args.extend(["-o", "json", "--quiet"]);
        let output = self.command("strace", &args).output().unwrap();
        let text = fs::read_to_string(&log).unwrap_or_default();
        fs::remove_file(log).unwrap();
        Traced {
            was_hit: text.contains("(INJECTED") || text.contains("killed by SIGKILL"),
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The branch's tip.
    pub(super) fn tip(&self) -> Option<String> {
        let found = git_in(&self.dir, &["for-each-ref", "--format=%(objectname)", "refs/heads/main"]);
        Some(found.trim().to_owned()).filter(|id| !id.is_empty())
    }

    /// Branch, remote and, in a user's clone, what `git status` says.
    pub(super) fn look(&self) -> String {
        let mut seen = format!("{:?} {}", self.tip(), self.world.remote_tip());
        if self.dir == self.world.clone {
            seen.push_str(&self.world.git(&["status", "--porcelain", "-uall"]));
        }
        seen
    }

    /// Whether the branch has what the command makes; of a push, whether the remote has the branch.
    pub(super) fn is_done(&self) -> bool {
        if self.is_push {
            return self.tip().is_none_or(|tip| tip == self.world.remote_tip());
        }
        let path = format!("{DIRECTORY}/{}", self.made);
        self.tip().is_some_and(|tip| !git_in(&self.dir, &["ls-tree", &tip, "--", &path]).is_empty())
    }

    /// Goes on after a crash or an error: the next command settles it, the same command ends well, and
    /// the user's own git works.
    pub(super) fn go_on(&self, at: usize, point: &str) {
        let next = NEXT[at % NEXT.len()];
        let (code, said) = self.run(next);
        let is_not_made = self.name.starts_with("init") && !self.is_done();
        assert!(code == 0 || is_not_made, "{point}: then {next:?}: {code} {said}");
        let (code, status) = self.run(&["status", "-o", "json"]);
        assert_eq!(code, 0, "{point}: {status}");
        self.check_status(&status, point);
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        let (code, said) = self.run(&words);
        assert_eq!(code, 0, "{point}: then the same again: {said}");
        assert!(self.is_done(), "{point}: {said}");
        self.check_whole(point);
    }

    /// What the state says is what is there.
    fn check_status(&self, status: &str, point: &str) {
        let value: serde_json::Value = serde_json::from_str(
            status.lines().take_while(|line| !line.starts_with("warning")).collect::<Vec<_>>().join("\n").as_str(),
        )
        .unwrap_or_default();
        let entry = &value["data"][0];
        assert_ne!(entry["git"]["state"], "locked", "{point}: {status}");
        let tip = self.tip();
        if tip.is_some() {
            assert_eq!(entry["git"]["head"].as_str(), tip.as_deref(), "{point}: {status}");
        }
        if self.name.starts_with("ingest") && self.dir == self.world.clone {
            let waits = usize::from(!self.is_done());
            assert_eq!(entry["raw"]["pending"], waits, "{point}: {status}");
            let changed = self.world.git(&["status", "--porcelain", "-uall"]);
            assert_eq!(changed.lines().count(), waits, "{point}: {changed}");
        }
    }

    /// Nothing is lost, half done or left lying about, and git itself can go on.
    fn check_whole(&self, point: &str) {
        let dot_git = git_in(&self.dir, &["rev-parse", "--absolute-git-dir"]);
        let litter = litter(Path::new(dot_git.trim()));
        assert!(litter.is_empty(), "{point}: {litter:?}");
        git_in(&self.dir, &["fsck", "--strict", "--no-dangling"]);
        if self.name.starts_with("ingest") {
            let kept = git_in(&self.dir, &["ls-tree", "-r", "--name-only", "main"]);
            assert!(kept.contains("raw/processed/"), "{point}: {kept}");
        }
        if self.dir == self.world.clone {
            assert_eq!(self.world.git(&["status", "--porcelain", "-uall"]), "", "{point}");
            self.world.write("notes.txt", point);
            self.world.git(&["add", "notes.txt"]);
            self.world.git(&["commit", "--quiet", "--message", "by hand"]);
            assert_eq!(self.world.git(&["show", "--format=", "--name-only", "HEAD"]).trim(), "notes.txt", "{point}");
        }
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        // A folder that stays is in the temporary one.
        let _ = fs::remove_dir_all(&self.kept);
    }
}

/// Locks, unfinished packs and records below a git directory.
fn litter(dir: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if path.is_dir() {
            found.extend(litter(&path));
        }
        let is_lock = path.extension().is_some_and(|end| end == "lock" || end == "keep");
        let is_left = is_lock || name.starts_with(".tmp");
        if is_left || name == "intent" || name.starts_with("index.hedgerow") {
            found.push(path.display().to_string());
        }
    }
    found
}
