/**
 * The words for codes: why a figure has no value, what a shape is, what a role means.
 *
 * A code without words here is still shown, spelled out; nothing is hidden for want of a word.
 */

import type { CoreOptions } from "../engine/client.ts";
import { isolated } from "./text.ts";

/** Why a figure has no value, as the end of "not defined: …". */
const WHY: Readonly<Record<string, string>> = {
  "no-customers-at-start": "no customers at the start, so no rate",
  "no-revenue-at-start": "no revenue at the start, so no rate",
  "nothing-lost": "nothing was lost, so there is nothing to divide by",
  "no-customers": "no customers, so no average",
  "no-purchases": "no purchases, so no average",
  "no-churn": "nobody leaves at a churn of 0, so the lifespan has no end",
  "no-amounts": "the file has no amounts",
  "no-age-before": "there is no age before the first",
  "nobody-due": "nobody was due for renewal",
  "terms-not-in-file":
    "the file gives the next date of renewal only, so it does not say who was due before",
  "no-cost": "no cost to divide by",
  "no-margin": "no margin, so it is never paid back",
  "no-new-customers-needed": "no new customers are needed for this goal",
  "no-whole": "nothing to take a share of",
  "refunds-exceed-purchases": "more was refunded than bought",
  "no-durations": "no durations to go by",
  "no-observed-time": "no time was observed",
  "horizon-beyond-data": "the data end before that horizon",
  "no-complete-period": "no complete period had customers at its start",
  "too-few-periods": "there are fewer complete periods than it takes",
  "no-discount-rate": "no discount rate is given",
  "needs-cac": "no cost of acquisition is given",
  "needs-gross-margin": "no gross margin is given",
  "curve-ends": "the curve does not say what comes after its end",
  "mean-not-settled": "the average does not settle",
  "retained-negative": "more was lost than there was",
  "retained-over-start": "more was kept than there was",
  "mean-infinite": "the average has no end under this model",
  "median-not-reached": "more than half of the customers are still there",
  "not-in-file": "the file does not say",
  "no-fit": "too few customers were lost, or there is no file, so there is no fitted curve",
  "fit-in-other-periods": "the fitted curve counts in other periods",
  "observed-curve": "an observed curve has no fitted parameters",
  "no-new-customers": "nobody is won, so nothing grows",
  "not-within-the-projection": "it has not paid for itself by the end of the projection",
  "beyond-the-projection": "the projection ends before that",
  "no-source-of-uncertainty": "it is not known how uncertain today's churn is",
  "retention-without-n": "it is not said how many customers the retention was counted from",
  "churn-without-n": "it is not known how many customers the churn was counted from",
  "fit-without-covariance": "the fit does not say how sure its parameters are",
  "result-too-large": "the result is too large for any number",
  "lost-over-start": "more is counted as lost than there was at the start",
  "needs-days":
    "the file shows customers at the ends of months, and this counts what happens in between",
  "no-cancellations": "customers who buy never say that they leave",
  "needs-recurring-revenue": "it takes revenue that runs on from month to month",
  "needs-customers": "it takes customers one by one, and the file has totals",
  "needs-dates": "the file has no dates",
  "less-than-a-year": "the data do not reach back twelve months",
  "no-contract": "the ranges are for customers with a contract, and these buy",
  "other-period-length": "the periods of this report are of another length",
  "no-losses": "nobody of them was lost, so the risk is lower than can be said",
  "no-losses-in-reference": "nobody of those they are compared with was lost",
  "ratio-without-end": "they and the others were never at risk at the same age",
  "one-segment": "there is one segment only",
  "value-depends-on-frequency":
    "who buys more often spends another amount each time, so the two cannot be multiplied",
  "too-few-customers": "too few customers bought more than once",
};

