//! Several files at once, joined by customer: one is the history, and the others say more of its
//! customers.
//!
//! It composes the layers as `session` does for one file, and holds no rule about values or figures.
//! A single file never comes here.

mod contradictions;
mod health;
mod kinds;
mod matching;
mod options;
mod reading;
mod rules;
mod segments;
mod told;

pub use options::{FileOptions, FilesOptions, Rules};

use std::sync::Arc;

use crate::analysis::customers::{
    CustomerHistory, CustomerList, CustomerQuery, customer_history, customers_csv, list_customers,
};
use crate::analysis::outlook::{Outlook, OutlookQuery, Outlooks};
use crate::analysis::{self, ReportPart};
use crate::arrange;
use crate::error::Error;
use crate::ingest::{Reader, Row, RowSink, Table};
use crate::ledger::build::Built;
use crate::ledger::{Beside, Dimensions, Histories, Labels, Ledger, Spell};
use crate::note::Notes;
use crate::report::{self, LifetimesBySegment, compare_lifetimes};
use crate::roles::{Role, Shape};
use crate::session::{Outcome, ReadKey};
use contradictions::{Case, Joined, JoinedEvent, Said, joined_events};
use health::OfHealth;
use kinds::Decided;
use matching::Matching;
use options::{Choices, Kind};
use reading::Group;

/// Several files, from their bytes to one report.
///
/// # Examples
///
/// ```
/// use retention_calculator::join::{FileOptions, Files, FilesOptions};
/// use retention_calculator::session::Outcome;
///
/// let texts = [
///     "customer_id,start_date,end_date,mrr\nA,2024-01-01,,10.00\nB,2024-01-01,2024-03-15,5.00\n",
///     "customer_id,country,churned\nA,DE,yes\nB,FR,yes\nC,FR,no\n",
/// ];
/// let named = |name: &str| FileOptions { name: name.to_owned(), ..FileOptions::default() };
/// let files = vec![named("subscriptions.csv"), named("customers.csv")];
/// let mut files = Files::new(&FilesOptions { files, ..FilesOptions::default() })?;
/// while let Some(index) = files.next_file()? {
///     files.push(texts[index].as_bytes())?;
///     files.end()?;
/// }
/// let Outcome::Report { report } = files.report()? else { unreachable!() };
/// let joined = report.files.as_ref().unwrap();
/// assert_eq!(joined.joins[0].matched, 2);
/// assert_eq!(joined.joins[0].unmatched.first[0].id, "C");
/// assert_eq!(joined.contradictions[0].code, "churned-flag-but-open");
/// # Ok::<(), retention_calculator::Error>(())
/// ```
#[derive(Debug)]
pub struct Files {
    choices: Choices,
    looks: Vec<Look>,
    decided: Vec<Decided>,
    /// Those of the history first.
    groups: Vec<Group>,
    counts: Vec<Count>,
    step: Step,
    base: Option<Base>,
    /// The models of purchases fitted last.
    outlooks: Outlooks,
}

/// What is being done with the file that is being pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Nothing,
    Look(usize),
    Read { group: usize, file: usize },
    Count(usize),
}

/// A look at the beginning of a file.
#[derive(Debug, Default)]
struct Look {
    reader: Option<Reader>,
    table: Option<Table>,
}

impl RowSink for Look {
    fn start(&mut self, table: &Table, _notes: &mut Notes) -> Result<(), Error> {
        self.table = Some(table.clone());
        Ok(())
    }

    fn row(&mut self, _row: &Row<'_>, _notes: &mut Notes) {}
}

/// A file that is not used: only its rows are counted.
#[derive(Debug, Default)]
struct Count {
    file: usize,
    reader: Option<Reader>,
    n_rows: u64,
    encoding: Option<String>,
}

impl RowSink for Count {
    fn start(&mut self, _table: &Table, _notes: &mut Notes) -> Result<(), Error> {
        Ok(())
    }

