//! Below a hook, an alias or `rebase --exec` of another repository: git's variables name that one, and nothing of it is touched.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::world::{DIRECTORY, Said, World, git_in, said};
use hedgerow::demo::vpc;

/// A repository that is none of ours, and the variables that name it.
struct Foreign {
    dir: PathBuf,
    variables: Vec<(String, String)>,
}

impl Foreign {
    fn new(world: &World) -> Self {
        let dir = world.root.join("foreign");
        git_in(&world.root, &["init", "--quiet", "--initial-branch=main", "foreign"]);
        fs::write(dir.join("model"), "one\n").unwrap();
        git_in(&dir, &["add", "model"]);
        git_in(
            &dir,
            &["-c", "user.name=F", "-c", "user.email=f@example.net", "commit", "--quiet", "--message", "theirs"],
        );
        let tip = git_in(&dir, &["rev-parse", "HEAD"]).trim().to_owned();
        fs::write(dir.join("shallow"), format!("{tip}\n{}\n", world.tip())).unwrap();
        let at = |path: &str| dir.join(path).display().to_string();
        let text = str::to_owned;
        let variables = [
            ("GIT_ALTERNATE_OBJECT_DIRECTORIES", at(".git/objects")),
            ("GIT_CONFIG", at(".git/config")),
            ("GIT_OBJECT_DIRECTORY", at(".git/objects")),
            ("GIT_DIR", at(".git")),
            ("GIT_WORK_TREE", at("")),
            ("GIT_IMPLICIT_WORK_TREE", text("0")),
            ("GIT_GRAFT_FILE", at("shallow")),
            ("GIT_INDEX_FILE", at(".git/index")),
            ("GIT_NO_REPLACE_OBJECTS", text("1")),
            ("GIT_REPLACE_REF_BASE", text("refs/heads/")),
            ("GIT_PREFIX", text("below/")),
            ("GIT_SHALLOW_FILE", at("shallow")),
            ("GIT_COMMON_DIR", at(".git")),
            ("GIT_INTERNAL_SUPER_PREFIX", text("below/")),
            ("GIT_NAMESPACE", text("theirs")),
            ("GIT_CEILING_DIRECTORIES", world.root.display().to_string()),
            ("GIT_DISCOVERY_ACROSS_FILESYSTEM", text("0")),
            ("GIT_QUARANTINE_PATH", at(".git/objects")),
            ("GIT_ATTR_SOURCE", tip),
            ("GIT_DEFAULT_HASH", text("sha256")),
            ("GIT_DEFAULT_REF_FORMAT", text("reftable")),
            ("GIT_TRACE", at("trace")),
            ("GIT_TRACE_PACKET", at("trace")),
            ("GIT_TRACE_SETUP", at("trace")),
            ("GIT_TRACE2_EVENT", at("trace")),
            ("GIT_TRACE_PERFORMANCE", at("trace")),
            ("GIT_CURL_VERBOSE", text("1")),
        ];
        Self { variables: variables.map(|(name, value)| (name.to_owned(), value)).to_vec(), dir }
    }

    fn only(&self, names: &[&str]) -> Vec<(String, String)> {
        self.variables.iter().filter(|(name, _)| names.contains(&name.as_str())).cloned().collect()
    }
}

/// Every file below a folder with its bytes.
fn contents(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(contents(&path));
        } else {
            let bytes = fs::read(&path).unwrap();
            found.insert(path, bytes);
        }
    }
    found
}

/// What an action must come to.
fn run(world: &World, variables: &[(String, String)], args: &[&str]) -> Said {
    let identity = ["GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"].map(|name| (name, "Alice"));
    let addresses = ["GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"].map(|name| (name, "a@example.net"));
    let mut command = world.command(args);
    command.args(["-o", "json"]).envs(identity).envs(addresses);
    if !matches!(args[0], "fetch" | "pull") {
        command.arg("--yes");
    }
    let told = said(&command.envs(variables.iter().cloned()).output().unwrap());
    assert_eq!(told.code, 0, "{args:?} with {variables:?}: {}{}", told.out, told.err);
    assert!(!told.out.contains("no_change"), "{args:?} with {variables:?}: {}", told.out);
    told
}