/** What is left out, by the code of the reason, as the end of "17 rows left out: 12 …". */
const LEFT_OUT: Readonly<Record<string, readonly [one: string, many: string]>> = {
  trial: ["trial", "trials"],
  "free-plan": ["on a free plan", "on free plans"],
  "not-paid": ["not paid", "not paid"],
  refunded: ["refunded", "refunded"],
  "one-time": ["one-time charge", "one-time charges"],
  "never-began": ["that never began", "that never began"],
  "other-currency": ["in another currency", "in other currencies"],
  "unknown-currency": ["in an unknown currency", "in unknown currencies"],
  "duplicate-row": ["copy", "copies"],
  "duplicate-account": [
    "of an account that is there already",
    "of accounts that are there already",
  ],
  "total-row": ["row of totals", "rows of totals"],
  "missing-customer": ["without a customer", "without a customer"],
  "missing-value": ["with a missing value", "with a missing value"],
  "missing-date": ["without a date", "without a date"],
  "negative-mrr": ["with a negative amount", "with a negative amount"],
  "not-a-number": ["with an amount that is no number", "with amounts that are no numbers"],
  "invalid-date": ["with an impossible date", "with impossible dates"],
  "end-before-start": ["that ends before it starts", "that end before they start"],
  "ended-without-date": ["that ended without a date", "that ended without a date"],
  "too-many-fields": ["with too many cells", "with too many cells"],
  "too-few-fields": ["with too few cells", "with too few cells"],
  "unclosed-quote": ["with an open quote", "with an open quote"],
  "nul-byte": ["with broken text", "with broken text"],
  "invalid-text": ["with broken text", "with broken text"],
  "percent-in-amount": ["with a percentage for an amount", "with percentages for amounts"],
  "out-of-range": ["with an amount out of range", "with amounts out of range"],
  "ambiguous-number": ["with an ambiguous amount", "with ambiguous amounts"],
  "ambiguous-date": ["with an ambiguous date", "with ambiguous dates"],
  "date-out-of-range": ["with a date out of range", "with dates out of range"],
  "unknown-interval": ["with an unknown billing interval", "with unknown billing intervals"],
  "field-too-long": ["with a cell of more than a mebibyte", "with cells of more than a mebibyte"],
  "not-in-history": ["of a customer not in the history", "of customers not in the history"],
  "file-not-used": ["of a file that is not used", "of a file that is not used"],
  "row-in-two-files": ["that is in another file, too", "that are in another file, too"],
  "order-line": ["further item of an order counted above", "further items of orders counted above"],
  "not-a-flag": ["that says neither yes nor no", "that say neither yes nor no"],
  "negative-tenure": ["with a negative tenure", "with a negative tenure"],
  "negative-total": ["with a negative total", "with negative totals"],
  "retained-negative": ["that contradicts itself", "that contradict themselves"],
  "retained-over-start": ["that contradicts itself", "that contradict themselves"],
  "lost-over-start": ["that contradicts itself", "that contradict themselves"],
  "lost-revenue-over-start": ["that contradicts itself", "that contradict themselves"],
};

/** `trials`; a code without words is quoted. */
export function leftOutWords(code: string, count: number): string {
  const own = LEFT_OUT[code];
  return own === undefined ? `by “${spelled(code)}”` : own[count === 1 ? 0 : 1];
}

/** `no customers at the start, so no rate` */
export function whyWords(code: string | undefined): string {
  return code === undefined ? "not known" : (WHY[code] ?? spelled(code));
}

/** `no customers at the start`: the same behind words that say already that there is no rate. */
export function whyNoRate(code: string | undefined): string {
  return whyWords(code).replace(/, so no rate$/, "");
}

/** A kebab-case code as words: `no-customers-at-start` becomes `no customers at start`. */
export function spelled(code: string): string {
  return code.replaceAll(/[-_]/g, " ");
}

/** The words with a capital letter at the beginning. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A shape of file. */
export interface ShapeWords {
  /** How it is named in a list. */
  name: string;
  /** What one row is. */
  row: string;
  /** What it is, for who chooses. */
  hint: string;
}

/** The shapes in the order in which they are offered. */
export const SHAPES: Readonly<Record<string, ShapeWords>> = {
  subscriptions: {
    name: "Subscriptions",
    row: "subscription",
    hint: "one row per subscription, with a start and an end",
  },
  mrr: {
    name: "Monthly revenue",
    row: "monthly revenue",
    hint: "one row per customer and month, or a column per month",
  },
  transactions: {
    name: "Transactions",
    row: "transaction",
    hint: "one row per order or payment",
  },
  periods: {
    name: "Period totals",
    row: "period",
    hint: "one row per month with counts or revenue",
  },
  accounts: {
    name: "Accounts",
    row: "account",
    hint: "one row per account with its tenure and whether it left",
  },
};

