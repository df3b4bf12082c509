// From counts to results: the parts of a result that every engine but ours has to put together.
// It deliberately reads no text and keeps no customer: those are the work that is measured.

/** 2022-01 to 2024-12; engines are told, this project finds out. */
export const FIRST_YEAR = 2022;
export const N_MONTHS = 36;
export const LAST_DAY = "2024-12-31";

/** `2022-01` for 0. */
export function monthName(month) {
  const year = FIRST_YEAR + Math.floor(month / 12);
  return `${year}-${String((month % 12) + 1).padStart(2, "0")}`;
}

/** Cohorts from the customers and cents of each first month and each month. */
export class CohortTable {
  constructor() {
    this.customers = new Float64Array(N_MONTHS * N_MONTHS);
    this.cents = new Float64Array(N_MONTHS * N_MONTHS);
  }

  add(first, month, customers, cents) {
    const at = first * N_MONTHS + month;
    this.customers[at] += customers;
    this.cents[at] += cents;
  }

  rows() {
    const rows = [];
    for (let first = 0; first < N_MONTHS; first += 1) {
      const from = first * N_MONTHS + first;
      const until = (first + 1) * N_MONTHS;
      const size = this.customers[from];
      if (size === 0) continue;
      rows.push({
        month: monthName(first),
        size,
        customers: [...this.customers.subarray(from, until)],
        cents: [...this.cents.subarray(from, until)],
      });
    }
    return rows;
  }
}

/** Months from what moved in each: customers new, come back, lost; cents with and without them. */
export function chained(moves) {
  let customers = 0;
  let cents = 0;
  return moves.map((move, month) => {
    const start = [customers, cents];
    customers += move.new - move.lost + move.reactivated;
    cents += move.newCents + move.reactivatedCents + move.expansion;
    cents -= move.contraction + move.churned;
    return {
      month: monthName(month),
      customers: [start[0], move.new, move.reactivated, move.lost, customers],
      cents: [
        start[1],
        move.newCents,
        move.reactivatedCents,
        move.expansion,
        move.contraction,
        move.churned,
        cents,
      ],
    };
  });
}

/** A month in which nothing moves, for {@link chained}. */
export function still() {
  return {
    new: 0,
    reactivated: 0,
    lost: 0,
    newCents: 0,
    reactivatedCents: 0,
    expansion: 0,
    contraction: 0,
    churned: 0,
  };
}

/** For each number of days after which someone was lost: out of how many, and how many. */
export function lostByDays(lost, stayed) {
  const table = [];
  let atRisk = 0;
  const nDays = Math.max(lost.length, stayed.length);
  for (let days = nDays - 1; 0 <= days; days -= 1) {
    const nLost = lost[days] ?? 0;
    atRisk += nLost + (stayed[days] ?? 0);
    if (0 < nLost) table.push([days, atRisk, nLost]);
  }
  return table.reverse();
}