    fn row(&mut self, _row: &Row<'_>, _notes: &mut Notes) {
        self.n_rows += 1;
    }
}

/// The history as its file has it, whatever other files say.
#[derive(Debug)]
struct Base {
    histories: Histories,
    reasons: Labels,
    segments: Dimensions,
}

impl Base {
    fn spells(&self) -> &[Spell] {
        match &self.histories {
            Histories::Recurring(recurring) => &recurring.spells,
            _ => &[],
        }
    }
}

/// What a group beside the history says, and of whom.
struct Side {
    group: usize,
    matching: Matching,
}

impl Files {
    /// A session for several files.
    ///
    /// # Errors
    ///
    /// `invalid-option` where an option has a value that it cannot have, `no-files` where there is
    /// none.
    pub fn new(options: &FilesOptions) -> Result<Self, Error> {
        if options.files.is_empty() {
            return Err(Error::new("no-files", "There is no file to read."));
        }
        let mut files = Self {
            choices: Choices::of(options)?,
            looks: Vec::new(),
            decided: Vec::new(),
            groups: Vec::new(),
            counts: Vec::new(),
            step: Step::Nothing,
            base: None,
            outlooks: Outlooks::default(),
        };
        files.start();
        Ok(files)
    }

    fn start(&mut self) {
        self.looks = self.choices.files.iter().map(|_| Look::default()).collect();
        self.decided = Vec::new();
        self.groups = Vec::new();
        self.counts = Vec::new();
        self.step = Step::Nothing;
        self.base = None;
    }

    /// The file that is wanted next, from its first byte; nothing where all have been read. The
    /// beginning of each is wanted first, and a file may be wanted again.
    ///
    /// # Errors
    ///
    /// `no-history-among-files`.
    pub fn next_file(&mut self) -> Result<Option<usize>, Error> {
        if let Some(file) = self.looks.iter().position(|look| look.table.is_none()) {
            self.looks[file].reader = Some(Reader::new(self.beside_key(file).read_options()));
            self.step = Step::Look(file);
            return Ok(Some(file));
        }
        if self.decided.is_empty() {
            self.decide()?;
        }
        for (index, group) in self.groups.iter().enumerate() {
            if let Some(file) = group.next() {
                self.step = Step::Read { group: index, file };
                return Ok(Some(file));
            }
        }
        if let Some(place) = self.counts.iter().position(|count| count.encoding.is_none()) {
            let file = self.counts[place].file;
            let reader = Reader::new(self.beside_key(file).read_options());
            self.counts[place] = Count { file, reader: Some(reader), ..Count::default() };
            self.step = Step::Count(place);
            return Ok(Some(file));
        }
        self.step = Step::Nothing;
        Ok(None)
    }

    /// Whether the file that is wanted is read in full, rather than looked at.
    #[must_use]
    pub fn is_reading(&self) -> bool {
        !matches!(self.step, Step::Look(_) | Step::Nothing)
    }

    /// Whether it is read again, because a later row proved an assumption wrong.
    #[must_use]
    pub fn is_reading_again(&self) -> bool {
        matches!(self.step, Step::Read { group, .. } if self.groups[group].is_read_again())
    }

    /// Rows read so far of the file that is being read, and of those that are read as one with it.
    #[must_use]
    pub fn n_rows(&self) -> u64 {
        match self.step {
            Step::Read { group, .. } => self.groups[group].n_rows(),
            Step::Count(place) => self.counts[place].n_rows,
            Step::Look(_) | Step::Nothing => 0,
        }
    }

