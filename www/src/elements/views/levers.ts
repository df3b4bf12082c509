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
export type LeverId =
  | "retention"
  | "revenuePerCustomer"
  | "grossMargin"
  | "newCustomers"
  | "firstPeriodChurn"
  | "tailChurn"
  | "expansion"
  | "contraction"
  | "cac";

/** What holds for both ways on. */
export type AssumptionId = "discountRate" | "periods" | "growthGoal";

/** What a reader can type about today where there is no file, or where the file does not say. */
export type TypedId = "customers" | "revenuePerCustomer" | "retention" | "n";

/** What was typed; nothing for an empty field. */
export type Typed = Readonly<Partial<Record<TypedId, number | null>>>;

/** Where the levers stand today; nothing where that is not known. */
export type Today = Readonly<Record<LeverId | "customers", number | null>>;

/** Where the reader has moved the levers to; nothing where one stands as today. */
export type Moved = Readonly<Partial<Record<LeverId, number>>>;

/** A retention programme. */
export type Programme = NonNullable<Scenario["programme"]>;

/** How the customers of a file leave: the same share in every period, or as a fitted model has it. */
export type Curve = NonNullable<Scenario["curve"]>;

/** Which of its curves and segments a scenario takes from the file. */
export interface Choice {
  readonly curve: Curve;
  /** The segment that the levers are about; nothing for all customers. */
  readonly segment: string | null;
}

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
  /** Whether it is shown only on demand. */
  readonly isFurther: boolean;
}

/** The seed and the number of draws behind the bands: enough for a picture, and done in a frame. */
export const DRAWS = { seed: 1, draws: 400 } as const;

/** Nothing is known yet. */
export const NOTHING_KNOWN: Today = {
  customers: null,
  retention: null,
  revenuePerCustomer: null,
  grossMargin: 1,
  newCustomers: 0,
  firstPeriodChurn: null,
  tailChurn: null,
  expansion: 0,
  contraction: 0,
  cac: null,
};

/** All customers, by their average churn. */
export const ALL_BY_AVERAGE: Choice = { curve: "average", segment: null };

/** The gross margin that the analysis was given; nothing without one. */
export function marginOf(report: Report | null): number | null {
  return inputNamed(report, "gross_margin");
}

/** The cost of acquisition that the analysis was given; nothing without one. */
export function cacOf(report: Report | null): number | null {
  return inputNamed(report, "cac");
}

