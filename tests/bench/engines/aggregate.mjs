// The one aggregator that all parsers in JavaScript share: rows of texts in, a result out.
// It is written for speed: one look-up per row, numbers from character codes, one block of integers
// per customer. It deliberately trusts its files: it checks nothing and explains nothing.

import {
  CohortTable,
  chained,
  FIRST_YEAR,
  LAST_DAY,
  lostByDays,
  N_MONTHS,
  still,
} from "./results.mjs";

const ZERO = 48;
const POINT = 46;
/** Integers per customer: the months, and room for what a shape keeps besides. */
const STRIDE = 40;
/** Customers per block; a full block is never copied. */
const BLOCK = 8192;

/** Cents of `12.34`. */
export function centsOf(text) {
  let cents = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code !== POINT) cents = cents * 10 + (code - ZERO);
  }
  return cents;
}

/** The month of `2022-01` or `2022-01-31`, from 0. */
export function monthOf(text) {
  const year = (text.charCodeAt(2) - ZERO) * 10 + (text.charCodeAt(3) - ZERO) - (FIRST_YEAR % 100);
  return year * 12 + (text.charCodeAt(5) - ZERO) * 10 + (text.charCodeAt(6) - ZERO) - 1;
}

const firstDays = Int32Array.from({ length: N_MONTHS + 1 }, (_, month) =>
  Math.round((Date.UTC(FIRST_YEAR, month) - Date.UTC(FIRST_YEAR, 0)) / 86_400_000),
);

/** The day of `2022-01-31`, from 0. */
export function dayOf(text) {
  const inMonth = (text.charCodeAt(8) - ZERO) * 10 + (text.charCodeAt(9) - ZERO);
  return firstDays[monthOf(text)] + inMonth - 1;
}

/** A block of integers for each customer, found by its id. */
class Customers {
  constructor() {
    this.places = new Map();
    this.blocks = [];
  }

  /** Where the integers of a customer begin, in `this.block`. */
  find(id) {
    let place = this.places.get(id);
    if (place === undefined) {
      place = this.places.size;
      this.places.set(id, place);
      if (place % BLOCK === 0) this.blocks.push(new Int32Array(BLOCK * STRIDE));
    }
    this.block = this.blocks[(place / BLOCK) | 0];
    return (place % BLOCK) * STRIDE;
  }

  each(visit) {
    const n = this.places.size;
    for (let place = 0; place < n; place += 1) {
      visit(this.blocks[(place / BLOCK) | 0], (place % BLOCK) * STRIDE);
    }
  }
}

class Transactions {
  constructor() {
    this.customers = new Customers();
    this.rows = 0;
  }

  take(fields) {
    const at = this.customers.find(fields[0]);
    const block = this.customers.block;
    block[at + monthOf(fields[1])] += centsOf(fields[2]);
    block[at + N_MONTHS] += 1;
    this.rows += 1;
  }

  result() {
    const table = new CohortTable();
    let repeatCustomers = 0;
    let total = 0;
    this.customers.each((block, at) => {
      let first = -1;
      for (let month = 0; month < N_MONTHS; month += 1) {
        const cents = block[at + month];
        if (cents === 0) continue;
        if (first < 0) first = month;
        table.add(first, month, 1, cents);
        total += cents;
      }
      if (1 < block[at + N_MONTHS]) repeatCustomers += 1;
    });
    return {
      rows: this.rows,
      customers: this.customers.places.size,
      repeatCustomers,
      purchases: this.rows,
      cents: total,
      cohorts: table.rows(),
    };
  }
}

/** Adds what one customer's level at each close means to the months. */
class Moves {
  constructor() {
    this.months = Array.from({ length: N_MONTHS }, still);
  }

  add(month, then, now, isKnown) {
    if (then === now) return;
    const move = this.months[month];
    if (then === 0) {
      if (isKnown) {
        move.reactivated += 1;
        move.reactivatedCents += now;
      } else {
        move.new += 1;
        move.newCents += now;
      }
    } else if (now === 0) {
      move.lost += 1;
      move.churned += then;
    } else if (then < now) {
      move.expansion += now - then;
    } else {
      move.contraction += then - now;
    }
  }
}

class Revenue {
  constructor() {
    this.customers = new Customers();
    this.rows = 0;
  }

  take(fields) {
    const at = this.customers.find(fields[0]);
    this.customers.block[at + monthOf(fields[1])] += centsOf(fields[2]);
    this.rows += 1;
  }

  result() {
    const moves = new Moves();
    this.customers.each((block, at) => {
      let then = 0;
      let isKnown = false;
      for (let month = 0; month < N_MONTHS; month += 1) {
        const now = block[at + month];
        moves.add(month, then, now, isKnown);
        isKnown ||= 0 < now;
        then = now;
      }
    });
    return { rows: this.rows, months: chained(moves.months) };
  }
}

class Subscriptions {
  constructor() {
    this.customers = new Customers();
    this.rows = 0;
  }

  /** Months hold changes; behind them stand the first day and the last end, each plus 1. */
  take(fields) {
    const at = this.customers.find(fields[0]);
    const block = this.customers.block;
    const start = dayOf(fields[1]);
    const cents = centsOf(fields[3]);
    block[at + monthOf(fields[1])] += cents;
    const known = block[at + N_MONTHS];
    if (known === 0 || start < known - 1) block[at + N_MONTHS] = start + 1;
    if (fields[2] !== "") {
      const end = dayOf(fields[2]);
      block[at + monthOf(fields[2])] -= cents;
      if (block[at + N_MONTHS + 1] <= end) block[at + N_MONTHS + 1] = end + 1;
    }
    this.rows += 1;
  }

  result() {
    const moves = new Moves();
    const nDays = firstDays[N_MONTHS];
    const lastDay = dayOf(LAST_DAY);
    const lost = new Float64Array(nDays);
    const stayed = new Float64Array(nDays);
    this.customers.each((block, at) => {
      const firstDay = block[at + N_MONTHS] - 1;
      let then = 0;
      for (let month = 0; month < N_MONTHS; month += 1) {
        const now = then + block[at + month];
        moves.add(month, then, now, firstDay < firstDays[month]);
        then = now;
      }
      if (then === 0) lost[block[at + N_MONTHS + 1] - 1 - firstDay] += 1;
      else stayed[lastDay - firstDay] += 1;
    });
    return { rows: this.rows, months: chained(moves.months), lost: lostByDays(lost, stayed) };
  }
}

/** The aggregator of a shape. */
export function aggregator(shape) {
  return new { transactions: Transactions, mrr: Revenue, subscriptions: Subscriptions }[shape]();
}
