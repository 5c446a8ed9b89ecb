//! Reading: no bytes panic, hang or change their meaning on the way to a managed file.

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;
use std::time::{Duration, Instant};

use hedgerow::fabric::document;

#[path = "../fuzz/laws.rs"]
mod laws;
#[path = "../fuzz/mutate.rs"]
mod mutate;
#[path = "../fuzz/shapes.rs"]
mod shapes;

/// How many damaged texts; `HEDGEROW_FUZZ=1000000` reads more, `HEDGEROW_FUZZ_SEED=7` others.
fn rounds(name: &str, or: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(or)
}

#[test]
fn damaged_texts_keep_the_laws() {
    let seed = rounds("HEDGEROW_FUZZ_SEED", 1);
    for round in 0..rounds("HEDGEROW_FUZZ", 4000) {
        let bytes = mutate::text(&mut mutate::Dice::new(seed.wrapping_mul(1 << 32) + round + 1));
        let held = catch_unwind(|| laws::hold(&bytes));
        assert!(held.is_ok(), "round {round} of seed {seed}: {:?}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn what_fuzzing_found_stays_mended() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/findings");
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        assert!(catch_unwind(|| laws::hold(&bytes)).is_ok(), "{}", path.display());
        count += 1;
    }
    assert!(count > 0);
}

#[test]
fn hostile_shapes_are_read_in_time() {
    for (begin, piece) in shapes::SHAPES.iter().chain(shapes::NUMBERED) {
        let text = shapes::filled(begin, piece, 100_000);
        let begun = Instant::now();
        let file = document::read("raw/x.yaml", text.as_bytes());
        assert!(begun.elapsed() < Duration::from_secs(20), "{begin:?} {piece:?} took {:?}", begun.elapsed());
        assert!(file.documents.len() <= hedgerow::yaml::most_documents(text.len()));
    }
}