function inputNamed(report: Report | null, name: string): number | null {
  for (const figure of Object.values(report?.value.clv ?? {})) {
    const value = inputOf(figure, name);
    if (value !== null) return value;
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

/** The fitted curves that a report can be projected on, beside its average churn. */
export function curvesOf(report: Report | null): Curve[] {
  const models = report?.survival?.models ?? [];
  const known: readonly string[] = ["geometric", "sbg", "bdw"];
  return models
    .filter(({ kind, converged }) => converged && known.includes(kind))
    .map(({ kind }) => kind as Curve);
}

/** The segments that can be changed one by one: those with customers at the start. */
export function segmentsOf(report: Report | null): string[] {
  const segments = report?.segments ?? [];
  const can = segments.every(({ latest, trailingYear }) =>
    [latest, trailingYear].some((period) => 0 < (period?.customers.start ?? 0)),
  );
  return can && 1 < segments.length ? segments.map(({ name }) => name) : [];
}

/**
 * What the scenarios start from: the report, or typed totals where there is none or it cannot be
 * projected from; nothing while too little is typed.
 */
export function baseOf(report: Report | null, typed: Typed, periodMonths?: number): Base | null {
  const common = {
    periodMonths: report ? periodMonthsOf(report) : (periodMonths ?? 1),
    grossMargin: marginOf(report) ?? 1,
  };
  if (report) {
    // A price of nothing lets customers be projected where there is no revenue to speak of.
    const price = hasRevenue(report) ? null : (typed.revenuePerCustomer ?? 0);
    return { ...common, from: startingPart(report), price };
  }
  const { customers, revenuePerCustomer, retention, n } = typed;
  if (customers == null || revenuePerCustomer == null || retention == null) return null;
  const counted = n == null ? {} : { n };
  return { ...common, from: { customers, revenuePerCustomer, retention, ...counted }, price: null };
}

/** The part of a report that a projection starts from: the rest need not be copied for each. */
function startingPart({ input, periods, value, cohorts, survival, segments }: Report): Report {
  const plain = ({ period, partial, customers, revenue }: Report["periods"][number]) => ({
    period,
    partial,
    customers,
    revenue,
  });
  const start = {
    input: { shape: input.shape },
    periods: periods.map(plain),
    value: { lifespan: value.lifespan },
    ...(survival && 0 < survival.models.length
      ? {
          survival: {
            models: survival.models.map(({ kind, converged, parameters, covariance }) => ({
              kind,
              converged,
              parameters,
              covariance,
            })),
          },
          cohorts: cohorts && { rows: cohorts.rows.map(({ customers }) => ({ customers })) },
        }
      : {}),
    ...(segments && 1 < segments.length
      ? {
          segments: segments.map(({ name, latest, trailingYear, lifetimeValue }) => ({
            name,
            lifetimeValue,
            latest: plain(latest),
            trailingYear: trailingYear ? plain(trailingYear) : null,
          })),
        }
      : {}),
  };
  return start as unknown as Report;
}

/** What the core reads of a start: each question is copied to it, so what it would not read is left out. */
function neededOf(from: Scenario["from"], curve: Curve, segment: string | null): Scenario["from"] {
  if (!("periods" in from)) return from;
  const { cohorts, segments, ...rest } = from as Report;
  const hasCurve = segment === null && curve !== "average";
  return {
    ...rest,
    ...(hasCurve && cohorts ? { cohorts } : {}),
    ...(segment !== null && segments ? { segments } : {}),
  } as Report;
}

/** The scenario of a base with the levers where they were moved to. */
export function scenarioOf(
  base: Base,
  moved: Moved,
  assumptions: Readonly<Record<AssumptionId, number>>,
  { curve, segment }: Choice = ALL_BY_AVERAGE,
  more: { programme?: Programme | null; cac?: number | null } = {},
): Scenario {
  const price = moved.revenuePerCustomer ?? base.price;
  const cac = moved.cac ?? more.cac ?? null;
  const given = <Name extends LeverId>(name: Name) =>
    moved[name] === undefined ? {} : { [name]: moved[name] };
  return {
    from: neededOf(base.from, curve, segment),
    periodMonths: base.periodMonths,
    periods: assumptions.periods,
    discountRate: assumptions.discountRate,
    growthGoal: assumptions.growthGoal,
    grossMargin: moved.grossMargin ?? base.grossMargin,
    today: {
      grossMargin: base.grossMargin,
      ...(more.cac == null ? {} : { cac: more.cac }),
    },
    ...(cac === null ? {} : { cac }),
    ...(price === null ? {} : { price }),
    ...given("retention"),
    ...given("firstPeriodChurn"),
    ...given("tailChurn"),
    ...given("expansion"),
    ...given("contraction"),
    ...given("newCustomers"),
    ...(more.programme ? { programme: more.programme } : {}),
    // A segment goes on with its own churn: there is a curve for all customers alone.
    ...(segment === null ? (curve === "average" ? {} : { curve }) : { segment }),
  };
}

/** Where the levers stand, as the core has it; revenue only where some is known. */
export function todayOf(
  { start }: Projection,
  base: Base,
  isPriced: boolean,
  cac: number | null = null,
): Today {
  return {
    customers: start.customers,
    retention: start.retention,
    revenuePerCustomer: isPriced ? start.revenuePerCustomer : null,
    grossMargin: base.grossMargin,
    newCustomers: start.newCustomers,
    firstPeriodChurn: start.firstPeriodChurn,
    tailChurn: start.tailChurn ?? null,
    expansion: start.expansion,
    contraction: start.contraction,
    cac,
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
  const mostCac = niceAbove(2 * (today.cac || 10 * (revenuePerCustomer || 50)));
  const lowest = Math.max(0, Math.floor((retention ?? 0.9) * 10 - 2) / 10);
  const share = (id: LeverId, label: string, high: number, isFurther = true): Lever => ({
    id,
    label,
    kind: "share",
    step: 0.001,
    isFurther,
    ...holding(0, high, id),
  });
  return [
    { ...share("retention", "Customers kept each", 1, false), ...holding(lowest, 1, "retention") },
    {
      id: "revenuePerCustomer",
      label: "Revenue per customer and",
      kind: "money",
      step: stepFor(most),
      isFurther: false,
      ...holding(0, most, "revenuePerCustomer"),
    },
    { ...share("grossMargin", "Gross margin", 1, false), step: 0.01 },
    {
      id: "newCustomers",
      label: "New customers each",
      kind: "periods",
      step: Math.max(1, Math.round(mostNew / 200)),
      isFurther: false,
      ...holding(0, mostNew, "newCustomers"),
    },
    share("firstPeriodChurn", "New customers lost in their first", 0.5),
    share("tailChurn", "Customers lost later each", 0.25),
    share("expansion", "Expansion each", 0.1),
    share("contraction", "Contraction each", 0.1),
    {
      id: "cac",
      label: "Cost to win a customer",
      kind: "money",
      step: stepFor(mostCac),
      isFurther: true,
      ...holding(0, mostCac, "cac"),
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
