//! Exact money, figures with their intervals, special functions: what all layers count with.
//!
//! It knows no file and no customer, and formats nothing.

pub(crate) mod bootstrap;
mod figure;
pub mod interval;
pub(crate) mod linearized;
mod money;
pub mod random;
pub mod special;

pub use figure::{Figure, FormulaId};
pub use money::{Currency, Minor, to_major};