    /// Takes the next bytes of the file that is wanted, and says whether more are.
    ///
    /// # Errors
    ///
    /// What cannot be read at all, with the name of the file.
    pub fn push(&mut self, bytes: &[u8]) -> Result<bool, Error> {
        match self.step {
            Step::Nothing => Ok(false),
            Step::Look(file) => {
                let Some(mut reader) = self.looks[file].reader.take() else { return Ok(false) };
                let pushed = reader.push(bytes, &mut Notes::new(), &mut self.looks[file]);
                let is_open = reader.is_open();
                self.looks[file].reader = Some(reader);
                pushed.map(|()| !is_open).map_err(|error| self.named(error, file))
            }
            Step::Read { group, file } => {
                let options = self.key(file).read_options();
                let pushed = self.groups[group].push(bytes, &options);
                pushed.map(|()| true).map_err(|error| self.named(error, file))
            }
            Step::Count(place) => {
                let file = self.counts[place].file;
                let Some(mut reader) = self.counts[place].reader.take() else { return Ok(false) };
                let pushed = reader.push(bytes, &mut Notes::new(), &mut self.counts[place]);
                self.counts[place].reader = Some(reader);
                pushed.map(|()| true).map_err(|error| self.named(error, file))
            }
        }
    }

    /// Ends the file that is wanted: all its bytes have been pushed, or no more are wanted.
    ///
    /// # Errors
    ///
    /// As [`Files::push`].
    pub fn end(&mut self) -> Result<(), Error> {
        match std::mem::replace(&mut self.step, Step::Nothing) {
            Step::Nothing => Ok(()),
            Step::Look(file) => {
                let look = &mut self.looks[file];
                match look.reader.take() {
                    Some(reader) if look.table.is_none() => {
                        let read = reader.finish(&mut Notes::new(), look);
                        read.map(|_| ()).map_err(|error| self.named(error, file))
                    }
                    _ => Ok(()),
                }
            }
            Step::Read { group, file } => {
                let options = self.key(file).read_options();
                let ended = self.groups[group].end(&options);
                ended.map_err(|error| self.named(error, file))
            }
            Step::Count(place) => {
                let count = &mut self.counts[place];
                let file = count.file;
                let Some(reader) = count.reader.take() else { return Ok(()) };
                let read = reader.finish(&mut Notes::new(), count);
                let summary = read.map_err(|error| self.named(error, file))?;
                self.counts[place].encoding = Some(summary.encoding.label().to_owned());
                Ok(())
            }
        }
    }

    /// The report on all files, once none is wanted any more.
    ///
    /// # Errors
    ///
    /// `nothing-read` where one has not been read to its end.
    pub fn report(&mut self) -> Result<Outcome, Error> {
        let is_read = !self.groups.is_empty()
            && self.groups.iter().all(|group| group.built.is_some())
            && self.counts.iter().all(|count| count.encoding.is_some());
        if !is_read {
            return Err(nothing_read());
        }
        self.outlooks = Outlooks::default();
        let sides = self.sides();
        self.count_up_to_activity();
        let is_return = self.is_return();
        let (reasons, events) = self.events(&sides, is_return);
        let said = self.said(&sides);
        let cases = self.cases(&sides, &events, &said);
        self.believe(&cases, &events, reasons);
        let health = self.health(&sides);
        self.attach_attributes(&sides, &health);
        self.take_renewals(&health);
        let Some(built) = self.history() else {
            return Err(nothing_read());
        };
        let (input, mut notes) = self.input_of_history(&sides, is_return);
        self.tell_health(&health, &mut notes);
        let options = &self.choices.analysis;
        let (mut report, _) = report::assemble(input, &built.ledger, options, &mut notes);
        if options.parts.has(ReportPart::Files) {
            report.files = Some(self.files_report(&sides, &cases));
        }
        Ok(Outcome::Report { report: Arc::new(report) })
    }

    /// The report under other options, from what has been read where that is possible.
    ///
    /// # Errors
    ///
    /// `invalid-option`, or as [`Files::report`].
    pub fn reanalyze(&mut self, options: &FilesOptions) -> Result<Outcome, Error> {
        let choices = Choices::of(options)?;
        let is_read = self.choices.reads_as(&choices)
            && !self.groups.is_empty()
            && self.groups.iter().all(|group| group.built.is_some());
        self.choices = choices;
        if is_read {
            return self.report();
        }
        self.start();
        Ok(Outcome::ReadAgain { why: "these options change how the files are read".to_owned() })
    }

    fn named(&self, error: Error, file: usize) -> Error {
        error.in_file(self.choices.names.get(file).map_or("", String::as_str))
    }

