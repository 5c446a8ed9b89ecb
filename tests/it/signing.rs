//! Signing: no signer asks on the dashboard's terminal; a locked key is told, unlocked there, and the work goes on.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::session::Session;
use crate::world::World;
use hedgerow::demo::vpc;

/// A signer that needs a passphrase once, and keeps the names of the variables and the arguments it was given.
const SIGNER: &str = r#"#!/bin/sh
here=$(dirname "$0")
[ -z "$GPG_TTY$SSH_TTY" ] || echo "terminal $GPG_TTY $SSH_TTY" >> "$here/told"
echo "args $*" >> "$here/told"
cat > /dev/null
if [ ! -e "$here/unlocked" ]; then
  if [ -z "$GPG_TTY" ] || ! ( : < /dev/tty ) 2>/dev/null; then
    echo "gpg: signing failed: Inappropriate ioctl for device" >&2
    exit 2
  fi
  printf 'Passphrase: ' > /dev/tty
  read -r answer < /dev/tty
  [ "$answer" = open-sesame ] || exit 2
  : > "$here/unlocked"
fi
echo "[GNUPG:] SIG_CREATED D" >&2
printf -- '-----BEGIN PGP SIGNATURE-----\n\nmade\n-----END PGP SIGNATURE-----\n'
"#;

fn locked() -> World {
    let world = World::initialized();
    let signer = world.root.join("bin/gpg");
    fs::create_dir_all(signer.parent().unwrap()).unwrap();
    fs::write(&signer, SIGNER).unwrap();
    fs::set_permissions(&signer, fs::Permissions::from_mode(0o755)).unwrap();
    world.git(&["config", "gpg.program", &signer.display().to_string()]);
    world.git(&["config", "user.signingKey", "ABCD"]);
    world.git(&["config", "commit.gpgSign", "true"]);
    world.raw("a.yaml", vpc("web", 1001, "10.0.1.0/24"));
    world
}

fn told(world: &World) -> String {
    fs::read_to_string(world.root.join("bin/told")).unwrap()
}

#[test]
fn the_dashboard_keeps_its_terminal_and_goes_on_once_the_key_is_unlocked() {
    let world = locked();
    let surroundings = [("GPG_TTY", "/dev/pts/1"), ("SSH_TTY", "/dev/pts/1"), ("DISPLAY", "")];
    let mut session = Session::with(&world, &["--ascii"], (110, 32), &surroundings);
    session.until("dc1");
    session.press(":ingest dc1\r");
    session.until("press y to");
    session.press("y");
    session.until("FAILED E-SIGN");
    let told = told(&world);
    assert!(!told.contains("terminal") && told.contains("--pinentry-mode=error"), "{told}");
    session.press("e");
    let shown = session.until(":login in the dashboard");
    assert!(shown.contains("needs its passphrase") && shown.contains("nothing was committed"), "{shown}");
    session.press("\u{1b}");
    session.until("1 Fabrics");
    let before = world.tip();
    session.press(":login dc1\r");
    session.until("Passphrase:");
    session.press("open-sesame\r");
    session.until("Enter goes back to the dashboard");
    session.press("\r");
    session.until("committed");
    session.press("q");
    assert_eq!(session.end().0, 0);
    assert_ne!(world.tip(), before);
    assert!(world.git(&["cat-file", "commit", "HEAD"]).contains("gpgsig -----BEGIN PGP SIGNATURE-----"));
}

#[test]
fn the_command_line_tells_a_locked_key_and_login_unlocks_it() {
    let world = locked();
    let said = world.json(&["ingest", "dc1", "--yes"]);
    let error = &said.entry()["error"];
    assert_eq!(error["code"], "E-SIGN");
    assert!(error["message"].as_str().unwrap().contains("needs its passphrase"), "{error}");
    assert!(error["remedy"].to_string().contains("hedgerow login FABRIC"), "{error}");
    let mut session = Session::start(&world, &["login", "dc1"], (100, 30));
    session.until("Passphrase:");
    session.press("wrong\r");
    assert_eq!(session.end().0, 6);
    let mut session = Session::start(&world, &["login", "dc1"], (100, 30));
    session.until("Passphrase:");
    session.press("open-sesame\r");
    assert_eq!(session.end().0, 0);
    assert_eq!(world.run(&["ingest", "dc1", "--yes"]).code, 0);
}
