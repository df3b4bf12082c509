//! Text to exact money: currency signs, thousands and decimal marks of either kind, accounting
//! negatives.

/// The decimal mark of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalMark {
    /// `1234.56`
    Point,
    /// `1234,56`
    Comma,
}
