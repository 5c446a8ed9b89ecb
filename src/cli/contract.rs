//! The contract: the shapes of what `-o json` prints, and their JSON Schema.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::{Value, json};

use crate::error::WriteEffect;
use crate::fabric::finding::book::Rule;
use crate::ops::report::discard::DiscardReport;
use crate::ops::report::seen::{DiffReport, LogReport};
use crate::ops::report::shown::{ExportReport, ShowReport};
use crate::ops::report::{PushReport, RawStatus, RemoteReport, StatusReport, ValidateReport, WriteReport};

/// Why something failed.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Fault {
    /// The stable code, `E-…`.
    pub(super) code: String,
    /// What happened, one sentence.
    pub(super) message: String,
    /// What had been done when it failed.
    pub(super) effect: WriteEffect,
    /// The same in one sentence.
    pub(super) state: Option<String>,
    /// What to do, most useful first.
    pub(super) remedy: Vec<Remedy>,
    /// The full text of the tool behind it; may be empty.
    pub(super) detail: String,
}

/// One thing to do.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Remedy {
    /// It in words.
    pub(super) text: String,
    /// The dashboard's key for it; null where it has none.
    pub(super) key: Option<String>,
    /// The command line for it; null where there is none.
    pub(super) command: Option<String>,
}

/// One fabric's part: that it failed, or its report.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its shape is told")]
enum Entry<T> {
    /// It has a report; `error` may stand beside it, as for a push that was rejected.
    Told {
        /// The fabric; null for files of no fabric.
        fabric: Option<String>,
        /// Whether it is fine; "the answer is no" is.
        ok: bool,
        /// Why it did not succeed.
        error: Option<Fault>,
        /// What is told of it.
        #[serde(flatten)]
        report: T,
    },
    /// It failed.
    Failed {
        /// The fabric.
        fabric: Option<String>,
        /// Never true.
        ok: bool,
        /// Why.
        error: Fault,
    },
}

/// A fabric that was added.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its shape is told")]
struct Added {
    /// The fabric.
    fabric: String,
    /// Whether everything that was asked for is done.
    ok: bool,
    /// The first thing that failed.
    error: Option<Fault>,
    /// `added`.
    result: String,
    /// Its repository's name.
    repository: String,
    /// Its GitOps directory; `.` is the root.
    directory: String,
    /// What init came to; null where it was not wanted.
    init: Option<Entry<WriteReport>>,
    /// What the push came to; null where it was not wanted or init failed.
    push: Option<Entry<PushReport>>,
}

/// A fabric that was taken out of the configuration.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its shape is told")]
struct Removed {
    /// The fabric.
    fabric: String,
    /// Always true.
    ok: bool,
    /// Always null.
    error: Option<Fault>,
    /// `removed`.
    result: String,
}

/// An action of the dashboard.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its shape is told")]
struct Key {
    /// Its name under `keys:`.
    action: String,
    /// Its keys; none where it is only typed after `:`.
    keys: Vec<String>,
    /// `look`, `local` or `write`.
    class: String,
    /// What it does.
    help: String,
}

/// What `config` tells: a place, a remark, what was written, or the example.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its shape is told")]
enum Setting {
    /// Of `config path`: a place that was looked at.
    Place {
        /// The file.
        path: String,
        /// Why it was looked at.
        reason: String,
        /// Whether it is there.
        exists: bool,
        /// Whether it is the one that is read.
        read: bool,
    },
    /// Of `config check`: what is wrong.
    Remark {
        /// The file.
        file: String,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// `error` or `warning`.
        severity: String,
        /// What is wrong, one sentence.
        message: String,
    },
    /// Of `config init`: what was written.
    Written {
        /// The file.
        path: String,
        /// The fabrics in it.
        fabrics: Vec<String>,
        /// Its text.
        text: String,
    },
    /// Of `config example`.
    Example {
        /// Its text.
        example: String,
    },
}

/// A theme.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its shape is told")]
struct Theme {
    /// Its name.
    name: String,
    /// Where it comes from.
    origin: String,
    /// What is wrong in its file.
    warnings: Vec<ThemeRemark>,
}

/// What is wrong in a theme.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its shape is told")]
struct ThemeRemark {
    /// Line, from 1.
    line: usize,
    /// Column, from 1.
    column: usize,
    /// What is wrong.
    message: String,
}

/// A text about the program.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its shape is told")]
enum Page {
    /// Of `completions`.
    Completions {
        /// The script.
        script: String,
    },
    /// Of `man`.
    Manual {
        /// The page.
        page: String,
    },
    /// Of `version`.
    Version {
        /// The version.
        version: String,
    },
    /// Of `man` with a folder.
    Manuals {
        /// The folder that has the pages.
        folder: String,
    },
}

/// The JSON Schema of a command's envelope; none for an unknown command.
pub(super) fn schema(command: &str) -> Option<Value> {
    let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let entry = entry(command, &mut generator)?;
    let fault = generator.subschema_for::<Option<Fault>>();
    let definitions = generator.take_definitions(true);
    Some(json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("hedgerow {command} -o json"),
        "type": "object",
        "properties": {
            "schema": { "const": format!("hedgerow.{command}/v1") },
            "generated_at": { "type": "string", "format": "date-time" },
            "ok": { "type": "boolean", "description": "whether nothing failed; \"the answer is no\" is fine" },
            "warnings": { "type": "array", "items": { "type": "string" } },
            "data": { "type": "array", "items": entry },
            "error": fault,
        },
        "required": ["schema", "generated_at", "ok", "warnings", "data", "error"],
        "$defs": definitions,
    }))
}

/// The shape of one entry of `data`.
fn entry(command: &str, generator: &mut SchemaGenerator) -> Option<Schema> {
    Some(match command {
        "status" => generator.subschema_for::<Entry<StatusReport>>(),
        "validate" => generator.subschema_for::<Entry<ValidateReport>>(),
        "show" => generator.subschema_for::<Entry<ShowReport>>(),
        "export" => generator.subschema_for::<Entry<ExportReport>>(),
        "diff" => generator.subschema_for::<Entry<DiffReport>>(),
        "raw" => generator.subschema_for::<Entry<RawStatus>>(),
        "log" => generator.subschema_for::<Entry<LogReport>>(),
        "init" | "ingest" | "commit" | "delete" | "rename" | "migrate" | "heal" => {
            generator.subschema_for::<Entry<WriteReport>>()
        }
        "discard" => generator.subschema_for::<Entry<DiscardReport>>(),
        "push" => generator.subschema_for::<Entry<PushReport>>(),
        "fetch" | "pull" | "login" => generator.subschema_for::<Entry<RemoteReport>>(),
        "add" => generator.subschema_for::<Added>(),
        "remove" => generator.subschema_for::<Removed>(),
        "explain" => generator.subschema_for::<Rule>(),
        "keys" => generator.subschema_for::<Key>(),
        "config" => generator.subschema_for::<Setting>(),
        "themes" => generator.subschema_for::<Theme>(),
        "completions" | "man" | "version" => generator.subschema_for::<Page>(),
        "schema" | "demo" => generator.subschema_for::<Value>(),
        _ => return None,
    })
}
