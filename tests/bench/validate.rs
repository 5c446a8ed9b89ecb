//! Benchmark: 4,000 documents in 11 files validated, a tenth of them, and what another reader takes for them.

use std::path::Path;
use std::time::{Duration, Instant};

use assert_cmd::Command;

const FILES: usize = 11;
const RUNS: usize = 5;

type Done<T = ()> = Result<T, Box<dyn std::error::Error>>;

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn main() -> Done {
    let folder = tempfile::tempdir()?;
    let (small, large) = (folder.path().join("small"), folder.path().join("large"));
    write(&small, 400)?;
    let bytes = write(&large, 4000)?;
    let (tenth, whole) = (measure(&|| validate(&small, 400))?, measure(&|| validate(&large, 4000))?);
    println!("hedgerow validate --closed-world, 4,000 documents in {FILES} files ({bytes} bytes): {whole:?}");
    println!("400 documents: {tenth:?}; ten times the fabric takes {:.1} times as long", ratio(whole, tenth));
    match measure(&|| pyyaml(&large)) {
        Ok(theirs) => println!("PyYAML only reads them in {theirs:?}: {:.1} times as long", ratio(theirs, whole)),
        Err(_) => println!("python3 with PyYAML is not installed, so there is nothing to compare with"),
    }
    Ok(())
}

fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}

fn measure(run: &dyn Fn() -> Done) -> Done<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..RUNS {
        let begun = Instant::now();
        run()?;
        best = best.min(begun.elapsed());
    }
    Ok(best)
}

/// One fabric in eleven files, sound in the closed world; the bytes written.
fn write(folder: &Path, documents: usize) -> Done<usize> {
    std::fs::create_dir_all(folder)?;
    let head = [
        resource("wiring", "VLANNamespace", "default", "ranges: [{ from: 1, to: 2999 }]"),
        resource("vpc", "IPv4Namespace", "default", "subnets: [10.0.0.0/8]"),
    ];
    let racks = documents / 40;
    let mut texts: Vec<String> = head.into_iter().chain((0..racks).flat_map(rack)).collect();
    for spare in texts.len()..documents {
        texts.push(resource("wiring", "Server", &format!("spare-{spare}"), "description: spare"));
    }
    let mut bytes = 0;
    for (number, chunk) in texts.chunks(texts.len().div_ceil(FILES)).enumerate() {
        let text = chunk.join("---\n");
        bytes += text.len();
        std::fs::write(folder.join(format!("{number:02}.yaml")), text)?;
    }
    Ok(bytes)
}

/// A leaf with 13 servers, each with its connection; VPCs and attachments for a part of them.
fn rack(rack: usize) -> Vec<String> {
    let leaf = format!("leaf-{rack:03}");
    let mut texts = vec![resource(
        "wiring",
        "Switch",
        &leaf,
        &format!("role: server-leaf\n  profile: vs\n  boot: {{ serial: S{rack} }}"),
    )];
    for number in 0..13 {
        let server = format!("server-{rack:03}-{number:02}");
        let connection = format!("{server}--unbundled--{leaf}");
        texts.push(resource("wiring", "Server", &server, &format!("description: rack {rack}")));
        let link = format!(
            "unbundled:\n    link:\n      server: {{ port: {server}/enp2s1 }}\n      switch: {{ port: {leaf}/E1/{} }}",
            number + 1
        );
        texts.push(resource("wiring", "Connection", &connection, &link));
        if number < 6 {
            let at = rack * 6 + number;
            let vpc = format!("v{at}");
            let subnet = format!(
                "subnets:\n    default:\n      subnet: 10.{}.{}.0/24\n      vlan: {}\n      dhcp: {{ enable: true }}",
                at / 256,
                at % 256,
                at + 1
            );
            texts.push(resource("vpc", "VPC", &vpc, &subnet));
            let attached = format!("subnet: {vpc}/default\n  connection: {connection}");
            texts.push(resource("vpc", "VPCAttachment", &format!("{vpc}--{server}"), &attached));
        }
    }
    texts
}

fn resource(group: &str, kind: &str, name: &str, spec: &str) -> String {
    format!("apiVersion: {group}.githedgehog.com/v1beta1\nkind: {kind}\nmetadata:\n  name: {name}\nspec:\n  {spec}\n")
}

fn validate(folder: &Path, documents: usize) -> Done {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hedgerow"));
    command.env_clear().env("HOME", folder).args(["validate", "--closed-world", "-o", "json"]).arg(folder);
    let output = command.output()?;
    let told: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let is_whole = told["data"][0]["resources"] == documents && output.status.success();
    if is_whole { Ok(()) } else { Err(String::from_utf8_lossy(&output.stdout).into_owned().into()) }
}

fn pyyaml(folder: &Path) -> Done {
    let script =
        "import sys, yaml, glob\nfor f in glob.glob(sys.argv[1] + '/*.yaml'): list(yaml.safe_load_all(open(f)))";
    let output = Command::new("python3").args(["-c", script]).arg(folder).output()?;
    if output.status.success() { Ok(()) } else { Err("PyYAML failed".into()) }
}