    fn beside_key(&self, file: usize) -> &ReadKey {
        &self.choices.files[file].as_beside
    }

    /// How a file is read, by its kind.
    fn key(&self, file: usize) -> &ReadKey {
        let choice = &self.choices.files[file];
        match self.decided.get(file) {
            Some(decided) if decided.kind.is_history() => &choice.as_history,
            _ => &choice.as_beside,
        }
    }

    fn decide(&mut self) -> Result<(), Error> {
        let tables: Vec<&Table> =
            self.looks.iter().filter_map(|look| look.table.as_ref()).collect();
        self.decided = kinds::decide(&self.choices.names, &tables, &self.choices.files)?;
        // By kind and header, and by name inside them: the order of the files leaves no trace.
        let mut order: Vec<usize> = (0..self.decided.len()).collect();
        arrange::by_key(&mut order, |&file| &self.choices.names[file]);
        let mut groups: Vec<(Shape, Vec<usize>)> = Vec::new();
        let mut counts = Vec::new();
        for file in order {
            let Kind::Shape(shape) = self.decided[file].kind else {
                counts.push(Count { file, ..Count::default() });
                continue;
            };
            let fits = |&&mut (known, ref files): &&mut (Shape, Vec<usize>)| {
                known == shape
                    && files.first().is_some_and(|&first| {
                        tables[first].columns == tables[file].columns
                            && self.decided[first].key == self.decided[file].key
                    })
            };
            match groups.iter_mut().find(fits) {
                Some((_, files)) => files.push(file),
                None => groups.push((shape, vec![file])),
            }
        }
        arrange::by_key(&mut groups, |&(shape, _)| (!shape.is_history(), shape));
        self.counts = counts;
        self.groups = groups
            .into_iter()
            .map(|(shape, files)| {
                let first = files[0];
                let mut options = self.key(first).build_options();
                options.roles.shape = Some(shape);
                options.keeps_rows = shape == Shape::Subscriptions;
                if let Some(key) = &self.decided[first].key {
                    options.roles.roles.insert(Role::Customer, key.clone());
                }
                Group::new(files, options)
            })
            .collect();
        Ok(())
    }

    /// The groups beside the history, with their customers found in it.
    fn sides(&self) -> Vec<Side> {
        let Some(history) = self.history() else {
            return Vec::new();
        };
        let built = self.groups.iter().enumerate().skip(1);
        built
            .filter_map(|(group, one)| {
                let customers = &one.built.as_ref()?.ledger.customers;
                let joins_alike = self.choices.joins_alike;
                let matching = Matching::of(customers, &history.ledger.customers, joins_alike);
                Some(Side { group, matching })
            })
            .collect()
    }

    /// Whether an event that the file calls a reactivation is the return of a customer: where
    /// nothing is said, one that has a reason for leaving is none. Nothing where there is no such
    /// event.
    fn is_return(&self) -> Option<bool> {
        let (mut n_flagged, mut n_with_reason) = (0_usize, 0_usize);
        for group in &self.groups {
            if let Some(Beside::Events(events)) = group.built.as_ref().map(|built| &built.beside) {
                for event in events.iter().filter(|event| event.is_reactivation) {
                    n_flagged += 1;
                    n_with_reason += usize::from(event.reason.is_some());
                }
            }
        }
        let assumed = n_with_reason * 2 <= n_flagged;
        (n_flagged != 0).then(|| self.choices.is_return.unwrap_or(assumed))
    }

