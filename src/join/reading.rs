//! The files of one kind and header, read one after another as if they were one.
//!
//! It joins nothing. Each file keeps its own notes and counts of rows.

use std::collections::BTreeMap;

use crate::error::Error;
use crate::health::{HealthAccounts, HealthBuilder};
use crate::ingest::{ReadOptions, Reader, Row, RowSink, Table};
use crate::ledger::build::{BuildOptions, Builder, Built, Learned};
use crate::note::Notes;
use crate::report::RowCounts;
use crate::roles::Shape;
use crate::roles::health::HealthRole;

/// How often a group may ask to be read again.
const MAX_READS: u32 = 3;

/// What was read of one file of a group.
#[derive(Clone, Debug)]
pub(super) struct Member {
    /// Its place among all files.
    pub(super) file: usize,
    /// How many rows the files before it take in the numbering of the group.
    row_base: u64,
    pub(super) notes: Notes,
    pub(super) rows: RowCounts,
    pub(super) encoding: String,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Group {
    /// The places of the files, in the order in which they are read.
    files: Vec<usize>,
    options: BuildOptions,
    builder: Option<Builder>,
    learned: Learned,
    n_reads: u32,
    members: Vec<Member>,
    row_base: u64,
    reader: Option<(Reader, Notes)>,
    last_row: u64,
    pub(super) built: Option<Built>,
    /// What the files say of the health of accounts, where they do.
    pub(super) health: Option<HealthAccounts>,
    health_builder: Option<HealthBuilder>,
}

/// A builder that says which row was the last, beside one for what rows say of health.
struct Counting<'a> {
    builder: &'a mut Builder,
    health: &'a mut Option<HealthBuilder>,
    last_row: &'a mut u64,
}

impl RowSink for Counting<'_> {
    fn start(&mut self, table: &Table, notes: &mut Notes) -> Result<(), Error> {
        self.builder.start(table, notes)?;
        if self.health.as_ref().is_some_and(|health| !health.is_open()) {
            // Both mean the same accounts.
            let customer = self.builder.customer_column().map(str::to_owned);
            let roles = customer.map(|name| (HealthRole::Customer, name)).into_iter().collect();
            let mut health = HealthBuilder::of_all_rows(roles);
            let says_something = health.start(table, &mut Notes::new()).is_ok();
            *self.health = says_something.then_some(health);
        }
        Ok(())
    }

    fn row(&mut self, row: &Row<'_>, notes: &mut Notes) {
        *self.last_row = row.number();
        if let Some(health) = self.health {
            health.row(row, &mut Notes::new());
        }
        self.builder.row(row, notes);
    }
}

impl Group {
    pub(super) fn new(files: Vec<usize>, options: BuildOptions) -> Self {
        let mut group = Self {
            files,
            options,
            builder: None,
            learned: Learned::default(),
            n_reads: 0,
            members: Vec::new(),
            row_base: 0,
            reader: None,
            last_row: 0,
            built: None,
            health: None,
            health_builder: None,
        };
        group.begin();
        group
    }

    fn begin(&mut self) {
        self.n_reads += 1;
        self.members = Vec::new();
        self.row_base = 0;
        self.builder = Some(Builder::new(self.options.clone(), self.learned.clone()));
        let is_of_customers = self.options.roles.shape == Some(Shape::Customers);
        self.health_builder = is_of_customers.then(|| HealthBuilder::of_all_rows(BTreeMap::new()));
    }

    /// The file that is read next.
    pub(super) fn next(&self) -> Option<usize> {
        self.files.get(self.members.len()).copied().filter(|_| self.builder.is_some())
    }

    pub(super) fn is_read_again(&self) -> bool {
        1 < self.n_reads
    }

    /// Rows of the file that is being read.
    pub(super) fn n_rows(&self) -> u64 {
        self.builder.as_ref().map_or(0, Builder::n_rows)
    }

    pub(super) fn push(&mut self, bytes: &[u8], options: &ReadOptions) -> Result<(), Error> {
        let Some(builder) = &mut self.builder else { return Ok(()) };
        if self.reader.is_none() {
            self.last_row = 0;
        }
        let (reader, notes) =
            self.reader.get_or_insert_with(|| (Reader::new(options.clone()), Notes::new()));
        let (health, last_row) = (&mut self.health_builder, &mut self.last_row);
        reader.push(bytes, notes, &mut Counting { builder, health, last_row })
    }

    /// Ends the file that was read, and with the last one the group.
    pub(super) fn end(&mut self, options: &ReadOptions) -> Result<(), Error> {
        // A file of no bytes has not been pushed.
        self.push(&[], options)?;
        let file = self.files.get(self.members.len()).copied();
        let (Some((reader, mut notes)), Some(builder), Some(file)) =
            (self.reader.take(), &mut self.builder, file)
        else {
            return Ok(());
        };
        let (health, last_row) = (&mut self.health_builder, &mut self.last_row);
        let mut sink = Counting { builder, health, last_row };
        let summary = reader.finish(&mut notes, &mut sink)?;
        let is_last = self.members.len() + 1 == self.files.len();
        let is_alone = self.files.len() == 1;
        let rows = if is_alone {
            RowCounts { read: 0, used: 0, excluded: 0 }
        } else {
            builder.end_file(self.last_row, &mut notes)
        };
        let encoding = summary.encoding.label().to_owned();
        self.members.push(Member { file, row_base: self.row_base, notes, rows, encoding });
        self.row_base += self.last_row;
        if !is_last {
            return Ok(());
        }
        let Some(builder) = self.builder.take() else { return Ok(()) };
        let Some(first) = self.members.first_mut() else { return Ok(()) };
        match builder.finish(&summary, self.n_reads < MAX_READS, &mut first.notes)? {
            Ok(built) => {
                if is_alone {
                    first.rows = built.input().rows;
                }
                self.built = Some(built);
                let health = self.health_builder.take();
                self.health = health.and_then(|one| one.finish(summary, Notes::new()).ok());
            }
            Err((learned, _)) => {
                self.learned = learned;
                self.begin();
            }
        }
        Ok(())
    }

    pub(super) fn members(&self) -> &[Member] {
        &self.members
    }

    /// The file of a row of the group, and its number there.
    pub(super) fn locate(&self, row: u32) -> (usize, u64) {
        let row = u64::from(row);
        let n_before = self.members.partition_point(|member| member.row_base < row);
        let member = self.members.get(n_before.saturating_sub(1));
        member.map_or((0, row), |member| (member.file, row - member.row_base.min(row)))
    }
}
