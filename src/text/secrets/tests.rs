//! Tests of what a secret looks like, in both directions.

use super::*;
use crate::text::base64;

const PEM: &str = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEAxKzT4vR7PqW8sYhLmN3cUeQdJfG5oBtV1iZxDnA2\n-----END RSA PRIVATE KEY-----";

/// One of each form, none of them anybody's.
fn examples() -> Vec<(SecretKind, String)> {
    let token = |text: &str| (SecretKind::Token, text.to_owned());
    let login = |text: &str| (SecretKind::Login, text.to_owned());
    let hash = |text: &str| (SecretKind::PasswordHash, text.to_owned());
    let key = |text: &str| (SecretKind::PrivateKey, text.to_owned());
    let kinds = ["OPENSSH ", "DSA ", "EC ", "ENCRYPTED ", ""];
    let mut all: Vec<_> = kinds.iter().map(|kind| key(&PEM.replace("RSA ", kind))).collect();
    all.extend([
        key(PEM),
        key("-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQOYBF9zabcdefghijklmnopqrstuvwx\n-----END PGP PRIVATE KEY BLOCK-----"),
        key("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nP2/56wAAAi4AAAA3aWYtbW9kbntz\n---- END SSH2 ENCRYPTED PRIVATE KEY ----"),
        key("PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPrivate-Lines: 1\nAAAAIKjM2cUeQdJfG5oBtV1iZxDnA2abcdefgh\nPrivate-MAC: 0123abcd"),
        key("AGE-SECRET-KEY-1QQPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQQPZRY9X8GF2TVDW0S"),
        key("PrivateKey = yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk="),
        token("ghp_0123456789abcdefghijABCDEFGHIJ012345"),
        token("gho_0123456789abcdefghijABCDEFGHIJ012345"),
        token("ghu_0123456789abcdefghijABCDEFGHIJ012345"),
        token("ghs_0123456789abcdefghijABCDEFGHIJ012345"),
        token("ghr_0123456789abcdefghijABCDEFGHIJ012345"),
        token("github_pat_11ABCDEFG0abcdefghijkl_0123456789abcdefghij"),
        token("glpat-abcdefghij0123456789"),
        token("glrt-abcdefghij0123456789"),
        token("xoxb-123456789012-abcdefghijkl"),
        token("xoxp-123456789012-abcdefghijkl"),
        token("AKIAIOSFODNN7EXAMPLE"),
        token("ASIAIOSFODNN7EXAMPLE"),
        token("npm_0123456789abcdefghijABCDEFGHIJ012345"),
        token("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"),
        token("K10aaaabbbbccccddddeeeeffff0000111122223333444455556666777788889999::server:abcd"),
        login("https://bot:Kz7heron@git.example/x.git"),
        login("Authorization: Basic Ym90Okt6N2hlcm9u"),
        login("\"authorization\": \"Bearer 4f1c9a7e5b2d\""),
        login("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        login("- name: AWS_SECRET_ACCESS_KEY\n  value: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        hash("$6$saltsalt$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        hash("$y$j9T$aaaaaaaaaaaaaaaaaaaaaaaa$bbbbbbbbbbbbbbbbb"),
        hash("$2b$12$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        hash("$5$8nAYPGcl4l7G7Av1$GPJlyRcvrd9rhXyS5.6Y7QSPCDsDwLlbJIPAPALlHH6"),
        hash("$apr1$abcdefgh$abcdefghijklmnopqrstuv"),
        hash("$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aaaaaaaaaaaaaaaaaaaa"),
        hash("{SSHA}abcdefghijklmnopqrstuvwxyz012345"),
        hash("pbkdf2_sha256$600000$abcdefgh$abcdefghijklmnopqrstuvwxyz"),
    ]);
    all
}

fn kinds(text: &str) -> Vec<SecretKind> {
    find(text).into_iter().map(|found| found.kind).collect()
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

#[test]
fn every_form_is_found_in_every_coding() {
    for (kind, secret) in examples() {
        let escaped = secret.bytes().map(|byte| format!("\\x{byte:02x}")).collect::<Vec<_>>().concat();
        let wide = secret.chars().map(|one| format!("\\u{:04x}", u32::from(one))).collect::<Vec<_>>().concat();
        let percent = secret.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
        let mut texts = vec![secret.clone(), quoted(&secret), quoted(&quoted(&secret)), escaped, wide, percent];
        texts.push(quoted(&secret).replace("\\n", "\\\n   \\n"));
        for before in ["", "a", "ab"] {
            let coded = base64(format!("{before}{secret}").as_bytes());
            let broken: Vec<&str> =
                coded.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
            texts.push(broken.join("\n    "));
            texts.push(base64(coded.as_bytes()));
            texts.push(coded.replace('+', "-").replace('/', "_"));
            texts.push(format!("xyz/{coded}"));
            texts.push(coded);
        }
        for text in texts {
            let around = format!("a: 1 # é\nvalue: {text}\nb: 2\n");
            assert!(kinds(&around).contains(&kind), "{kind:?} of {secret} is not found in\n{around}");
            let hidden = hide(&around);
            assert!(hidden.starts_with("a: 1 # é\n") && hidden.ends_with("b: 2\n"), "{hidden}");
            assert!(find(&hidden).is_empty(), "{hidden}");
        }
    }
}

#[test]
fn a_secret_is_the_same_wherever_it_stands() {
    let folded = PEM.replace('\n', "\n      ");
    let values = |text: &str| find(text).into_iter().map(|found| found.value).collect::<Vec<_>>();
    let wanted = values(PEM);
    assert!(wanted.len() == 1 && wanted[0].starts_with("MIIEpAIB"));
    for text in [folded, quoted(PEM), base64(PEM.as_bytes()), base64(format!("x{PEM}").as_bytes())] {
        assert_eq!(values(&text), wanted, "{text}");
    }
    assert_eq!(values("-----BEGIN RSA PRIVATE KEY-----\n"), [""]);
}

#[test]
fn a_key_without_its_first_line_is_one() {
    let body = base64(&[b"openssh-key-v1\0\0\0\0\x04none".as_slice(), &[7; 80]].concat());
    assert_eq!(kinds(&body), [SecretKind::PrivateKey]);
    let edwards = [b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".as_slice(), &[9; 32]].concat();
    assert_eq!(kinds(&format!("key: {}", base64(&edwards))), [SecretKind::PrivateKey]);
}

#[test]
fn what_is_no_secret_is_left_alone() {
    for text in [
        "token-ring",
        "secret-vpc: the secret of the token",
        "kind: VPC # 57c5fedb4f5e1bb0c2d1f2b9e3a0f4d5c6b7a899",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "argocd.argoproj.io/tracking-id: fabric:vpc.githedgehog.com/VPC:default/vpc-01",
        "server-01--mclag--leaf-01--leaf-02, glrt-leaf-01",
        "-----BEGIN CERTIFICATE-----\nMIIDazCCAlOgAwIBAgIUabcdefghijklmnopqrstuvwxyz\n-----END CERTIFICATE-----",
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKjM2cUeQdJfG5oBtV1iZxDnA2abcdefghijkl me@example",
        "$5$ or $6$, $1$2$3, cost $1$ to $2$",
        "ssh://git@git.example/x.git and https://git.example/x@y and https://bot@git.example",
        "https://bot:${TOKEN}@git.example/x.git",
        "Authorization: Bearer <token>; authorization: required everywhere",
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "the ghp_ prefix, xoxb- and AKIA; AKIAIOSFODNN7EXAMPLES",
        "3c:2c:30:66:f0:00 E1/1/1 10.0.0.0/24 leaf-01/Ethernet48",
        "spec: {boot: {serial: TD22A1B2C3D4E5F6G7H8}}",
        "uid: 7f3b9a52-6f0e-4b1c-9e2d-5a4c3b2d1e0f",
    ] {
        assert_eq!(find(text), [], "{text}");
        assert_eq!(hide(text), text);
    }
}