/// A colleague's commit at the remote.
fn somebody_pushes(world: &World, colleague: &Path) {
    git_in(colleague, &["pull", "--quiet"]);
    fs::write(colleague.join("theirs.txt"), world.remote_tip()).unwrap();
    git_in(colleague, &["add", "--all"]);
    git_in(colleague, &["commit", "--quiet", "--message", "a colleague's"]);
    git_in(colleague, &["push", "--quiet"]);
}

/// Every writing action of a user's clone, one after the other; what each leaves is checked.
fn whole_life_of_a_clone(world: &World, foreign: &Foreign, variables: &[(String, String)]) {
    let before = contents(&foreign.dir);
    let colleague = world.colleague();
    let check = |args: &[&str]| {
        assert_eq!(contents(&foreign.dir), before, "{args:?} with {variables:?} reached the other repository");
        assert_eq!(world.git(&["status", "--porcelain"]), "", "{args:?} with {variables:?}");
        world.git(&["fsck", "--strict"]);
    };
    let step = |args: &[&str]| {
        run(world, variables, args);
        check(args);
    };
    step(&["init", "dc1"]);
    step(&["push", "dc1"]);
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    step(&["ingest", "dc1"]);
    let web = world.read("managed/vpcs/web.yaml");
    world.write(&format!("{DIRECTORY}/managed/vpcs/web.yaml"), web.replace("1001", "1002"));
    step(&["commit", "dc1"]);
    step(&["rename", "dc1", "VPC/web", "www"]);
    world.raw("old.yaml", vpc("db", 1003, "10.0.3.0/24").replace("v1beta1", "v1alpha2"));
    world.git(&["add", "--all"]);
    world.git(&["commit", "--quiet", "--message", "raw"]);
    step(&["migrate", "dc1"]);
    step(&["ingest", "dc1"]);
    let stamp = "# VPC: www\n# Normalized by Hedgehog NetBox Plugin\n# Generated: 2025-08-06 10:11:12 UTC\n---\n";
    world.write(
        &format!("{DIRECTORY}/managed/vpcs/www-1.yaml"),
        format!("{stamp}{}", world.read("managed/vpcs/www.yaml")),
    );
    world.commit("as the plugin left it");
    step(&["heal", "dc1"]);
    step(&["delete", "dc1", "VPC/www"]);
    step(&["push", "dc1"]);
    assert_eq!(world.remote_tip(), world.tip(), "{variables:?}");
    somebody_pushes(world, &colleague);
    step(&["fetch", "dc1"]);
    step(&["pull", "dc1"]);
    assert_eq!(world.remote_tip(), world.tip(), "{variables:?}");
    step(&["add", "dc2", "--repo", "netops", "--directory", "gitops/two"]);
    let listed = world.git(&["ls-tree", "-r", "--name-only", "HEAD"]);
    assert!(listed.contains("managed/vpcs/db.yaml") && !listed.contains("vpcs/www"), "{variables:?}: {listed}");
    assert!(listed.contains("gitops/two/managed/"), "{variables:?}: {listed}");
}

