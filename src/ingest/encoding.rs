//! Bytes to UTF-8: byte order marks, UTF-8, UTF-16 and Windows-1252, in a stream.

/// The encoding of a file's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, little end first.
    Utf16Le,
    /// UTF-16, big end first.
    Utf16Be,
    /// Windows-1252, the usual legacy encoding of Western Europe and the Americas.
    Windows1252,
}
