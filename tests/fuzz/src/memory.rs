//! Memory: hostile texts of 4 MiB, each read as a raw file; the most memory a byte of text took, and the time.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

#[path = "../laws.rs"]
#[allow(dead_code)]
mod laws;
#[path = "../shapes.rs"]
mod shapes;

struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

fn more(bytes: usize) {
    let now = NOW.fetch_add(bytes, Ordering::Relaxed) + bytes;
    MOST.fetch_max(now, Ordering::Relaxed);
}

// Every call goes to the system's allocator; what it gives and takes back is counted.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        more(layout.size().next_multiple_of(16) + 8);
        unsafe { System.alloc(layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        NOW.fetch_sub(layout.size().next_multiple_of(16) + 8, Ordering::Relaxed);
        more(size.next_multiple_of(16) + 8);
        unsafe { System.realloc(place, layout, size) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size().next_multiple_of(16) + 8, Ordering::Relaxed);
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

fn main() {
    let bytes: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(4) << 20;
    let mut is_fine = true;
    for (begin, piece) in shapes::SHAPES.iter().chain(shapes::NUMBERED) {
        let text = shapes::filled(begin, piece, bytes);
        let base = NOW.load(Ordering::Relaxed);
        MOST.store(base, Ordering::Relaxed);
        let begun = Instant::now();
        let file = hedgerow::fabric::document::read("raw/x.yaml", text.as_bytes());
        let taken = begun.elapsed();
        let most = MOST.load(Ordering::Relaxed) - base;
        let begun = Instant::now();
        let secret = hedgerow::fabric::secret::find("raw/x.yaml", text.as_bytes());
        let quiet = file.documents.first().map(|document| hedgerow::fabric::noise::remove(&document.text, false).1);
        let rest = begun.elapsed();
        let times = most / text.len();
        let is_bad = times > 25 || taken.as_secs() > 10 || rest.as_secs() > 10;
        is_fine = is_fine && !is_bad;
        let mark = if is_bad { "BAD" } else { "" };
        let (documents, secret, quiet) = (file.documents.len(), secret.is_some(), quiet.map_or(0, |gone| gone.len()));
        println!("{times:>4}x {taken:>12.2?} {rest:>12.2?} {documents:>8} {secret:>5} {quiet:>5} {begin:?} {piece:?} {mark}");
    }
    std::process::exit(i32::from(!is_fine));
}
