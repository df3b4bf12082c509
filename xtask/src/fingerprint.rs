//! Tells whether the inputs of a step changed since its last run.
//!
//! It guards against needless work, not against an attacker: 64 bits of FNV-1a.

use std::fs;
use std::path::{Path, PathBuf};

use crate::step::{Failure, Outcome};

/// A running hash over the names and contents of inputs.
#[derive(Clone)]
pub(crate) struct Fingerprint(u64);

impl Fingerprint {
    pub(crate) fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Adds one input; its length keeps neighbours from running into one another.
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        for byte in (bytes.len() as u64).to_le_bytes().iter().chain(bytes) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    pub(crate) fn add_file(&mut self, path: &Path) -> Outcome<()> {
        let bytes = fs::read(path).map_err(|error| Failure::file("read", path, &error))?;
        self.add(&bytes);
        Ok(())
    }

    /// Adds all files below `folder` with their names, but for the children named in `without`.
    pub(crate) fn add_folder(&mut self, folder: &Path, without: &[&str]) -> Outcome<()> {
        for file in files_below(folder, without)? {
            let name = file.strip_prefix(folder).unwrap_or(&file);
            self.add(name.to_string_lossy().as_bytes());
            self.add_file(&file)?;
        }
        Ok(())
    }

    pub(crate) fn text(&self) -> String {
        format!("{:016x}", self.0)
    }
}

/// All files below `folder`, sorted, but for its direct children named in `without`.
pub(crate) fn files_below(folder: &Path, without: &[&str]) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(current) = folders.pop() {
        let failed = |error: std::io::Error| Failure::file("read", &current, &error);
        for entry in fs::read_dir(&current).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let skipped = current == folder
                && without.iter().any(|name| entry.file_name().as_os_str() == *name);
            if skipped {
                continue;
            }
            if entry.file_type().map_err(failed)?.is_dir() {
                folders.push(entry.path());
            } else {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Whether `stamp` holds `fingerprint`: the step has been done for these inputs.
pub(crate) fn is_fresh(stamp: &Path, fingerprint: &Fingerprint) -> bool {
    fs::read_to_string(stamp).is_ok_and(|text| text.trim() == fingerprint.text())
}

/// Writes `fingerprint` down after the step is done.
pub(crate) fn write(stamp: &Path, fingerprint: &Fingerprint) -> Outcome<()> {
    if let Some(folder) = stamp.parent() {
        fs::create_dir_all(folder).map_err(|error| Failure::file("make", folder, &error))?;
    }
    fs::write(stamp, fingerprint.text() + "\n")
        .map_err(|error| Failure::file("write", stamp, &error))
}

#[cfg(test)]
mod tests {
    use super::Fingerprint;

    fn of(inputs: &[&[u8]]) -> String {
        let mut fingerprint = Fingerprint::new();
        for input in inputs {
            fingerprint.add(input);
        }
        fingerprint.text()
    }

    #[test]
    fn differs_when_content_moves_between_inputs() {
        assert_ne!(of(&[b"ab", b"c"]), of(&[b"a", b"bc"]));
        assert_ne!(of(&[b"", b"a"]), of(&[b"a", b""]));
        assert_eq!(of(&[b"ab", b"c"]), of(&[b"ab", b"c"]));
    }
}
