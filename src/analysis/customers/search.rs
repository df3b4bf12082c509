//! Finds customers by a part of their id, in any case.
//!
//! It does not fold accents, and ids are compared as the file has them.

/// A part of an id that is searched for.
pub(in crate::analysis) struct Search {
    /// In lower case; empty where everybody is found.
    part: String,
    /// A place to put an id in lower case.
    lower: String,
}

impl Search {
    pub(in crate::analysis) fn new(part: &str) -> Self {
        Self { part: part.trim().to_lowercase(), lower: String::new() }
    }

    pub(super) fn finds_all(&self) -> bool {
        self.part.is_empty()
    }

    /// Whether an id has the part somewhere.
    pub(in crate::analysis) fn finds(&mut self, id: &str) -> bool {
        if self.part.is_ascii() && id.is_ascii() {
            return has_part(id.as_bytes(), self.part.as_bytes());
        }
        self.lower.clear();
        self.lower.extend(id.chars().flat_map(char::to_lowercase));
        self.lower.contains(&self.part)
    }
}

/// Whether bytes have a part that is in lower case, their own case aside.
fn has_part(id: &[u8], part: &[u8]) -> bool {
    let Some((first, rest)) = part.split_first() else { return true };
    let Some(n_starts) = id.len().checked_sub(rest.len()) else { return false };
    // Most places fail at the first byte, and cost no more than that.
    let mut starts = id[..n_starts].iter().enumerate();
    starts.any(|(at, byte)| {
        byte.to_ascii_lowercase() == *first && id[at + 1..][..rest.len()].eq_ignore_ascii_case(rest)
    })
}

#[cfg(test)]
mod tests {
    use super::Search;

    #[test]
    fn a_part_is_found_in_any_case_and_script() {
        for (part, id) in [
            ("", "anything"),
            ("acme", "The ACME Co."),
            (" Ünï ", "UNI ÜNÏ"),
            ("\u{5e9}\u{5dc}", "\u{5e9}\u{5dc}\u{5d5}\u{5dd}"),
            ("🦊", "fox 🦊 inc"),
            ("<b>", "<B>bold</B>"),
        ] {
            assert!(Search::new(part).finds(id), "{part} in {id}");
        }
        for (part, id) in [("acme", "acne"), ("longer than", "long"), ("é", "e"), ("e", "É")] {
            assert!(!Search::new(part).finds(id), "{part} in {id}");
        }
    }
}