/** What a file can be among others, in the order in which it is offered. */
export const KINDS: Readonly<Record<string, ShapeWords>> = {
  ...Object.fromEntries(Object.entries(SHAPES).filter(([id]) => id !== "periods")),
  customers: {
    name: "Customers",
    row: "customer",
    hint: "one row per customer, with what is known of it",
  },
  events: {
    name: "Churn events",
    row: "churn event",
    hint: "one row per leaving, with its day",
  },
  unused: { name: "Not used", row: "unused", hint: "only its rows are counted" },
};

/** What several files can say differently. */
export interface ContradictionWords {
  title: string;
  /** What the history says, as the head of a column. */
  one: string;
  /** What the other file says. */
  other: string;
  /** What follows where each is believed. */
  choices?: Readonly<Record<string, string>>;
}

const CONTRADICTIONS: Readonly<Record<string, ContradictionWords>> = {
  "churned-flag-but-open": {
    title: "Marked as gone, but a subscription is open",
    one: "Open subscription",
    other: "Marked as gone",
    choices: {
      subscriptions: "Subscriptions: they are still customers",
      flag: "The mark: they left on the last day",
    },
  },
  "active-flag-but-ended": {
    title: "Marked as a customer, but every subscription has ended",
    one: "Ended",
    other: "Marked as a customer",
    choices: {
      subscriptions: "Subscriptions: they left",
      flag: "The mark: the last subscription goes on",
    },
  },
  "open-after-event": {
    title: "Left by a churn event, but a subscription is open",
    one: "Open subscription",
    other: "Left",
    choices: {
      subscriptions: "Subscriptions: they are still customers",
      events: "Events: they left on that day",
    },
  },
  "ends-after-event": {
    title: "The subscription ended long after the churn event",
    one: "Ended",
    other: "Left",
    choices: {
      subscriptions: "Subscriptions: the later day counts",
      events: "Events: the earlier day counts",
    },
  },
  "ended-without-event": {
    title: "The subscription ended, and no churn event says so",
    one: "Ended",
    other: "Event",
    choices: {
      subscriptions: "Subscriptions: they left",
      events: "Events: they never left",
    },
  },
  "event-after-end": {
    title: "The churn event came long after the subscription had ended",
    one: "Ended",
    other: "Left",
    choices: {
      subscriptions: "Subscriptions: the earlier day counts",
      events: "Events: the later day counts",
    },
  },
  "event-before-start": {
    title: "The churn event lies before the first subscription",
    one: "First start",
    other: "Left",
  },
  "paid-after-event": {
    title: "Bought after the churn event",
    one: "Bought again",
    other: "Left",
  },
  "active-flag-after-event": {
    title: "Marked as a customer, but left by a churn event",
    one: "Left",
    other: "Marked as a customer",
  },
  "churned-flag-without-event": {
    title: "Marked as gone, but there is no churn event",
    one: "Event",
    other: "Marked as gone",
  },
  "signup-after-start": {
    title: "Signed up after the first subscription began",
    one: "First start",
    other: "Signed up",
  },
  "active-flag-without-history": {
    title: "Marked as a customer, but never had a subscription",
    one: "Subscription",
    other: "Marked as a customer",
  },
  "event-without-history": {
    title: "A churn event of someone who never had a subscription",
    one: "Subscription",
    other: "Left",
  },
  "event-after-as-of": {
    title: "A churn event after the last day of the figures",
    one: "Subscription",
    other: "Left",
  },
};

/** The words for a contradiction between files. */
export function contradictionWords(code: string): ContradictionWords {
  return (
    CONTRADICTIONS[code] ?? { title: capitalised(spelled(code)), one: "One", other: "The other" }
  );
}

/** The shape that a word stands for, as the option takes it. */
export function asShape(word: string): CoreOptions["shape"] {
  return word in SHAPES ? (word as CoreOptions["shape"]) : undefined;
}

/** A role that a column can have. */
export interface RoleWords {
  id: string;
  name: string;
}

