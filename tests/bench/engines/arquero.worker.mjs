// Arquero reading the text and computing with its own verbs.

import { fromCSV, op, rolling } from "arquero";
import { centsOf, dayOf, monthOf } from "./aggregate.mjs";
import { CohortTable, chained, LAST_DAY, lostByDays, N_MONTHS, still } from "./results.mjs";
import { serve } from "./serve.mjs";

const shapes = { transactions, mrr, subscriptions };

serve(async (shape, file) => shapes[shape](await file.text()));

function transactions(text) {
  const table = fromCSV(text, { autoType: false, parse: { date: monthOf, amount: centsOf } });
  const byMonth = table
    .groupby("customer_id", "date")
    .rollup({ cents: (d) => op.sum(d.amount), n: () => op.count() })
    .groupby("customer_id")
    .derive({ first: (d) => op.min(d.date) });
  const totals = byMonth.rollup({ n: (d) => op.sum(d.n), cents: (d) => op.sum(d.cents) });
  const cohorts = new CohortTable();
  byMonth
    .ungroup()
    .groupby("first", "date")
    .rollup({ n: () => op.count(), cents: (d) => op.sum(d.cents) })
    .objects({ limit: Number.POSITIVE_INFINITY })
    .forEach((row) => {
      cohorts.add(row.first, row.date, row.n, row.cents);
    });
  const [all] = totals
    .ungroup()
    .derive({ isRepeat: (d) => (1 < d.n ? 1 : 0) })
    .rollup({
      customers: () => op.count(),
      repeatCustomers: (d) => op.sum(d.isRepeat),
      cents: (d) => op.sum(d.cents),
    })
    .objects();
  const rows = table.numRows();
  return { rows, purchases: rows, ...all, cohorts: cohorts.rows() };
}

function mrr(text) {
  const table = fromCSV(text, { autoType: false, parse: { month: monthOf, mrr: centsOf } });
  const steps = table
    .groupby("customer_id")
    .orderby("month")
    .derive({
      before: (d) => op.lag(d.month, 1, -9),
      past: (d) => op.lag(d.mrr, 1, 0),
      next: (d) => op.lead(d.month, 1, -9),
    })
    .ungroup();
  const months = Array.from({ length: N_MONTHS }, still);
  steps
    .derive({
      isNew: (d) => (d.before === -9 ? 1 : 0),
      isBack: (d) => (d.before !== -9 && d.before + 1 < d.month ? 1 : 0),
      change: (d) => (d.before + 1 === d.month ? d.mrr - d.past : 0),
      isLast: (d) => (d.next === d.month + 1 ? 0 : 1),
    })
    .groupby("month")
    .rollup({
      isNew: (d) => op.sum(d.isNew),
      newCents: (d) => op.sum(d.isNew * d.mrr),
      isBack: (d) => op.sum(d.isBack),
      backCents: (d) => op.sum(d.isBack * d.mrr),
      expansion: (d) => op.sum(d.change > 0 ? d.change : 0),
      contraction: (d) => op.sum(d.change < 0 ? -d.change : 0),
      isLast: (d) => op.sum(d.isLast),
      lastCents: (d) => op.sum(d.isLast * d.mrr),
    })
    .objects({ limit: Number.POSITIVE_INFINITY })
    .forEach((row) => {
      const move = months[row.month];
      move.new = row.isNew;
      move.newCents = row.newCents;
      move.reactivated = row.isBack;
      move.reactivatedCents = row.backCents;
      move.expansion = row.expansion;
      move.contraction = row.contraction;
      const next = months[row.month + 1];
      if (next === undefined) return;
      next.lost = row.isLast;
      next.churned = row.lastCents;
    });
  return { rows: table.numRows(), months: chained(months) };
}

function subscriptions(text) {
  // A date as one number: its day, and its month in the thousands above.
  const dated = (cell) => (cell === "" ? null : dayOf(cell) + 10_000 * monthOf(cell));
  const table = fromCSV(text, {
    autoType: false,
    parse: { start_date: dated, end_date: dated, mrr: centsOf },
  });
  const starts = table
    .derive({ month: (d) => op.floor(d.start_date / 10_000), change: (d) => d.mrr })
    .select("customer_id", "month", "change");
  const ends = table
    .filter((d) => d.end_date !== null)
    .derive({ month: (d) => op.floor(d.end_date / 10_000), change: (d) => -d.mrr })
    .select("customer_id", "month", "change");
  const months = Array.from({ length: N_MONTHS }, still);
  starts
    .concat(ends)
    .groupby("customer_id", "month")
    .rollup({ change: (d) => op.sum(d.change) })
    .groupby("customer_id")
    .orderby("month")
    .derive({ place: () => op.row_number(), now: rolling((d) => op.sum(d.change)) })
    .ungroup()
    .derive({ past: (d) => d.now - d.change })
    .derive({
      isNew: (d) => (d.past === 0 && d.now > 0 && d.place === 1 ? 1 : 0),
      isBack: (d) => (d.past === 0 && d.now > 0 && d.place > 1 ? 1 : 0),
      isLost: (d) => (d.past > 0 && d.now === 0 ? 1 : 0),
      moved: (d) => (d.past > 0 && d.now > 0 ? d.change : 0),
    })
    .groupby("month")
    .rollup({
      isNew: (d) => op.sum(d.isNew),
      newCents: (d) => op.sum(d.isNew * d.now),
      isBack: (d) => op.sum(d.isBack),
      backCents: (d) => op.sum(d.isBack * d.now),
      isLost: (d) => op.sum(d.isLost),
      lostCents: (d) => op.sum(d.isLost * d.past),
      expansion: (d) => op.sum(d.moved > 0 ? d.moved : 0),
      contraction: (d) => op.sum(d.moved < 0 ? -d.moved : 0),
    })
    .objects({ limit: Number.POSITIVE_INFINITY })
    .forEach((row) => {
      const move = months[row.month];
      move.new = row.isNew;
      move.newCents = row.newCents;
      move.reactivated = row.isBack;
      move.reactivatedCents = row.backCents;
      move.lost = row.isLost;
      move.churned = row.lostCents;
      move.expansion = row.expansion;
      move.contraction = row.contraction;
    });
  const lost = [];
  const stayed = [];
  table
    .derive({
      start: (d) => d.start_date % 10_000,
      end: (d) => (d.end_date === null ? null : d.end_date % 10_000),
    })
    .groupby("customer_id")
    .rollup({
      first: (d) => op.min(d.start),
      last: (d) => op.max(d.end),
      n: () => op.count(),
      nEnds: (d) => op.valid(d.end),
    })
    .params({ lastDay: dayOf(LAST_DAY) })
    .derive({
      isLost: (d) => (d.n === d.nEnds ? 1 : 0),
      days: (d, $) => (d.n === d.nEnds ? d.last - d.first : $.lastDay - d.first),
    })
    .groupby("isLost", "days")
    .rollup({ n: () => op.count() })
    .objects({ limit: Number.POSITIVE_INFINITY })
    .forEach((row) => {
      (row.isLost === 1 ? lost : stayed)[row.days] = row.n;
    });
  return { rows: table.numRows(), months: chained(months), lost: lostByDays(lost, stayed) };
}