/// Every writing action of a clone of ours.
fn whole_life_of_an_address(world: &World, foreign: &Foreign, variables: &[(String, String)]) {
    let remote = world.root.join("remote.git").display().to_string();
    world.configure(&format!(
        "repositories:\n  netops: {{ url: '{remote}' }}\nfabrics:\n  dc1: {{ repository: netops, directory: {DIRECTORY} }}\n"
    ));
    let before = contents(&foreign.dir);
    let colleague = world.colleague();
    let step = |args: &[&str]| {
        run(world, variables, args);
        assert_eq!(contents(&foreign.dir), before, "{args:?} with {variables:?} reached the other repository");
    };
    let source = |text: String| {
        let file = world.root.join("source.yaml");
        fs::write(&file, text).unwrap();
        file.display().to_string()
    };
    step(&["init", "dc1"]);
    step(&["ingest", "dc1", &source(vpc("web", 1001, "10.0.1.0/24"))]);
    step(&["rename", "dc1", "VPC/web", "www"]);
    step(&["ingest", "dc1", &source(vpc("db", 1003, "10.0.3.0/24"))]);
    step(&["delete", "dc1", "VPC/www"]);
    step(&["push", "dc1"]);
    somebody_pushes(world, &colleague);
    // Nobody works in a clone of ours, so it follows at once.
    step(&["fetch", "dc1"]);
    step(&["add", "dc2", "--repo", "netops", "--directory", "gitops/two"]);
    let listed = git_in(&world.root.join("remote.git"), &["ls-tree", "-r", "--name-only", "main"]);
    assert!(listed.contains("managed/vpcs/db.yaml") && listed.contains("gitops/two/managed/"), "{listed}");
    git_in(&world.root.join("remote.git"), &["fsck", "--strict"]);
}

