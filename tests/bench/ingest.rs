//! Benchmark: 4,000 documents of 11 fabrics ingested into a bare clone, against splitting and committing by hand.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use assert_cmd::Command;
use hedgerow::demo::vpc;
use hedgerow::git::program::local;

const FABRICS: usize = 11;
const DOCUMENTS: usize = 4000;
const RUNS: usize = 5;

type Done<T = ()> = Result<T, Box<dyn std::error::Error>>;

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn main() -> Done {
    let ours = measure(&|root| hedgerow(root))?;
    println!("hedgerow ingest, {DOCUMENTS} documents, {FABRICS} fabrics, one commit each: {ours:?}");
    let Ok(theirs) = measure(&|root| split_add_commit(root)) else {
        println!("kubernetes-split-yaml is not installed, so there is nothing to compare with");
        return Ok(());
    };
    println!("kubernetes-split-yaml, then git add -A and git commit: {theirs:?}");
    println!("ratio: {:.1} times faster", theirs.as_secs_f64() / ours.as_secs_f64());
    Ok(())
}

/// The shortest of several runs, each in a sandbox of its own; making the sandbox does not count.
fn measure(run: &dyn Fn(&Path) -> Done<Duration>) -> Done<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..RUNS {
        let folder = tempfile::tempdir()?;
        best = best.min(run(folder.path())?);
    }
    Ok(best)
}

fn text_of(fabric: usize) -> String {
    let count = DOCUMENTS / FABRICS + usize::from(fabric < DOCUMENTS % FABRICS);
    let document = |number: usize| {
        let (third, fourth) = (number / 64, number % 64 * 4);
        let name = format!("vpc-{fabric}-{number}");
        let vlan = u16::try_from(1000 + number).unwrap_or(1000);
        format!("---\n# document {number}\n{}", vpc(&name, vlan, &format!("10.{fabric}.{third}.{fourth}/30")))
    };
    (0..count).map(document).collect()
}

/// A remote with eleven initialised fabrics, each with one raw file; its clone.
fn remote(root: &Path) -> Done<PathBuf> {
    let clone = root.join("clone");
    local(root, &["init", "--quiet", "--bare", "--initial-branch=main", "--template=", "remote.git"], None)?;
    local(root, &["init", "--quiet", "--initial-branch=main", "--template=", "clone"], None)?;
    for (key, value) in [("user.name", "Bench"), ("user.email", "bench@example.net"), ("commit.gpgsign", "false")] {
        local(&clone, &["config", key, value], None)?;
    }
    for fabric in 0..FABRICS {
        for folder in ["raw", "unmanaged", "managed/vpcs"] {
            let folder = clone.join(format!("fabric-{fabric}/{folder}"));
            std::fs::create_dir_all(&folder)?;
            std::fs::write(folder.join(".gitkeep"), "")?;
        }
        std::fs::write(clone.join(format!("fabric-{fabric}/raw/all.yaml")), text_of(fabric))?;
    }
    local(&clone, &["add", "--all"], None)?;
    local(&clone, &["commit", "--quiet", "--message", "start"], None)?;
    local(&clone, &["remote", "add", "origin", "../remote.git"], None)?;
    local(&clone, &["push", "--quiet", "origin", "main"], None)?;
    Ok(clone)
}

fn hedgerow(root: &Path) -> Done<Duration> {
    remote(root)?;
    let url = root.join("remote.git").display().to_string();
    let mut config = format!("repositories:\n  net: {{ url: '{url}' }}\nfabrics:\n");
    for fabric in 0..FABRICS {
        config = format!("{config}  f{fabric}: {{ repository: net, directory: fabric-{fabric} }}\n");
    }
    std::fs::write(root.join("config.yaml"), config)?;
    run(root, &["fetch"])?;
    let names: Vec<String> = (0..FABRICS).map(|fabric| format!("f{fabric}")).collect();
    let mut args = vec!["ingest", "--yes", "-o", "json"];
    args.extend(names.iter().map(String::as_str));
    let begun = Instant::now();
    let told = run(root, &args)?;
    let taken = begun.elapsed();
    let told: serde_json::Value = serde_json::from_str(&told)?;
    let entries = told["data"].as_array().map(Vec::as_slice).unwrap_or_default();
    let placed: usize = entries.iter().filter_map(|entry| entry["documents"].as_array()).map(Vec::len).sum();
    let is_committed = entries.iter().all(|entry| entry["result"] == "committed");
    if placed == DOCUMENTS && is_committed { Ok(taken) } else { Err("the ingest did not place every document".into()) }
}

fn run(root: &Path, args: &[&str]) -> Done<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hedgerow"));
    command.env_clear().env("PATH", std::env::var("PATH")?).env("HOME", root).args(args);
    command.env("HEDGEROW_CONFIG", root.join("config.yaml")).env("GIT_CONFIG_NOSYSTEM", "1");
    for (key, value) in [("AUTHOR", "Bench"), ("COMMITTER", "Bench")] {
        command.env(format!("GIT_{key}_NAME"), value).env(format!("GIT_{key}_EMAIL"), "bench@example.net");
    }
    let output = command.output()?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned().into())
    }
}

fn split_add_commit(root: &Path) -> Done<Duration> {
    let clone = remote(root)?;
    let begun = Instant::now();
    for fabric in 0..FABRICS {
        let source = clone.join(format!("fabric-{fabric}/raw/all.yaml"));
        let target = clone.join(format!("fabric-{fabric}/managed"));
        let mut split = Command::new("kubernetes-split-yaml");
        let output = split.arg("--outdir").arg(&target).arg(&source).output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        std::fs::remove_file(&source)?;
    }
    local(&clone, &["add", "--all"], None)?;
    local(&clone, &["commit", "--quiet", "--message", "split"], None)?;
    Ok(begun.elapsed())
}
