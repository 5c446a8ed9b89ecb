//! Tests of what holds a secret and what does not.

use super::*;
use crate::text::base64;

fn found(text: &str) -> Option<(&'static str, u32)> {
    find("raw/x.yaml", text.as_bytes()).map(|f| (f.code, f.line.unwrap_or_default()))
}

#[test]
fn secrets_in_clear_are_found() {
    assert_eq!(found("a: 1\n---\napiVersion: v1\nkind: Secret\ndata: {}\n"), Some((code::SECRET, 4)));
    assert_eq!(found("{\"kind\": \"Secret\"}"), Some((code::SECRET, 1)));
    assert_eq!(found("kind: List\nitems:\n- kind: VPC\n- kind: Secret\n"), Some((code::SECRET, 4)));
    assert_eq!(found("kind: Secret # x\ndata: [\n"), Some((code::SECRET, 1)));
    assert_eq!(found("{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \n"), Some((code::SECRET, 1)));
    for wide in ["kind: Secret\n", "\u{feff}kind: Secret\n"] {
        let little: Vec<u8> = wide.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = wide.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert!(find("x", &little).is_some() && find("x", &big).is_some());
    }
}

#[test]
fn what_only_names_secrets_is_not_one() {
    assert_eq!(found("kind: SealedSecret\nspec: {encryptedData: {}}\n"), None);
    assert_eq!(found("kind: Secret\ndata:\n  a: ENC[AES256_GCM,x]\nsops: {mac: x}\n"), None);
    assert_eq!(found("kind: HelmRelease\nspec:\n  valuesFrom:\n  - kind: Secret\n    name: x\n"), None);
    assert_eq!(found("# kind: Secret\na: 1\n"), None);
    assert_eq!(found("kind: VPC\nmetadata: {name: secret}\n"), None);
    assert_eq!(found("apiVersion: vault.example.com/v1\nkind: Secret\n"), None);
}

#[test]
fn install_kinds_count() {
    let text = "apiVersion: fabricator.githedgehog.com/v1beta1\nkind: FabNode\n";
    assert_eq!(found(text), Some((code::SECRET_KIND, 2)));
    assert_eq!(found(&format!("{text}a: [\n")), Some((code::SECRET_KIND, 1)));
    assert_eq!(found("kind: Fabricator\n"), Some((code::SECRET_KIND, 1)));
    assert_eq!(found("a: 1\nkind: ControlNode # x\nb: [\n"), Some((code::SECRET_KIND, 2)));
}

#[test]
fn keys_and_hashes_count_anywhere() {
    assert_eq!(found("# -----BEGIN RSA PRIVATE KEY-----\n"), Some((code::PRIVATE_KEY, 1)));
    assert_eq!(found("a: |\n  -----BEGIN OPENSSH PRIVATE KEY-----\n"), Some((code::PRIVATE_KEY, 2)));
    assert_eq!(found("a: -----BEGIN CERTIFICATE-----\n"), None);
    assert_eq!(found("x: LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0t\n"), Some((code::PRIVATE_KEY, 1)));
    for hash in [
        "$5$8nAYPGcl4l7G7Av1$GPJlyRcvrd9rhXyS5.6Y7QSPCDsDwLlbJIPAPALlHH6",
        "$6$salt$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "$2b$12$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "$y$j9T$aaaaaaaaaaaaaaaaaaaaaaaa$bbbbbbbbbbbbbbbbb",
    ] {
        assert_eq!(found(&format!("a: 1\n#  password: '{hash}'\n")), Some((code::PASSWORD_HASH, 2)), "{hash}");
    }
    assert_eq!(found("a: $5$ or $6$, $1$2$3\n"), None);
    let finding = find("x", b"p: $6$salt$aaaaaaaaaaaaaaaaaaaaaaaaaaaaa").unwrap();
    assert!(!format!("{finding:?}").contains("aaaa"));
}

fn messages(text: &str) -> Vec<String> {
    all("raw/x.yaml", text.as_bytes()).into_iter().map(|found| found.finding.message).collect()
}

const ENC: &str = "ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAA,type:str]";

#[test]
fn a_half_encrypted_secret_names_the_keys_in_clear() {
    let text = format!(
        "apiVersion: v1\nkind: Secret\ndata:\n  tls.crt: {ENC}\n  tls.key: aHVudGVyMg==\nstringData:\n  pin: 1234\n  more: {ENC}\n  none: ''\nsops:\n  mac: {ENC}\n"
    );
    assert_eq!(messages(&text), ["this Secret is encrypted only in part; in clear: data.tls.key, stringData.pin"]);
    let whole = text.replace("aHVudGVyMg==", ENC).replace("1234", ENC);
    assert_eq!(messages(&whole), [] as [&str; 0]);
    assert_eq!(messages(&whole.replace("sops:", "x:")), [] as [&str; 0]);
    let only_marked = "kind: Secret\nstringData: {a: hunter2}\nsops: {mac: x}\n";
    assert_eq!(messages(only_marked), ["this file holds a Secret in clear: stringData.a"]);
    let fabricator =
        format!("apiVersion: {FABRICATOR}/v1beta1\nkind: Fabricator\nspec:\n  a: {ENC}\nsops:\n  mac: {ENC}\n");
    assert_eq!(messages(&fabricator), [] as [&str; 0]);
    let half = fabricator.replace("spec:\n", "spec:\n  b: c\n");
    assert_eq!(messages(&half), ["Fabricator is encrypted only in part; in clear: spec.b"]);
}