#[test]
fn what_a_hook_is_given_reaches_no_clone_and_no_other_repository() {
    let hook = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"];
    let quarantine = ["GIT_DIR", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH"];
    for names in [&hook[..], &quarantine, &["GIT_INDEX_FILE"]] {
        let world = World::new();
        let foreign = Foreign::new(&world);
        whole_life_of_a_clone(&world, &foreign, &foreign.only(names));
        let world = World::new();
        let foreign = Foreign::new(&world);
        whole_life_of_an_address(&world, &foreign, &foreign.only(names));
    }
}

#[test]
fn all_variables_together_reach_no_clone_and_no_other_repository() {
    let world = World::new();
    let foreign = Foreign::new(&world);
    whole_life_of_a_clone(&world, &foreign, &foreign.variables);
    let world = World::new();
    let foreign = Foreign::new(&world);
    whole_life_of_an_address(&world, &foreign, &foreign.variables);
}

#[test]
fn each_variable_alone_leaves_both_repositories_right() {
    let (path, url) = (World::initialized(), World::initialized());
    let remote = url.root.join("remote.git").display().to_string();
    url.configure(&format!(
        "repositories:\n  netops: {{ url: '{remote}' }}\nfabrics:\n  dc1: {{ repository: netops, directory: {DIRECTORY} }}\n"
    ));
    let foreign = Foreign::new(&path);
    let before = contents(&foreign.dir);
    for (number, variable) in foreign.variables.iter().enumerate() {
        let (name, vlan) = (format!("vpc-{number}"), 1001 + u16::try_from(number).unwrap());
        let text = vpc(&name, vlan, &format!("10.0.{number}.0/24"));
        let source = path.root.join("source.yaml");
        fs::write(&source, &text).unwrap();
        path.raw("a.yaml", &text);
        let variable = std::slice::from_ref(variable);
        run(&path, variable, &["ingest", "dc1"]);
        run(&path, variable, &["push", "dc1"]);
        run(&url, variable, &["ingest", "dc1", &source.display().to_string()]);
        run(&url, variable, &["push", "dc1"]);
        assert_eq!(contents(&foreign.dir), before, "{variable:?} reached the other repository");
        assert_eq!(path.git(&["status", "--porcelain"]), "", "{variable:?}");
        for world in [&path, &url] {
            let listed = git_in(&world.root.join("remote.git"), &["ls-tree", "-r", "--name-only", "main"]);
            assert!(listed.contains(&format!("vpcs/{name}.yaml")), "{variable:?}: {listed}");
        }
    }
    // The user's next commit has nothing of ours in it.
    path.write("note", "mine\n");
    path.git(&["add", "note"]);
    path.git(&["commit", "--quiet", "--message", "mine"]);
    assert_eq!(path.git(&["show", "--name-status", "--format=", "HEAD"]), "A\tnote\n");
}

#[test]
fn a_post_commit_hook_of_another_repository_files_resources_and_leaves_it_clean() {
    let world = World::initialized();
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    let foreign = Foreign::new(&world);
    let hook = foreign.dir.join(".git/hooks/post-commit");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    let export = |(name, value): &(&str, String)| format!("export {name}='{value}'");
    let variables = world.environment().iter().map(export).collect::<Vec<String>>().join("\n");
    let program = env!("CARGO_BIN_EXE_hedgerow");
    fs::write(&hook, format!("#!/bin/sh\n{variables}\nexec '{program}' ingest dc1 --offline --yes < /dev/null\n"))
        .unwrap();
    fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    fs::write(foreign.dir.join("model"), "two\n").unwrap();
    let person = ["-c", "user.name=F", "-c", "user.email=f@example.net"];
    git_in(&foreign.dir, &[&person[..], &["commit", "--quiet", "--all", "--message", "theirs"]].concat());
    assert!(world.path("managed/vpcs/web.yaml").exists(), "the hook ran no ingest");
    assert_eq!(world.git(&["status", "--porcelain"]), "");
    assert_eq!(git_in(&foreign.dir, &["status", "--porcelain", "--untracked-files=no"]), "");
}

/// The author of the newest commit, made by an ingest with more variables.
fn author(world: &World, number: u16, more: &[(&str, &str)]) -> String {
    world.raw("a.yaml", vpc(&format!("vpc-{number}"), 1000 + number, &format!("10.0.{number}.0/24")));
    let mut command = world.command(&["ingest", "dc1", "--yes", "--offline"]);
    command.env_remove("GIT_CONFIG_GLOBAL").env("GIT_INDEX_FILE", "/nonexistent/index");
    let told = said(&command.envs(more.iter().copied()).output().unwrap());
    assert_eq!(told.code, 0, "{}{}", told.out, told.err);
    world.git(&["log", "-1", "--format=%an <%ae> %at"]).trim().to_owned()
}

#[test]
fn configuration_and_identity_of_the_environment_still_count() {
    let world = World::initialized();
    world.git(&["config", "--unset", "user.name"]);
    world.git(&["config", "--unset", "user.email"]);
    let place = |name: &str| world.root.join(name).display().to_string();
    let person = |name: &str| format!("[user]\n\tname = {name}\n\temail = {name}@example.net\n");
    fs::write(place("home/.gitconfig"), person("home")).unwrap();
    fs::write(place("other"), person("other")).unwrap();
    fs::create_dir_all(place("xdg/git")).unwrap();
    fs::write(place("xdg/git/config"), person("xdg")).unwrap();
    let starts =
        |told: String, name: &str| assert!(told.starts_with(&format!("{name} <{name}@example.net> ")), "{told}");
    starts(author(&world, 1, &[]), "home");
    starts(author(&world, 2, &[("GIT_CONFIG_GLOBAL", &place("other"))]), "other");
    let count = [
        ("GIT_CONFIG_COUNT", "2"),
        ("GIT_CONFIG_KEY_0", "user.name"),
        ("GIT_CONFIG_VALUE_0", "count"),
        ("GIT_CONFIG_KEY_1", "user.email"),
        ("GIT_CONFIG_VALUE_1", "count@example.net"),
    ];
    starts(author(&world, 3, &count), "count");
    let handed = "'user.name'='handed' 'user.email'='handed@example.net'";
    starts(author(&world, 4, &[("GIT_CONFIG_PARAMETERS", handed)]), "handed");
    let system = place("other");
    let none = place("none");
    fs::write(&none, "").unwrap();
    let by_system =
        [("GIT_CONFIG_GLOBAL", none.as_str()), ("GIT_CONFIG_SYSTEM", &system), ("GIT_CONFIG_NOSYSTEM", "0")];
    starts(author(&world, 5, &by_system), "other");
    let dated = [
        ("GIT_AUTHOR_NAME", "dated"),
        ("GIT_AUTHOR_EMAIL", "dated@example.net"),
        ("GIT_AUTHOR_DATE", "@1700000000 +0000"),
    ];
    assert_eq!(author(&world, 6, &dated), "dated <dated@example.net> 1700000000");
    fs::remove_file(place("home/.gitconfig")).unwrap();
    starts(author(&world, 7, &[("XDG_CONFIG_HOME", &place("xdg"))]), "xdg");
}
