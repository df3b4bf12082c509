//! What every definition says of itself: name, source and arithmetic as plain data.
//!
//! It counts nothing.

use std::borrow::Cow;

use super::Definition;
use super::differing::Differing;
use crate::formula::{FormulaInfo, Unit, catalogue};
use crate::number::{Figure, FormulaId, Minor, to_major};

/// How much of what customers do a file shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// Customers by the day.
    Days,
    /// Customers at the ends of months.
    Months,
    /// Orders: customers who buy, and who never say that they leave.
    Orders,
    /// Totals of periods, without customers.
    Totals,
    /// Accounts without dates.
    Accounts,
}

/// A definition, whatever the file.
#[derive(Debug)]
pub(super) struct Variant {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) source: &'static str,
    pub(super) expression: &'static str,
    pub(super) result: Unit,
    pub(super) inputs: &'static [Input],
}

/// An input of a definition, whatever the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Input(pub(super) &'static str, pub(super) &'static str, pub(super) Unit);

/// How a figure is worked out, as plain data.
#[derive(Clone, Debug, PartialEq)]
pub struct Arithmetic {
    /// Inputs in braces and `+`, `−`, `×`, `÷`, `min(…, …)` and parentheses.
    pub expression: Cow<'static, str>,
    /// What the result is measured in.
    pub result: Unit,
    /// The inputs by the names that they have in the figure, in order.
    pub inputs: Vec<Term>,
}

/// One input of a definition.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// Its name in the expression and in the figure.
    pub name: Cow<'static, str>,
    /// What it is, in words.
    pub label: Cow<'static, str>,
    /// What it is measured in.
    pub unit: Unit,
}

impl Arithmetic {
    fn of(expression: &'static str, result: Unit, inputs: impl Iterator<Item = Input>) -> Self {
        let term = |Input(name, label, unit)| Term {
            name: Cow::Borrowed(name),
            label: Cow::Borrowed(label),
            unit,
        };
        Self { expression: Cow::Borrowed(expression), result, inputs: inputs.map(term).collect() }
    }

    /// That of a published formula.
    pub(super) fn of_formula(id: FormulaId) -> Option<Self> {
        let info: &FormulaInfo = catalogue().iter().find(|info| info.id == id)?;
        let inputs = info.inputs.iter().map(|one| Input(one.name, one.label, one.unit));
        Some(Self::of(info.expression, info.result, inputs))
    }
}

impl Variant {
    /// The definition with its figure, before it is held against the default.
    pub(super) fn with(&self, metric: FormulaId, period: &str, figure: Figure) -> Definition {
        Definition {
            metric,
            name: self.name,
            title: self.title,
            source: self.source,
            is_default: false,
            period: period.to_owned(),
            arithmetic: Arithmetic::of(self.expression, self.result, self.inputs.iter().copied()),
            figure,
            difference: None,
            difference_money: None,
            differs: Vec::new(),
            n_differs: 0,
        }
    }

    /// The definition without a figure, and why.
    pub(super) fn without(&self, metric: FormulaId, period: &str, why: &'static str) -> Definition {
        self.with(metric, period, Figure::undefined(metric, why, &[]))
    }
}

impl Definition {
    /// The one that the report uses, with the report's own figure.
    pub(super) fn made_default(mut self, figure: &Figure) -> Self {
        self.is_default = true;
        self.figure = figure.clone();
        self
    }

    /// Held against the default: what differs, if both have a number.
    pub(super) fn against(mut self, default: &Figure) -> Self {
        self.difference = self.figure.value.zip(default.value).map(|(own, other)| own - other);
        self
    }

    /// With the customers who make it differ, where both it and the default have a number.
    pub(super) fn differing_by(self, differing: Differing, decimals: u8) -> Self {
        let minor = differing.minor();
        self.differing_in_money(differing, to_major(minor, decimals))
    }

    /// The same, where the money is not the sum of theirs.
    pub(super) fn differing_in_money(mut self, differing: Differing, money: f64) -> Self {
        if self.difference.is_some() {
            self.difference_money = Some(money);
            self.n_differs = differing.n_customers();
            self.differs = differing.named();
        }
        self
    }
}

/// Money of minor units as it stands in a figure.
pub(super) fn money(name: &'static str, minor: Minor, decimals: u8) -> (&'static str, f64) {
    (name, to_major(minor, decimals))
}
