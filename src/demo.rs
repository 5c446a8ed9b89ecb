//! The sandbox: remotes, clones and fabrics in known states, all real and all local.

mod script;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config;
use crate::error::{Error, Result};
use crate::git::program;
use crate::history::Cache;
use crate::ops::{self, Context, IngestRequest, InitRequest, Mode, Operation, PushRequest};
use crate::progress::Reporter;

pub use script::script;

/// Forty-six wiring documents, as a fabric's planning tool leaves them.
pub const WIRING: &str = include_str!("../assets/demo/prepop.yaml");
/// One VPC.
pub const VPC: &str = include_str!("../assets/demo/test-vpc.yaml");
/// A VPC with a line that is indented wrongly.
pub const BROKEN: &str = include_str!("../assets/demo/broken-vpc.yaml");

const CONFIG: &str = "\
# The sandbox of `hedgerow demo`: every remote is a directory beside this file.
repositories:
  netops: { path: clones/netops }
  west: { path: clones/west }
  east: { path: clones/east }
  north: { path: clones/north }
  edge: { path: clones/edge }
  site: { url: 'remotes/site.git' }
  gone: { path: clones/gone }
fabrics:
  core: { repository: netops, directory: gitops/hedgehog/core }
  dc1-lab: { repository: netops, directory: gitops/hedgehog/dc1-lab }
  dc1-prod: { repository: netops, directory: gitops/hedgehog/dc1-prod }
  dc2-lab: { repository: east, directory: gitops/hedgehog/dc2-lab }
  dc2-prod: { repository: west, directory: gitops/hedgehog/dc2-prod }
  dc3-prod: { repository: north, directory: gitops/hedgehog/dc3-prod }
  edge-17: { repository: edge, directory: gitops/hedgehog/edge-17 }
  new-site: { repository: site, directory: gitops/hedgehog/new-site }
  pop-ams: { repository: gone, directory: gitops/hedgehog/pop-ams }
";

/// A sandbox on disk.
#[derive(Debug)]
pub struct Sandbox {
    /// Its folder.
    pub root: PathBuf,
    /// The context of its operations.
    pub context: Context,
}

/// Makes a sandbox in an empty folder; nothing outside the folder is touched.
pub async fn build(root: &Path) -> Result<Sandbox> {
    let root = root.canonicalize().map_err(Error::fs("cannot open", root))?;
    for name in ["netops", "west", "east", "north", "edge"] {
        repository(&root, name)?;
    }
    bare(&root, "site")?;
    write(&root, "config.yaml", &CONFIG.replace("remotes/", &format!("{}/remotes/", root.display())))?;
    let context = Context {
        config: Arc::new(config::load(&root.join("config.yaml"))?),
        data_dir: root.join("data"),
        state_dir: root.join("state"),
        journal: Cache::default(),
        read_only: false,
        fixed_time: None,
    };
    let sandbox = Sandbox { root, context };
    sandbox.settle().await?;
    Ok(sandbox)
}

impl Sandbox {
    /// Brings every fabric into its state.
    async fn settle(&self) -> Result<()> {
        self.set_up(&["core", "dc2-prod", "dc2-lab", "dc3-prod", "edge-17"]).await?;
        self.raw("netops", "core", "backbone.yaml", &vpc("backbone", 1010, "10.0.10.0/24"))?;
        self.ingest("core").await?;
        self.push("core").await?;
        self.raw("west", "dc2-prod", "tenants.yaml", &tenants())?;
        self.ingest("dc2-prod").await?;
        self.raw("north", "dc3-prod", "tenant.yaml", &vpc("tenant-9", 1109, "10.1.9.0/24"))?;
        self.ingest("dc3-prod").await?;
        self.raw("edge", "edge-17", "edge-web.yaml", &vpc("edge-web", 1040, "10.0.40.0/24"))?;
        self.raw("edge", "edge-17", "edge-vpc.yaml", BROKEN)?;
        self.plugin_layout()?;
        self.somebody_else("east", "dc2-lab")?;
        self.somebody_else("north", "dc3-prod")?;
        let fabrics = ["core", "dc2-prod", "dc2-lab", "dc3-prod", "edge-17", "new-site"];
        self.run(Operation::Fetch { fabrics: fabrics.map(str::to_owned).to_vec() }).await?;
        identity(&self.data_clone()?)?;
        self.raw("netops", "dc1-prod", "test-vpc.yaml", VPC)?;
        self.raw("netops", "dc1-prod", "test-vpc-2.yaml", VPC)
    }