const ROLE_NAMES: Readonly<Record<string, string>> = {
  customer: "Customer",
  start: "Start date",
  end: "End date",
  amount: "Amount",
  interval: "Billing interval",
  interval_count: "Intervals per bill",
  quantity: "Quantity",
  unit_price: "Unit price",
  currency: "Currency",
  status: "Status",
  trial: "Trial",
  plan: "Plan",
  segment: "Segment",
  reason: "Reason for leaving",
  renewal: "Renewal date",
  month: "Month",
  date: "Date",
  order: "Order",
  period: "Period",
  start_customers: "Customers at the start",
  new_customers: "New customers",
  end_customers: "Customers at the end",
  lost_customers: "Lost customers",
  start_revenue: "Revenue at the start",
  new_revenue: "New revenue",
  expansion: "Expansion",
  contraction: "Contraction",
  churned_revenue: "Churned revenue",
  end_revenue: "Revenue at the end",
  refund: "Refund",
  tenure: "Tenure",
  churned: "Has left",
  signup: "Signup date",
  reactivation: "Came back",
};

/** The roles of each shape, in the order of the published interface. */
const ROLES: Readonly<Record<string, readonly string[]>> = {
  subscriptions: [
    "customer",
    "start",
    "end",
    "amount",
    "interval",
    "interval_count",
    "quantity",
    "currency",
    "status",
    "trial",
    "plan",
    "segment",
    "reason",
    "renewal",
  ],
  mrr: ["customer", "month", "amount", "currency", "segment"],
  transactions: [
    "customer",
    "date",
    "amount",
    "quantity",
    "unit_price",
    "order",
    "refund",
    "currency",
    "status",
    "segment",
  ],
  periods: [
    "period",
    "start_customers",
    "new_customers",
    "end_customers",
    "lost_customers",
    "start_revenue",
    "new_revenue",
    "expansion",
    "contraction",
    "churned_revenue",
    "end_revenue",
  ],
  accounts: ["customer", "tenure", "churned", "amount", "segment", "reason", "renewal"],
  customers: ["customer", "signup", "churned"],
  events: ["customer", "date", "reason", "reactivation"],
};

/** The roles of a shape with their names. */
export function rolesOf(shape: string): RoleWords[] {
  return (ROLES[shape] ?? []).map((id) => ({ id, name: roleName(id) }));
}

/** The name of a role. */
export function roleName(id: string): string {
  return ROLE_NAMES[id] ?? capitalised(spelled(id));
}

/** How a delimiter is named. */
export function delimiterName(delimiter: string): string {
  const names: Readonly<Record<string, string>> = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "vertical bar",
    whitespace: "white space",
  };
  return names[delimiter] ?? isolated(delimiter);
}

/** How an order of the parts of a date is named. */
export function dateOrderName(order: string): string {
  const names: Readonly<Record<string, string>> = {
    ymd: "year, month, day",
    dmy: "day, month, year",
    mdy: "month, day, year",
  };
  return names[order] ?? order;
}

/** How a decimal sign is named. */
export function decimalName(decimal: string): string {
  return decimal === "," ? "comma" : "point";
}

/** What an answer to a question means, where the answer itself is a code. */
export function answerName(answerTo: string, option: string): string {
  switch (answerTo) {
    case "dateOrder":
      return { ymd: "Year first", dmy: "Day first", mdy: "Month first" }[option] ?? option;
    case "decimal":
      return option === "," ? "Comma is the decimal sign" : "Point is the decimal sign";
    case "duplicates":
      return option === "drop" ? "Count them once" : "Keep them all";
    case "matchIds":
      return option === "alike" ? "Yes, join them" : "No, they are different";
    case "reactivations":
      return option === "return" ? "Came back" : "Left again";
    case "amountUnit":
      return option === "minor" ? "Cents" : "Whole currency";
    case "hasHeader":
      return option === "true" ? "The first row names the columns" : "The first row is data";
    case "shape":
      return SHAPES[option]?.name ?? capitalised(spelled(option));
    case "encoding":
    case "currency":
      return option.toUpperCase();
    default:
      // The answer is a name out of the file.
      return answerTo === "roles" ? isolated(option) : capitalised(option);
  }
}

/** How a severity is named in a table. */
export function severityName(severity: string): string {
  const names: Readonly<Record<string, string>> = {
    error: "Left out or unusable",
    warning: "Needs a look",
    info: "Understood as",
  };
  return names[severity] ?? capitalised(severity);
}
