//! A tiny evaluator of the catalogue's expressions: a second, independent way to each number.

use std::collections::BTreeMap;

/// Evaluates an expression such as `({end} − {new}) ÷ {start}`.
pub(super) fn evaluate(expression: &str, inputs: &BTreeMap<&str, f64>) -> f64 {
    let mut reader = Reader { rest: expression, inputs };
    let value = reader.sum();
    assert!(reader.rest.trim().is_empty(), "what is {:?} in {expression}?", reader.rest);
    value
}

struct Reader<'a> {
    rest: &'a str,
    inputs: &'a BTreeMap<&'a str, f64>,
}

impl Reader<'_> {
    fn take(&mut self, sign: char) -> bool {
        match self.rest.trim_start().strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn sum(&mut self) -> f64 {
        let mut value = self.product();
        loop {
            if self.take('+') {
                value += self.product();
            } else if self.take('−') {
                value -= self.product();
            } else {
                return value;
            }
        }
    }

    fn product(&mut self) -> f64 {
        let mut value = self.power();
        loop {
            if self.take('×') {
                value *= self.power();
            } else if self.take('÷') {
                value /= self.power();
            } else {
                return value;
            }
        }
    }

    fn power(&mut self) -> f64 {
        let base = self.atom();
        if self.take('^') { libm::pow(base, self.power()) } else { base }
    }

    fn atom(&mut self) -> f64 {
        if self.take('(') {
            let value = self.sum();
            assert!(self.take(')'), "an open parenthesis before {:?}", self.rest);
            return value;
        }
        if self.take('{') {
            let (name, rest) = self.rest.split_once('}').unwrap();
            self.rest = rest;
            return self.inputs[name];
        }
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        digits.parse().unwrap()
    }
}

#[test]
fn the_evaluator_knows_the_order_of_operations() {
    let inputs = BTreeMap::from([("a", 2.0), ("b", 3.0)]);
    for (expression, expected) in [
        ("1 + {a} × {b}", 7.0),
        ("(1 + {a}) × {b}", 9.0),
        ("12 − 4 − {b}", 5.0),
        ("12 ÷ {a} ÷ {b}", 2.0),
        ("{a} ^ ({b} ÷ 1)", 8.0),
        ("{a} × {b} ^ 2", 18.0),
    ] {
        assert!((evaluate(expression, &inputs) - expected).abs() < 1e-15, "{expression}");
    }
}
