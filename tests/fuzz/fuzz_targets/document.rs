//! Fuzz target: any bytes, read as a raw file, keep the laws of reading.
#![no_main]

#[path = "../laws.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| laws::hold(bytes));
