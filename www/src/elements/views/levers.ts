/**
 * The levers of the what-if: where they stand today, how far they go, and the scenario they make.
 *
 * It projects nothing. What the file does not say about today is assumed, and named as assumed.
 */

import type { Report, Scenario } from "../../engine/core.ts";
import type { NumberKind } from "../format.ts";
import { inputOf } from "./figure-words.ts";
import { granularityOf, headlinePeriod, monthsOf } from "./period-choice.ts";

/** What can be moved. */
export type LeverId = "retention" | "revenuePerCustomer" | "grossMargin" | "newCustomers";

/** What holds for both ways on. */
export type AssumptionId = "discountRate" | "periods";

/** Everything the what-if starts from. */
export interface Today {
  readonly customers: number | null;
  readonly revenuePerCustomer: number | null;
  readonly retention: number | null;
  readonly grossMargin: number;
  readonly newCustomers: number;
  /** Months in one period. */
  readonly periodMonths: number;
}

/** A scenario that can be projected, without the rest of a report. */
export type PlainScenario = Scenario & {
  from: { customers: number; revenuePerCustomer: number; retention: number };
};

/** One lever as it is shown. */
export interface Lever {
  readonly id: LeverId;
  readonly label: string;
  readonly kind: NumberKind;
  readonly low: number;
  readonly high: number;
  readonly step: number;
}

/** Where the reader has moved the levers to; nothing where one stands as today. */
export type Moved = Readonly<Partial<Record<LeverId, number>>>;

/** The lifespan whose churn is that of all complete periods. */
const AVERAGE_CHURN = "average_churn";

/** Nothing is known yet: what the view starts from without a file. */
export const NOTHING_KNOWN: Today = {
  customers: null,
  revenuePerCustomer: null,
  retention: null,
  grossMargin: 1,
  newCustomers: 0,
  periodMonths: 1,
};

/**
 * Today by a report: the customers and revenue at its end, the average churn of its complete
 * periods where the report has it (else the retention of the last one), and new customers as in the
 * last complete period.
 */
export function todayOf(report: Report): Today {
  const chosen = headlinePeriod(report.periods);
  const last = report.periods.at(-1);
  const granularity = granularityOf(report);
  const customers = last?.customers.end ?? report.input.customers;
  const { clv, lifespan } = report.value;
  const perCustomer = Object.values(clv).find(
    (figure) => inputOf(figure, "revenue_per_period") !== null,
  );
  const churn = inputOf(lifespan[AVERAGE_CHURN], "churn");
  const rate = chosen?.period.customerRetentionRate.value ?? null;
  const revenue = last?.revenue?.end ?? null;
  const margin = Object.values(clv).find((figure) => inputOf(figure, "gross_margin") !== null);
  return {
    customers: 0 < customers ? customers : null,
    revenuePerCustomer:
      inputOf(perCustomer, "revenue_per_period") ??
      (revenue !== null && 0 < customers ? revenue / customers : null),
    retention: churn === null ? rate : 1 - churn,
    grossMargin: inputOf(margin, "gross_margin") ?? 1,
    newCustomers: granularity === null ? 0 : (chosen?.period.customers.new ?? 0),
    periodMonths: granularity === null ? 1 : monthsOf(last?.period ?? ""),
  };
}

/** Whether there is enough to project from. */
export function isKnown(today: Today): boolean {
  return today.customers !== null && today.revenuePerCustomer !== null && today.retention !== null;
}

/** The levers with ranges that hold today's value and where they have been moved to. */
export function leversOf(today: Today, moved: Moved): Lever[] {
  const { retention, revenuePerCustomer, newCustomers, customers } = today;
  const holding = (low: number, high: number, id: LeverId): { low: number; high: number } => {
    const values = [today[id], moved[id]].filter((value) => value != null);
    return { low: Math.min(low, ...values), high: Math.max(high, ...values) };
  };
  const most = niceAbove(2 * (revenuePerCustomer || 50));
  const mostNew = niceAbove(Math.max(10, 2 * newCustomers, 0.1 * (customers ?? 0)));
  const lowest = Math.max(0, Math.floor((retention ?? 0.9) * 10 - 2) / 10);
  return [
    {
      id: "retention",
      label: "Customers kept each",
      kind: "share",
      step: 0.001,
      ...holding(lowest, 1, "retention"),
    },
    {
      id: "revenuePerCustomer",
      label: "Revenue per customer and",
      kind: "money",
      step: stepFor(most),
      ...holding(0, most, "revenuePerCustomer"),
    },
    {
      id: "grossMargin",
      label: "Gross margin",
      kind: "share",
      step: 0.01,
      ...holding(0, 1, "grossMargin"),
    },
    {
      id: "newCustomers",
      label: "New customers each",
      kind: "count",
      step: Math.max(1, Math.round(mostNew / 200)),
      ...holding(0, mostNew, "newCustomers"),
    },
  ];
}

/** A number of one digit and zeros, at or above the given one. */
export function niceAbove(value: number): number {
  if (!(0 < value)) return 1;
  const size = 10 ** Math.floor(Math.log10(value));
  return Math.ceil(value / size - 1e-9) * size;
}

/** A step of which a few hundred make the whole range. */
export function stepFor(range: number): number {
  return Math.max(0.01, 10 ** Math.floor(Math.log10(range / 100)));
}

/** The scenario of the levers, or of today where none is moved; nothing where too little is known. */
export function scenarioOf(
  today: Today,
  moved: Moved,
  assumptions: Readonly<Record<AssumptionId, number>>,
): PlainScenario | null {
  const { customers, retention, revenuePerCustomer, periodMonths } = { ...today, ...moved };
  if (customers === null || retention === null || revenuePerCustomer === null) return null;
  return {
    from: { customers, revenuePerCustomer, retention },
    periodMonths,
    periods: assumptions.periods,
    discountRate: assumptions.discountRate,
    grossMargin: moved.grossMargin ?? today.grossMargin,
    newCustomers: moved.newCustomers ?? today.newCustomers,
  };
}

/** `month`, `quarter`, `year`, by its length. */
export function periodNoun(periodMonths: number): string {
  return { 1: "month", 3: "quarter", 12: "year" }[periodMonths] ?? "period";
}
