//! Ids of objects: of bytes, and read from hexadecimal text.

use gix::ObjectId;

use crate::error::{Error, Result};

/// The id Git gives a blob of these bytes, hexadecimal.
pub fn blob_id(bytes: &[u8]) -> String {
    blob_object(bytes).map_or_else(|_| String::new(), |id| id.to_string())
}

/// The id Git gives a blob of these bytes.
pub(super) fn blob_object(bytes: &[u8]) -> Result<ObjectId> {
    gix::objs::compute_hash(gix::hash::Kind::Sha1, gix::objs::Kind::Blob, bytes)
        .map_err(|error| Error::Internal(format!("a blob could not be hashed: {error}")))
}

/// The id Git gives a blob of a file's bytes as they stand, hexadecimal; the file is not read whole.
pub(super) fn blob_of_file(path: &std::path::Path) -> std::io::Result<String> {
    let mut file = std::fs::File::open(path)?;
    let size = file.metadata()?.len();
    let (hash, kind) = (gix::hash::Kind::Sha1, gix::objs::Kind::Blob);
    let stop = std::sync::atomic::AtomicBool::new(false);
    let id = gix::objs::compute_stream_hash(hash, kind, &mut file, size, &mut gix::progress::Discard, &stop);
    id.map(|id| id.to_string()).map_err(|error| std::io::Error::other(error.to_string()))
}

/// Reads an id from its 40 hexadecimal digits.
pub(super) fn parse(id: &str) -> Result<ObjectId> {
    ObjectId::from_hex(id.as_bytes())
        .map_err(|_| Error::Internal(format!("{} is no object id", crate::text::clean_line(id))))
}