/// A Secret in one line of JSON.
const JSON: &str = "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"data\":{\"a\":\"aHVudGVyMg==\"}}";

#[test]
fn a_secret_is_found_wherever_it_stands() {
    let yaml = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: hunter2}\n";
    let deep = yaml.replace('\n', "\n    ");
    let quoted = serde_json::to_string(yaml).unwrap();
    let map = |value: &str| format!("apiVersion: v1\nkind: ConfigMap\ndata:\n  a: {value}\n");
    let comment = yaml.lines().map(|line| format!("# {line}\n")).collect::<Vec<_>>().concat();
    let texts = [
        yaml.replace("Secret", "\"\\x53ecret\""),
        yaml.replace("Secret", "\"Sec\\\n  ret\""),
        yaml.replace("Secret", ">-\n  Secret"),
        yaml.replace("Secret", "!!str &k Secret"),
        yaml.replace("kind", "\"\\u006bind\""),
        yaml.replace("apiVersion: v1\n", ""),
        yaml.replace("v1", "/v1"),
        format!("kind: List\nitems:\n- {}", yaml.replace('\n', "\n  ")),
        "apiVersion: v1\nkind: SecretList\nitems:\n- {metadata: {name: s}, data: {a: aHVudGVyMg==}}\n".to_owned(),
        format!("kind: Template\nobjects:\n- {}", yaml.replace('\n', "\n  ")),
        format!("kind: ManifestWork\nspec: {{workload: {{manifests: [{JSON}]}}}}\n"),
        map(&format!("|\n    {deep}")),
        map(&format!("|\n    a: 1\n    ---\n    {deep}")),
        map(&quoted),
        map(&serde_json::to_string(&map(&quoted)).unwrap()),
        map(&base64(yaml.as_bytes())),
        map(&base64(format!("x: y\n{yaml}").as_bytes())),
        map(&format!("'{JSON}'")),
        format!(
            "kind: VPC\nmetadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n      {JSON}\n"
        ),
        format!("kind: Secret\ndata: {{a: '{ENC}'}}\nmetadata: {{annotations: {{last: '{JSON}'}}}}\n"),
        format!("{comment}a: 1\n"),
        format!("# as it was\n{comment}a: 1\n"),
        format!("{yaml}b: [\n"),
        format!("b: [\n{JSON}\n"),
        yaml.replace("Secret", "\"\\x53ecret\"") + "b: [\n",
        yaml.replace("Secret", ">-\n  Secret") + "b: [\n",
        yaml.replace("kind: Secret", "'kind' : !!str 'Secret'") + "b: [\n",
        format!("{yaml}stringData: {{c: d}}\n"),
        map(&format!("|\n    {deep}\n    b: [")),
    ];
    for text in texts {
        let found = all("raw/x.yaml", text.as_bytes());
        assert!(found.iter().any(|found| found.finding.code == code::SECRET), "{text}");
        assert!(found.iter().all(|found| !format!("{:?}", found.finding).contains("hunter2")), "{text}");
    }
}

#[test]
fn what_only_speaks_of_secrets_is_none() {
    for text in [
        "kind: Role\nrules: [{apiGroups: [''], resources: [secrets], resourceNames: [Secret]}]\n",
        "kind: ConfigMap\ndata:\n  a: |\n    kind: HelmRelease\n    valuesFrom: [{kind: Secret, name: x}]\n",
        "kind: ServiceAccount\nsecrets: [{kind: Secret, name: x}]\n",
        "kind: ExternalSecret\nspec: {target: {template: {data: {a: '{{ .b }}'}}}}\n",
        "kind: SecretProviderClass\nspec: {parameters: {objects: 'array: [a]'}}\n",
        "kind: Switch\nmetadata: {ownerReferences: [{apiVersion: fabricator.githedgehog.com/v1beta1, kind: Fabricator, name: default}]}\n",
        "apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nmetadata: {name: token-ring, annotations: {note: 'the Secret: kept elsewhere'}}\n",
        "# the Secret of this VPC is kept in the vault\nkind: VPC\n",
        "# kind: Secret\n# is what must not stand here\nkind: VPC\n",
    ] {
        assert_eq!(messages(text), [] as [&str; 0], "{text}");
    }
}

#[test]
fn the_same_secret_has_the_same_marks() {
    let marks =
        |text: &str| all("x", text.as_bytes()).into_iter().flat_map(|found| found.marks).collect::<BTreeSet<_>>();
    let clear = marks("kind: Secret\nstringData: {a: hunter2}\n");
    assert!(!clear.is_empty());
    assert_eq!(marks(JSON), clear);
    assert_eq!(marks(&JSON.replace("aHVudGVyMg==", ENC).replace('}', ",\"b\":\"x\"}")).intersection(&clear).count(), 0);
}

#[test]
fn every_secret_of_a_file_is_told_and_a_name_may_be_one() {
    let text = "a: ghp_0123456789abcdefghij\nb: 1\nc: $6$salt$aaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n";
    let lines: Vec<_> =
        all("x", text.as_bytes()).iter().map(|found| (found.finding.code, found.finding.line)).collect();
    assert_eq!(lines, [(code::TOKEN, Some(1)), (code::PASSWORD_HASH, Some(3))]);
    assert_eq!(find("raw/ghp_0123456789abcdefghij.yaml", b"a: 1\n").map(|found| found.code), Some(code::TOKEN));
}