    fn data_clone(&self) -> Result<PathBuf> {
        let repositories = &self.context.config.repositories;
        let site = repositories.iter().find(|repository| repository.name == "site");
        let site = site.ok_or_else(|| Error::Internal("the demo has no site".to_owned()))?;
        Ok(crate::git::Location::new(site, &self.context.data_dir).dir)
    }

    async fn set_up(&self, fabrics: &[&str]) -> Result<()> {
        for fabric in fabrics {
            let fabrics = vec![(*fabric).to_owned()];
            let mode = Mode::Apply { expect: Vec::new() };
            let request = InitRequest::all(fabrics, mode);
            self.run(Operation::Init(request)).await?;
            self.push(fabric).await?;
        }
        Ok(())
    }

    /// A directory as the NetBox plugin left it, and one that was never initialised.
    fn plugin_layout(&self) -> Result<()> {
        let clone = self.root.join("clones/netops");
        let prod = "gitops/hedgehog/dc1-prod";
        for folder in ["raw", "unmanaged", "managed/connections", "managed/servers", "managed/switches"]
            .into_iter()
            .chain(["managed/switchgroups", "managed/vpcs", "managed/vpcattachments"])
        {
            write(&clone, &format!("{prod}/{folder}/.gitkeep"), "")?;
        }
        write(&clone, &format!("{prod}/README.md"), "# dc1-prod\n\nAsk the network team before you touch this.\n")?;
        write(&clone, &format!("{prod}/raw/prepop.yaml"), WIRING)?;
        let lab = "gitops/hedgehog/dc1-lab";
        write(&clone, &format!("{lab}/vpcs/lab-a.yaml"), &vpc("lab-a", 1020, "10.0.20.0/24"))?;
        write(&clone, &format!("{lab}/vpcs/lab-b.yaml"), &vpc("lab-b", 1021, "10.0.21.0/24"))?;
        write(&clone, &format!("{lab}/groups.yaml"), GROUPS)?;
        write(&clone, "apps/dc1-lab.yaml", APPLICATION)?;
        commit(&clone, "fabrics as they were found")?;
        program::local(&clone, &["push", "--quiet", "origin", "main"], None).map(|_| ())
    }

    /// A colleague's commit that is on the remote only.
    fn somebody_else(&self, name: &str, fabric: &str) -> Result<()> {
        let clone = self.root.join("clones/colleagues").join(name);
        let remote = self.root.join(format!("remotes/{name}.git"));
        let (remote, target) = (remote.display().to_string(), clone.display().to_string());
        program::local(&self.root, &["clone", "--quiet", &remote, &target], None)?;
        identity(&clone)?;
        let path = format!("gitops/hedgehog/{fabric}/managed/vpcs/colleague.yaml");
        write(&clone, &path, &vpc("colleague", 1030, "10.0.30.0/24"))?;
        commit(&clone, "add VPC colleague")?;
        program::local(&clone, &["push", "--quiet", "origin", "main"], None).map(|_| ())
    }

    fn raw(&self, clone: &str, fabric: &str, name: &str, text: &str) -> Result<()> {
        write(&self.root, &format!("clones/{clone}/gitops/hedgehog/{fabric}/raw/{name}"), text)
    }

    async fn ingest(&self, fabric: &str) -> Result<()> {
        self.run(Operation::Ingest(ingest_all(fabric))).await.map(|_| ())
    }