    /// All reasons, those of the history and those of events, and the events of its customers.
    fn events(&mut self, sides: &[Side], is_return: Option<bool>) -> (Labels, Vec<JoinedEvent>) {
        let base = self.base_of_history();
        let mut names = base.reasons.names.clone();
        for side in sides {
            if let Some(built) = &self.groups[side.group].built {
                names.extend(built.ledger.reasons.names.iter().cloned());
            }
        }
        arrange::in_order(&mut names);
        names.dedup();
        let mut events = Vec::new();
        for side in sides {
            let Some(built) = &self.groups[side.group].built else { continue };
            if let Beside::Events(own) = &built.beside {
                let labels = &built.ledger.reasons;
                let reason = |label: Option<u32>| place_of(&names, labels, label);
                let is_return = is_return.unwrap_or(false);
                let joined =
                    joined_events(own, &side.matching.to_history, side.group, is_return, reason);
                events.extend(joined);
            }
        }
        events.sort_unstable();
        (Labels { names }, events)
    }

    /// What is kept of the history before anybody else is believed.
    fn base_of_history(&mut self) -> &Base {
        let built = self.groups.first().and_then(|group| group.built.as_ref());
        self.base.get_or_insert_with(|| {
            let ledger = built.map(|built| &built.ledger);
            Base {
                histories: ledger
                    .map_or(Histories::Totals(Vec::new()), |ledger| ledger.histories.clone()),
                reasons: ledger.map(|ledger| ledger.reasons.clone()).unwrap_or_default(),
                segments: ledger.map(|ledger| ledger.segments.clone()).unwrap_or_default(),
            }
        })
    }

    /// What files of customers say of the customers of the history.
    fn said(&self, sides: &[Side]) -> Vec<(u32, Said)> {
        let mut said = Vec::new();
        for side in sides {
            let Some(built) = &self.groups[side.group].built else { continue };
            let Beside::Attributes(attributes) = &built.beside else { continue };
            for (own, to) in (0..).zip(&side.matching.to_history) {
                let Some(customer) = *to else { continue };
                let place = own as usize;
                said.push((
                    customer,
                    Said {
                        group: side.group,
                        row: built.ledger.customers.first_row(own),
                        signup: attributes.signups.get(place).copied().flatten(),
                        has_left: attributes.churned.get(place).copied().flatten(),
                    },
                ));
            }
        }
        said.sort_by_key(|&(customer, said)| (customer, said.group));
        said
    }

    /// All contradictions, between the history and the other files and about customers that it does
    /// not have.
    fn cases(&mut self, sides: &[Side], events: &[JoinedEvent], said: &[(u32, Said)]) -> Vec<Case> {
        self.restore();
        let mut cases = Vec::new();
        let Some(built) = self.history() else {
            return cases;
        };
        if let Some(as_of) = analysis::as_of(&built.ledger, &self.choices.analysis) {
            let of_events = sides.iter().filter_map(|side| {
                match &self.groups[side.group].built.as_ref()?.beside {
                    Beside::Events(events) => Some(events),
                    _ => None,
                }
            });
            let first_event =
                of_events.clone().flat_map(|events| events.iter().map(|event| event.day)).min();
            cases = Joined {
                ledger: &built.ledger,
                history: 0,
                spell_rows: &built.spell_rows,
                as_of,
                events,
                has_events: of_events.count() != 0,
                first_event,
                said,
            }
            .cases();
        }
        for side in sides {
            if let Some(built) = &self.groups[side.group].built {
                cases.extend(contradictions::without_history(
                    side.group,
                    built,
                    &side.matching.to_history,
                ));
            }
        }
        cases
    }

    /// Puts the history back to what its file says.
    fn restore(&mut self) {
        self.base_of_history();
        let built = self.groups.first_mut().and_then(|group| group.built.as_mut());
        if let (Some(base), Some(built)) = (&self.base, built) {
            built.ledger.histories.clone_from(&base.histories);
            built.ledger.reasons.clone_from(&base.reasons);
            built.ledger.segments.clone_from(&base.segments);
        }
    }

