//! What comes of several files read together: how each was joined, and where they contradict each
//! other.
//!
//! It decides nothing: what counts where files contradict each other is an option.

use serde::{Deserialize, Serialize};

use super::Input;

plain_data! {
    /// Several files, joined by customer.
    pub struct FilesReport {
        /// The files, in the order given.
        pub files: Vec<FileReport>,
        /// How those beside the history joined it, one entry for files that are read as one.
        pub joins: Vec<JoinReport>,
        /// What the files say that cannot all be true, the gravest first.
        pub contradictions: Vec<Contradiction>,
        /// Contradictions that these files cannot have, and why, in words.
        pub not_compared: Vec<String>,
        /// How many days two dates of one leaving may lie apart before that is a contradiction.
        pub days_apart: u32,
    }

    /// One of several files.
    pub struct FileReport {
        /// Its name.
        pub name: String,
        /// `subscriptions`, `mrr`, `transactions` or `accounts` for the history, else `customers`,
        /// `events` or `unused`.
        pub kind: String,
        /// Why it was taken for that, in words.
        pub kind_why: String,
        /// The file that it continues, where several of one kind and header are read as one.
        pub continues: Option<String>,
        /// What was read of it and how. Rows that joined nothing count as excluded.
        pub input: Input,
    }

    /// How a file beside the history joined it.
    pub struct JoinReport {
        /// The files that are read as one.
        pub files: Vec<String>,
        /// `customers` or `events`.
        pub kind: String,
        /// The column of its ids.
        pub key: String,
        /// The files of the history.
        pub history: Vec<String>,
        /// The column of the history's ids.
        pub history_key: String,
        /// Distinct ids in it.
        pub customers: u64,
        /// Those that are in the history, byte for byte, or alike where that was chosen.
        pub matched: u64,
        /// Of these, how many are joined although they are not the same to the letter.
        pub matched_alike: u64,
        /// Those that are not in the history.
        pub unmatched: IdsReport,
        /// Those of the history that are not in it.
        pub missing: IdsReport,
        /// Ids on both sides that are not the same, but would be without case or leading zeros.
        pub alike: Vec<AlikeReport>,
        /// Ids that stand in several rows of a file of customers.
        pub twice: IdsReport,
        /// The columns whose values contradict each other between the rows of one id.
        pub conflicts: Vec<ConflictReport>,
        /// The columns that say something of each customer.
        pub attributes: Vec<AttributeReport>,
    }

    /// Some ids: how many, and the first 100.
    pub struct IdsReport {
        /// How many there are.
        pub count: u64,
        /// The first 100 with their rows.
        pub first: Vec<IdRow>,
    }

    /// One id and where it stands.
    pub struct IdRow {
        /// The id.
        pub id: String,
        /// The file.
        pub file: String,
        /// The row, as a spreadsheet numbers it.
        pub row: u64,
    }

    /// Ids that are not the same, but nearly.
    pub struct AlikeReport {
        /// `case`, `leading-zeros` or `case-and-zeros`: what has to be set aside.
        pub how: String,
        /// How many pairs there are, each id in one pair only.
        pub count: u64,
        /// The first 100 of them.
        pub first: Vec<AlikePair>,
    }

    /// Two ids that are nearly the same.
    pub struct AlikePair {
        /// The one in the file beside.
        pub other: IdRow,
        /// The one in the history.
        pub history: IdRow,
    }

    /// A column whose values contradict each other between the rows of one id.
    pub struct ConflictReport {
        /// The column.
        pub column: String,
        /// How many ids it concerns.
        pub customers: u64,
        /// The first rows.
        pub rows: Vec<u64>,
        /// `first-in-alphabet`, `earliest` or `neither`.
        pub counts: String,
    }

    /// A column that says something of each customer.
    pub struct AttributeReport {
        /// Its name.
        pub name: String,
        /// How many different values it has.
        pub values: u64,
        /// How many customers of the history have one.
        pub customers: u64,
        /// Whether customers can be compared by it.
        pub is_segment: bool,
        /// Why not, in words; empty where they can.
        pub why: String,
    }

    /// One thing that the files say differently.
    pub struct Contradiction {
        /// The stable code, such as `open-after-event`.
        pub code: String,
        /// How many customers it concerns.
        pub customers: u64,
        /// Their monthly revenue in question, in major units; of orders, their sum.
        pub revenue: Option<f64>,
        /// Who can be believed: `subscriptions`, `events`, `flag`; one entry where there is no
        /// choice.
        pub choices: Vec<String>,
        /// Who is believed in this report.
        pub rule: String,
        /// The first 1,000, by revenue and then by id.
        pub cases: Vec<ContradictionCase>,
    }

    /// One customer of whom files say different things.
    pub struct ContradictionCase {
        /// The id, as the history has it where it is there.
        pub customer: String,
        /// The file and row of the one side.
        pub one: Option<Stated>,
        /// The file and row of the other side.
        pub other: Option<Stated>,
        /// The revenue in question, in major units.
        pub revenue: Option<f64>,
    }

    /// What one row says.
    pub struct Stated {
        /// The file.
        pub file: String,
        /// The row, as a spreadsheet numbers it.
        pub row: u64,
        /// The date that is in question, where there is one.
        pub date: Option<String>,
    }
}