    async fn push(&self, fabric: &str) -> Result<()> {
        let mode = Mode::Apply { expect: Vec::new() };
        let request = PushRequest { fabrics: vec![fabric.to_owned()], mode };
        self.run(Operation::Push(request)).await.map(|_| ())
    }

    /// Runs an operation that must succeed for every fabric.
    pub async fn run(&self, operation: Operation) -> Result<ops::Outcome> {
        let name = operation.name();
        let outcome = ops::run(&self.context, operation, &Reporter::silent()).await?;
        match outcome.entries.iter().find_map(ops::Entry::failure) {
            Some(failure) => Err(Error::Internal(format!(
                "{name} failed in the sandbox: {} {} {}",
                failure.code, failure.message, failure.detail
            ))),
            None => Ok(outcome),
        }
    }
}

/// An ingest of everything that waits in one fabric.
pub fn ingest_all(fabric: &str) -> IngestRequest {
    IngestRequest::all(vec![fabric.to_owned()], Mode::Apply { expect: Vec::new() })
}

const GROUPS: &str = "\
# two groups in one file
apiVersion: wiring.githedgehog.com/v1beta1
kind: SwitchGroup
metadata: { name: lab-left }
spec: {}
---
apiVersion: wiring.githedgehog.com/v1beta1
kind: SwitchGroup
metadata: { name: lab-right }
spec: {}
";

const APPLICATION: &str = "\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: fabric-dc1-lab, namespace: argocd }
spec:
  project: default
  source: { repoURL: 'https://git.example.net/netops.git', path: gitops/hedgehog/dc1-lab, directory: { recurse: true } }
  destination: { server: 'https://kubernetes.default.svc', namespace: default }
";

/// A VPC with one subnet.
pub fn vpc(name: &str, vlan: u16, subnet: &str) -> String {
    format!(
        "apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nmetadata:\n  name: {name}\nspec:\n  subnets:\n    \
         default:\n      subnet: {subnet}\n      vlan: {vlan}\n"
    )
}

fn tenants() -> String {
    let (one, two) = (vpc("tenant-1", 1101, "10.1.1.0/24"), vpc("tenant-2", 1102, "10.1.2.0/24"));
    format!("# tenants of the second data centre\n{one}---\n{two}")
}

fn bare(root: &Path, name: &str) -> Result<()> {
    let path = root.join(format!("remotes/{name}.git")).display().to_string();
    program::local(root, &["init", "--quiet", "--bare", "--initial-branch=main", "--template=", &path], None)
        .map(|_| ())
}

fn repository(root: &Path, name: &str) -> Result<()> {
    bare(root, name)?;
    let clone = root.join("clones").join(name);
    let target = clone.display().to_string();
    program::local(root, &["init", "--quiet", "--initial-branch=main", "--template=", &target], None)?;
    identity(&clone)?;
    let remote = root.join(format!("remotes/{name}.git")).display().to_string();
    program::local(&clone, &["remote", "add", "origin", &remote], None)?;
    write(&clone, "README.md", &format!("# {name}\n"))?;
    commit(&clone, "start")?;
    program::local(&clone, &["push", "--quiet", "--set-upstream", "origin", "main"], None).map(|_| ())
}

fn identity(clone: &Path) -> Result<()> {
    for (key, value) in [
        ("user.name", "Demo Operator"),
        ("user.email", "operator@example.net"),
        ("commit.gpgsign", "false"),
        ("core.hooksPath", "/dev/null"),
    ] {
        program::local(clone, &["config", key, value], None)?;
    }
    Ok(())
}

fn commit(clone: &Path, subject: &str) -> Result<()> {
    program::local(clone, &["add", "--all"], None)?;
    program::local(clone, &["commit", "--quiet", "--message", subject], None).map(|_| ())
}

fn write(root: &Path, path: &str, text: &str) -> Result<()> {
    let path = root.join(path);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(Error::fs("cannot create", parent))?;
    }
    fs::write(&path, text).map_err(Error::fs("cannot write", &path))
}
