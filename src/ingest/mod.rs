//! Bytes to rows: encoding, dialect, scanner, and text to dates and exact amounts.
//!
//! It never fails on content: only what is no text at all, or empty, is an error. All else is a
//! [note](crate::note) with a row number. It reads in chunks and never holds the whole file.
//!
//! ```text
//! push(bytes) -> encoding -> UTF-8 text -> dialect (from the first chunk) -> scanner -> RowSink
//! ```

pub mod amount;
mod batch;
pub mod date;
mod dialect;
mod encoding;
mod part;
mod plain;
mod reader;
mod scanner;
mod signature;
mod structure;

pub use batch::RowBatch;
pub(crate) use batch::last_word;
pub use dialect::{Dialect, Separator};
pub use encoding::Encoding;
pub use reader::{Defect, PartSummary, ReadOptions, ReadSummary, Reader, Row, RowSink, Table};