    /// Lets the history be what those say who are believed, with all reasons.
    fn believe(&mut self, cases: &[Case], events: &[JoinedEvent], reasons: Labels) {
        let choices = &self.choices;
        let built = self.groups.first_mut().and_then(|group| group.built.as_mut());
        let (Some(base), Some(built)) = (&self.base, built) else { return };
        let as_of = analysis::as_of(&built.ledger, &choices.analysis);
        if let (Histories::Recurring(recurring), Some(as_of)) = (&mut built.ledger.histories, as_of)
        {
            let mut spells = rules::believed(base.spells(), cases, choices);
            for spell in &mut spells {
                spell.reason = place_of(&reasons.names, &base.reasons, spell.reason);
            }
            rules::give_reasons(&mut spells, events, as_of, Some);
            // In the order of their starts still, and of whatever else is known of each.
            recurring.spells = spells;
            built.ledger.reasons = reasons;
        }
    }

    /// Lets customers be compared by what files of customers say of them.
    fn attach_attributes(&mut self, sides: &[Side], health: &[OfHealth]) {
        let Some((history, others)) = self.groups.split_first_mut() else { return };
        let Some(built) = &mut history.built else { return };
        let n_columns = built.input().columns.len();
        let mut attached = segments::Attached::new(&built.ledger, n_columns, health.len());
        for side in sides {
            let Some(other) = others.get(side.group - 1) else { continue };
            let Some(Beside::Attributes(attributes)) =
                other.built.as_ref().map(|built| &built.beside)
            else {
                continue;
            };
            let file = other.members().first().map_or(0, |member| member.file);
            let name = self.choices.names.get(file).map_or("", String::as_str);
            for column in attributes.columns.iter().filter(|column| column.is_segment) {
                attached.add(column, name, &side.matching.to_history);
            }
        }
        attached.open_all();
        for one in health {
            attached.add(&one.column, &one.file, &one.to_history);
        }
        attached.attach(&mut built.ledger);
    }

    /// The customers behind a figure of the last report.
    ///
    /// # Errors
    ///
    /// Those of [`list_customers`], or `nothing-read` where there is no report.
    pub fn customers(&self, query: &CustomerQuery) -> Result<CustomerList, Error> {
        list_customers(self.ledger()?, &self.choices.analysis, query)
    }

    /// All customers that match a query as a table in CSV.
    ///
    /// # Errors
    ///
    /// As [`Files::customers`].
    pub fn customers_csv(&self, query: &CustomerQuery) -> Result<Vec<u8>, Error> {
        customers_csv(self.ledger()?, &self.choices.analysis, query)
    }

    /// What one customer paid when, by its id as the history has it.
    ///
    /// # Errors
    ///
    /// Those of [`customer_history`], or `nothing-read` where there is no report.
    pub fn customer(&self, id: &str) -> Result<CustomerHistory, Error> {
        customer_history(self.ledger()?, &self.choices.analysis, id)
    }

    /// How long the customers of each segment of the last report stay.
    ///
    /// # Errors
    ///
    /// `nothing-read` where there is no report.
    pub fn lifetimes(&self) -> Result<Option<LifetimesBySegment>, Error> {
        compare_lifetimes(self.ledger()?, &self.choices.analysis)
    }

    /// Purchases to come of the customers of a file of orders.
    ///
    /// # Errors
    ///
    /// Those of [`Outlooks::answer`], or `nothing-read` where there is no report.
    pub fn outlook(&mut self, query: &OutlookQuery) -> Result<Outlook, Error> {
        let built = self.groups.first().and_then(|group| group.built.as_ref());
        let ledger = built.map(|built| &built.ledger).ok_or_else(nothing_read)?;
        self.outlooks.answer(ledger, &self.choices.analysis, query)
    }

    /// The history, once it is read.
    fn history(&self) -> Option<&Built> {
        self.groups.first()?.built.as_ref()
    }

    fn ledger(&self) -> Result<&Ledger, Error> {
        self.history().map(|built| &built.ledger).ok_or_else(nothing_read)
    }
}

fn nothing_read() -> Error {
    Error::new("nothing-read", "There are no files being read. Give the files again.")
}

/// The place of a label among other names.
fn place_of(names: &[String], labels: &Labels, label: Option<u32>) -> Option<u32> {
    let name = labels.names.get(label? as usize)?;
    names.binary_search(name).ok().and_then(|place| u32::try_from(place).ok())
}
