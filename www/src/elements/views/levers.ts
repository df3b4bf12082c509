/**
 * The levers of the what-if: where they stand today, how far they go, and the scenario they make.
 *
 * It projects nothing and knows no number of today by itself: those come back from the core with the
 * projection. What the file does not say is assumed, and named as assumed.
 */

import type { Projection, Report, Scenario } from "../../engine/core.ts";
import type { NumberKind } from "../format.ts";
import { inputOf } from "./figure-inputs.ts";
import { granularityOf, monthsOf } from "./period-choice.ts";

/** What can be moved. */
export type LeverId = "retention" | "revenuePerCustomer" | "grossMargin" | "newCustomers";

/** What holds for both ways on. */
export type AssumptionId = "discountRate" | "periods";

/** What a reader can type about today where there is no file, or where the file does not say. */
export type TypedId = "customers" | "revenuePerCustomer" | "retention";

/** What was typed; nothing for an empty field. */
export type Typed = Readonly<Partial<Record<TypedId, number | null>>>;

/** Where the levers stand today; nothing where that is not known. */
export type Today = Readonly<Record<LeverId | "customers", number | null>>;

/** Where the reader has moved the levers to; nothing where one stands as today. */
export type Moved = Readonly<Partial<Record<LeverId, number>>>;

/** What a scenario starts from. */
export interface Base {
  readonly from: Scenario["from"];
  /** Months in one period. */
  readonly periodMonths: number;
  readonly grossMargin: number;
  /** Revenue per customer where the start itself knows none. */
  readonly price: number | null;
}

/** One lever as it is shown. */
export interface Lever {
  readonly id: LeverId;
  readonly label: string;
  readonly kind: NumberKind;
  readonly low: number;
  readonly high: number;
  readonly step: number;
}

/** Nothing is known yet. */
export const NOTHING_KNOWN: Today = {
  customers: null,
  retention: null,
  revenuePerCustomer: null,
  grossMargin: 1,
  newCustomers: 0,
};

/** The gross margin that the analysis was given; nothing without one. */
export function marginOf(report: Report | null): number | null {
  for (const figure of Object.values(report?.value.clv ?? {})) {
    const margin = inputOf(figure, "gross_margin");
    if (margin !== null) return margin;
  }
  return null;
}

/** Months in one period of a report; accounts and typed totals are counted in months. */
export function periodMonthsOf(report: Report | null): number {
  return report && granularityOf(report) !== null ? monthsOf(report.periods[0]?.period ?? "") : 1;
}

/** Whether a report has amounts. */
export function hasRevenue(report: Report): boolean {
  return report.periods.some(({ revenue }) => revenue?.end != null);
}

/**
 * What the scenarios start from: the report, or typed totals where there is none or it cannot be
 * projected from; nothing while too little is typed.
 */
export function baseOf(report: Report | null, typed: Typed): Base | null {
  const common = {
    periodMonths: periodMonthsOf(report),
    grossMargin: marginOf(report) ?? 1,
  };
  if (report) {
    // A price of nothing lets customers be projected where there is no revenue to speak of.
    const price = hasRevenue(report) ? null : (typed.revenuePerCustomer ?? 0);
    return { ...common, from: startingPart(report), price };
  }
  const { customers, revenuePerCustomer, retention } = typed;
  if (customers == null || revenuePerCustomer == null || retention == null) return null;
  return { ...common, from: { customers, revenuePerCustomer, retention }, price: null };
}

/** The part of a report that a projection starts from: the rest need not be copied for each. */
function startingPart({ input, periods, value }: Report): Report {
  const start = {
    input: { shape: input.shape },
    periods: periods.map(({ period, partial, customers, revenue }) => ({
      period,
      partial,
      customers,
      revenue,
    })),
    value: { lifespan: value.lifespan },
  };
  return start as unknown as Report;
}

/** The scenario of a base with the levers where they were moved to. */
export function scenarioOf(
  base: Base,
  moved: Moved,
  assumptions: Readonly<Record<AssumptionId, number>>,
): Scenario {
  const price = moved.revenuePerCustomer ?? base.price;
  return {
    from: base.from,
    periodMonths: base.periodMonths,
    periods: assumptions.periods,
    discountRate: assumptions.discountRate,
    grossMargin: moved.grossMargin ?? base.grossMargin,
    ...(price === null ? {} : { price }),
    ...(moved.retention === undefined ? {} : { retention: moved.retention }),
    ...(moved.newCustomers === undefined ? {} : { newCustomers: moved.newCustomers }),
  };
}

/** Where the levers stand today, as the core has it; revenue only where some is known. */
export function todayOf({ start }: Projection, base: Base, isPriced: boolean): Today {
  return {
    customers: start.customers,
    retention: start.retention,
    revenuePerCustomer: isPriced ? start.revenuePerCustomer : null,
    grossMargin: base.grossMargin,
    newCustomers: start.newCustomers,
  };
}

/** The levers with ranges that hold today's value and where they have been moved to. */
export function leversOf(today: Today, moved: Moved): Lever[] {
  const { retention, revenuePerCustomer, newCustomers, customers } = today;
  const holding = (low: number, high: number, id: LeverId): { low: number; high: number } => {
    const values = [today[id], moved[id]].filter((value) => value != null);
    return { low: Math.min(low, ...values), high: Math.max(high, ...values) };
  };
  const most = niceAbove(2 * (revenuePerCustomer || 50));
  const mostNew = niceAbove(Math.max(10, 2 * (newCustomers ?? 0), 0.1 * (customers ?? 0)));
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
      kind: "periods",
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

/** `month`, `quarter`, `year`, by its length. */
export function periodNoun(periodMonths: number): string {
  return { 1: "month", 3: "quarter", 12: "year" }[periodMonths] ?? "period";
}
