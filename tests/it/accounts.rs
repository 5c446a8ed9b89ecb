//! A clone that several accounts share: what is written below its git directory has the modes Git itself would give it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::world::{DIRECTORY, Said, World, git_in, said};
use hedgerow::demo::vpc;

/// A branch whose reference lies in a folder that Git has to make first.
const BRANCH: &str = "team/main";

/// A group that nobody has, and two accounts of it.
const GROUP: u32 = 50_000;
const ACCOUNTS: [u32; 2] = [50_001, 50_002];

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).mode() & 0o7777
}

/// The one file of packs that ends so.
fn pack(git_dir: &Path, ending: &str) -> PathBuf {
    let files = fs::read_dir(git_dir.join("objects/pack")).unwrap().map(|entry| entry.unwrap().path());
    let mut found = files.filter(|path| path.extension().is_some_and(|extension| extension == ending));
    found.next().unwrap_or_else(|| panic!("no {ending} in {}", git_dir.display()))
}

/// The modes of what a commit writes, by a name for each.
fn modes(git_dir: &Path) -> BTreeMap<String, u32> {
    let files = ["index", "logs", "logs/HEAD", "logs/refs/heads", "logs/refs/heads/team", "logs/refs/heads/team/main"];
    let references = ["refs/heads/team", "refs/heads/team/main", "objects/pack"];
    let named = files.iter().chain(&references).map(|name| ((*name).to_owned(), mode(&git_dir.join(name))));
    named.chain(["pack", "idx"].map(|ending| (ending.to_owned(), mode(&pack(git_dir, ending))))).collect()
}

/// A script run under a umask, in a world's environment.
fn under(world: &World, umask: &str, script: &str) -> Said {
    let mut command = assert_cmd::Command::new("sh");
    let script = format!("umask {umask}; set -e; {script}");
    command.env_clear().envs(world.environment()).current_dir(&world.root).args(["-c", &script]);
    said(&command.output().unwrap())
}

/// The same two clones, empty, on the same branch and shared alike.
fn clones(world: &World, umask: &str, shared: Option<&str>) -> [PathBuf; 2] {
    let remote = world.root.join("remote.git").display().to_string();
    ["clone", "twin"].map(|name| {
        let dir = world.root.join(format!("{umask}-{}/{name}", shared.unwrap_or("none")));
        fs::create_dir_all(dir.parent().unwrap()).unwrap();
        let at = dir.display();
        let sharing = shared.map_or(String::new(), |value| format!("-c core.sharedRepository={value}"));
        let told =
            under(world, umask, &format!("git {sharing} init --quiet --template= --initial-branch={BRANCH} {at}"));
        assert_eq!(told.code, 0, "{}", told.err);
        for (key, value) in [("user.name", "A"), ("user.email", "a@example.net"), ("remote.origin.url", &remote)] {
            git_in(&dir, &["config", key, value]);
        }
        if let Some(value) = shared {
            git_in(&dir, &["config", "core.sharedRepository", value]);
        }
        dir
    })
}

#[test]
fn everything_below_the_git_directory_has_gits_own_modes() {
    let world = World::empty();
    let all = [None, Some("group"), Some("all"), Some("0640"), Some("umask"), Some("true"), Some("0660")];
    for umask in ["022", "077", "002"] {
        for shared in all {
            let [clone, twin] = clones(&world, umask, shared);
            let told = under(
                &world,
                umask,
                &format!(
                    "cd {}; echo a > a; git add a; git commit --quiet --message a; git repack --quiet -a -d",
                    twin.display()
                ),
            );
            assert_eq!(told.code, 0, "{}", told.err);
            world.configure(&format!(
                "repositories:\n  netops: {{ path: {}, branch: {BRANCH} }}\nfabrics:\n  dc1: {{ repository: netops, directory: {DIRECTORY} }}\n",
                clone.display()
            ));
            let told = under(&world, umask, &format!("'{}' init dc1 --yes", env!("CARGO_BIN_EXE_hedgerow")));
            assert_eq!(told.code, 0, "{}{}", told.out, told.err);
            let (ours, theirs) = (clone.join(".git"), twin.join(".git"));
            assert_eq!(modes(&ours), modes(&theirs), "umask {umask}, shared {shared:?}");
            let (file, folder) = (mode(&theirs.join("index")), mode(&theirs.join("refs/heads/team")));
            assert_eq!(mode(&ours.join("hedgerow")), folder, "umask {umask}, shared {shared:?}");
            for entry in fs::read_dir(ours.join("hedgerow")).unwrap() {
                let path = entry.unwrap().path();
                assert_eq!(mode(&path), file, "umask {umask}, shared {shared:?}: {}", path.display());
            }
            let left: Vec<_> = fs::read_dir(ours.join("objects")).unwrap().map(|entry| entry.unwrap().path()).collect();
            assert!(left.iter().all(|path| !path.display().to_string().contains("tmp_")), "{left:?}");
        }
    }
}

/// Whether two accounts can be had; says why where not.
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
fn has_accounts(world: &World) -> bool {
    if fs::metadata(&world.root).unwrap().uid() != 0 {
        println!("skipped: other accounts need root");
        return false;
    }
    let found = assert_cmd::Command::new("setpriv").arg("--version").output().is_ok();
    assert!(found || std::env::var_os("CI").is_none(), "setpriv is missing");
    if !found {
        println!("skipped: setpriv");
    }
    found
}

