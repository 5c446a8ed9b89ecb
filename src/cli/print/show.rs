//! Managed resources for people and pipes: a table, names, their own text.

use std::fmt::Write as _;

use super::findings::{self, many};
use super::table::{self, Cell};
use crate::cli::look::Look;
use crate::fabric::hydration::{Hydration, HydrationState};
use crate::ops::report::shown::ShowReport;
use crate::text::clean_line;

/// The resources as a table, and below it their number and the fabric's hydration.
pub fn text(report: &ShowReport, look: Look) -> String {
    let mut rows = vec![["KIND", "NAME", "FILE"].map(Cell::plain).to_vec()];
    for resource in &report.resources {
        let name = match resource.namespace.as_str() {
            "default" => resource.name.clone(),
            namespace => format!("{namespace}/{}", resource.name),
        };
        let file = format!("{}:{}", resource.path, resource.line);
        rows.push(vec![Cell::plain(&resource.kind), Cell::plain(&name), Cell::plain(&file)]);
    }
    let mut text = if report.resources.is_empty() { String::new() } else { table::lines(&rows, look) };
    let _ = writeln!(text, "{}; hydration {}", many(report.resources.len(), "resource"), report.hydration.words());
    text.push_str(&missing(&report.hydration));
    text.push_str(&findings::lines(&report.findings, look));
    text
}

/// What a partly hydrated fabric lacks, a line a field.
pub fn missing(hydration: &Hydration) -> String {
    if hydration.state != HydrationState::Partial {
        return String::new();
    }
    let line = |missing: &crate::fabric::hydration::MissingField| {
        let text = format!("{}:{}: {} lacks {}", missing.file, missing.line, missing.resource, missing.field);
        format!("  {}\n", clean_line(&text))
    };
    hydration.missing.iter().map(line).collect()
}

/// `KIND/NAME`, a line each.
pub fn names(report: &ShowReport) -> String {
    report.resources.iter().flat_map(|resource| [clean_line(&resource.identity), "\n".to_owned()]).collect()
}

/// The resources' own text, `---` between them; not cleaned.
pub fn yaml(report: &ShowReport) -> String {
    let hidden = |identity: &str| format!("# {identity} stands in a file that holds a secret: not shown\n");
    let texts = report.resources.iter().map(|one| one.text.clone().unwrap_or_else(|| hidden(&one.identity)));
    texts.collect::<Vec<_>>().join("---\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fabric::hydration::MissingField;
    use crate::ops::report::shown::ShownResource;

    fn report() -> ShowReport {
        let resource = |kind: &str, name: &str, text: Option<&str>| ShownResource {
            kind: kind.to_owned(),
            api_version: "vpc.githedgehog.com/v1beta1".to_owned(),
            namespace: "default".to_owned(),
            name: name.to_owned(),
            identity: format!("{kind}/{name}"),
            path: format!("managed/vpcs/{name}.yaml"),
            line: 2,
            text: text.map(str::to_owned),
        };
        let missing = MissingField {
            resource: "Switch/leaf-01".to_owned(),
            field: "spec.asn".to_owned(),
            file: "managed/switches/leaf-01.yaml".to_owned(),
            line: 6,
        };
        let hydration = Hydration { state: HydrationState::Partial, set: 1, total: 2, missing: vec![missing] };
        let resources = vec![resource("VPC", "web", Some("# web\nkind: VPC\n")), resource("VPC", "db", None)];
        ShowReport { resources, hydration, findings: Vec::new(), is_named: false }
    }

    #[test]
    fn a_table_ends_with_the_number_and_what_hydration_lacks() {
        let expected = concat!(
            "KIND  NAME  FILE\n",
            "VPC   web   managed/vpcs/web.yaml:2\n",
            "VPC   db    managed/vpcs/db.yaml:2\n",
            "2 resources; hydration partial (1 of 2 fields set)\n",
            "  managed/switches/leaf-01.yaml:6: Switch/leaf-01 lacks spec.asn\n",
        );
        assert_eq!(text(&report(), Look::default()), expected);
    }

    #[test]
    fn text_is_the_documents_own_and_a_secret_is_not_shown() {
        let yaml = yaml(&report());
        assert!(yaml.starts_with("# web\nkind: VPC\n---\n# VPC/db stands in a file"), "{yaml}");
        assert_eq!(names(&report()), "VPC/web\nVPC/db\n");
    }
}
