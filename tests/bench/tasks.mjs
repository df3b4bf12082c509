// What is computed from each file, and how the report of this project is read as such a result.
// Nothing here knows how an engine works; a result holds integers and texts only, money in cents.
//
// Each shape has one result, by the definitions of the published interface:
// - transactions: customers, repeat customers, purchases, cents; for each month of a first purchase
//   and each month from then on, the distinct customers who bought and their cents.
// - revenue by month: for each month the customers and cents at the start, new, come back, gone, at
//   the end, and the cents gained and lost with those who stayed.
// - subscriptions: the same by month, and how many customers were lost after how many days, out of
//   how many.

import { createHash } from "node:crypto";

/** The files, what shape each has, and what is said of it. */
export const FILES = [
  { name: "tx1m", shape: "transactions", title: "Transactions" },
  {
    name: "tx1m-shuffled",
    shape: "transactions",
    title: "Transactions, shuffled",
    isVariant: true,
  },
  { name: "tx1m-crlf", shape: "transactions", title: "Transactions, CRLF", isVariant: true },
  { name: "subs", shape: "subscriptions", title: "Subscriptions, quoted reasons" },
  { name: "mrr", shape: "mrr", title: "Revenue by month" },
  { name: "tx10m", shape: "transactions", title: "Transactions, ten times as many", isLarge: true },
];

/** The same text for the same result, whoever computed it. */
export function hashOf(result) {
  return createHash("sha256")
    .update(JSON.stringify(sorted(result)))
    .digest("hex");
}

/** Objects with their keys in order, so that the order in which they were filled in is none. */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The report of this project as a result of its shape. */
export function fromReport(report) {
  const { input } = report;
  if (input.rows.excluded !== 0 || input.questions.length !== 0) {
    const codes = [...input.notes.filter((note) => note.excludes), ...input.questions];
    throw new Error(`not read without a doubt: ${codes.map((one) => one.code).join(", ")}`);
  }
  const rows = input.rows.read;
  if (input.shape === "transactions") return { rows, ...purchasesOf(report) };
  const months = report.periods.map(monthOf);
  if (input.shape === "mrr") return { rows, months };
  const { timeline, atRisk, events } = report.survival;
  return { rows, months, lost: timeline.map((days, at) => [days, atRisk[at], events[at]]) };
}

function purchasesOf({ purchases, cohorts }) {
  return {
    customers: purchases.customers,
    repeatCustomers: purchases.repeatCustomerRate.inputs.returning,
    purchases: purchases.purchases,
    cents: cents(purchases.revenue),
    cohorts: cohorts.rows.map((row) => ({
      month: row.cohort,
      size: row.size,
      customers: row.customers.filter((one) => one !== null),
      cents: row.revenue.filter((one) => one !== null).map(cents),
    })),
  };
}

function monthOf({ period, customers, revenue }) {
  const { start, reactivated, lost, end } = customers;
  return {
    month: period,
    customers: [start, customers.new, reactivated, lost, end],
    cents: [
      revenue.start,
      revenue.new,
      revenue.reactivation,
      revenue.expansion,
      revenue.contraction,
      revenue.churned,
      revenue.end,
    ].map(cents),
  };
}

/** Major units as cents; what is no whole number of them is a fault and not rounded away. */
function cents(major) {
  const whole = Math.round(major * 100);
  if (!Number.isSafeInteger(whole) || whole / 100 !== major) {
    throw new Error(`${major} is no whole number of cents`);
  }
  return whole;
}