/// A script run by an account, with the usual umask.
fn as_account(world: &World, account: u32, script: &str) -> Said {
    let home = world.root.join(format!("home-{account}"));
    let mut command = assert_cmd::Command::new("setpriv");
    let (user, groups) = (account.to_string(), format!("{account},{GROUP}"));
    command.args(["--reuid", &user, "--regid", &user, "--groups", &groups, "sh", "-c"]);
    command.arg(format!("umask 022; set -e; cd {}; {script}", world.root.display())).env_clear();
    command.envs(world.environment()).env("HOME", &home).env_remove("GIT_CONFIG_GLOBAL");
    let place = |name: &str| home.join(name).display().to_string();
    command.envs([("XDG_STATE_HOME", place("state")), ("XDG_DATA_HOME", place("data"))]);
    said(&command.output().unwrap())
}

fn must(world: &World, account: u32, script: &str) {
    let told = as_account(world, account, script);
    assert_eq!(told.code, 0, "{account}: {script}: {}{}", told.out, told.err);
}

/// A folder for the group with a remote and a clone that the first account made.
fn shared_clone(world: &World) {
    let open = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    open(&world.root, 0o755);
    let shared = world.root.join("shared");
    fs::create_dir(&shared).unwrap();
    std::os::unix::fs::chown(&shared, Some(ACCOUNTS[0]), Some(GROUP)).unwrap();
    open(&shared, 0o2775);
    fs::copy(env!("CARGO_BIN_EXE_hedgerow"), world.root.join("hedgerow")).unwrap();
    open(&world.root.join("hedgerow"), 0o755);
    for account in ACCOUNTS {
        let home = world.root.join(format!("home-{account}"));
        fs::create_dir(&home).unwrap();
        let text =
            format!("[safe]\n\tdirectory = *\n[user]\n\tname = op{account}\n\temail = op{account}@example.net\n");
        fs::write(home.join(".gitconfig"), text).unwrap();
        std::os::unix::fs::chown(&home, Some(account), Some(account)).unwrap();
    }
    world.configure(&format!(
        "repositories:\n  netops: {{ path: shared/clone }}\nfabrics:\n  dc1: {{ repository: netops, directory: {DIRECTORY} }}\n"
    ));
    let clone = "git init --quiet --bare --shared=group --initial-branch=main shared/remote.git; \
        git -c core.sharedRepository=group init --quiet --initial-branch=main shared/clone; cd shared/clone; \
        git config core.sharedRepository group; git remote add origin ../remote.git; \
        echo a > a; git add a; git commit --quiet --message a; rm .git/COMMIT_EDITMSG; git push --quiet --set-upstream origin main";
    must(world, ACCOUNTS[0], clone);
}

/// Lets the group write the working tree, as no umask of these accounts does.
fn open_working_tree(world: &World, account: u32) {
    let find = "find shared/clone -path shared/clone/.git -prune -o -user";
    must(world, account, &format!("{find} {account} -exec chmod g+w {{}} +"));
}

#[test]
fn a_second_account_of_the_group_goes_on_where_the_first_stopped() {
    let world = World::empty();
    if !has_accounts(&world) {
        return;
    }
    shared_clone(&world);
    let [first, second] = ACCOUNTS;
    must(&world, first, "./hedgerow init dc1 --yes; ./hedgerow push dc1 --yes");
    for (number, account) in [second, first, second].into_iter().enumerate() {
        for account in ACCOUNTS {
            open_working_tree(&world, account);
        }
        let text = vpc(&format!("vpc-{number}"), 1001 + u16::try_from(number).unwrap(), &format!("10.0.{number}.0/24"));
        let source = world.root.join("source.yaml");
        fs::write(&source, text).unwrap();
        let raw = format!("shared/clone/{DIRECTORY}/raw/a.yaml");
        must(&world, account, &format!("mkdir -p $(dirname {raw}); cp source.yaml {raw}"));
        must(&world, account, "./hedgerow fetch dc1; ./hedgerow ingest dc1 --yes; ./hedgerow push dc1 --yes");
        // Git itself goes on as well, as the other account; a message it keeps belongs to whoever wrote it.
        let other = if account == first { second } else { first };
        let script = format!(
            "cd shared/clone; git fsck --strict; test -z \"$(git status --porcelain)\"; echo {number} > note-{number}; \
            git add note-{number}; git commit --quiet --message note; rm .git/COMMIT_EDITMSG; git push --quiet"
        );
        must(&world, other, &script);
    }
    let listed = git_in(&world.root.join("shared/clone"), &["-c", "safe.directory=*", "log", "--format=%an"]);
    assert!(listed.contains(&first.to_string()) && listed.contains(&second.to_string()), "{listed}");
}

#[test]
fn what_one_account_left_half_done_is_finished_by_another() {
    let world = World::empty();
    if !has_accounts(&world) {
        return;
    }
    shared_clone(&world);
    let [first, second] = ACCOUNTS;
    must(&world, first, "./hedgerow init dc1 --yes");
    // What a run that was cut off leaves, under the strictest umask.
    let left = "umask 077; mkdir shared/clone/.git/objects/tmp_objdir-hedgerow-x; \
        echo half > shared/clone/.git/objects/tmp_objdir-hedgerow-x/pack; \
        chmod 2775 shared/clone/.git/objects/tmp_objdir-hedgerow-x";
    must(&world, first, left);
    open_working_tree(&world, first);
    must(&world, second, "./hedgerow init dc1 --yes; ./hedgerow ingest dc1 --yes; ./hedgerow status dc1");
    assert!(!world.root.join("shared/clone/.git/objects/tmp_objdir-hedgerow-x").exists());
}
