/**
 * What the panel shows of an amount that no formula gave: a level, a movement, a cell of a cohort.
 *
 * It computes no figure: the amounts are those of the report.
 */

import type { CohortRow, Figure, PeriodReport, Report, Segment } from "../../engine/core.ts";
import type { Measure } from "../charts/cohort-grid.ts";
import type { Format } from "../format.ts";
import { exclusions } from "../sentence.ts";
import { isolated } from "../text.ts";
import { capitalised } from "../words.ts";
import {
  type CustomerGroup,
  groupOfAll,
  groupsOfCohort,
  groupsOfMovement,
  groupsOfPeriod,
  groupsOfStep,
} from "./behind.ts";
import type { Derived, DerivedAmount } from "./derivation.ts";
import { timeWords } from "./findings.ts";
import { movementArithmetic, movementMeaning } from "./movement-words.ts";
import { isWholeFile } from "./period-choice.ts";
import { amountsOf, type Counted, movementTerms } from "./period-movements.ts";
import { segmentName, spanWords } from "./segment-words.ts";

/** What an amount is called on its own, where its label is too short for that. */
const NAMES: Readonly<Record<Counted, Readonly<Record<string, string>>>> = {
  money: {
    start: "Revenue at the start",
    new: "New revenue",
    reactivation: "Revenue of customers who returned",
    expansion: "Expansion",
    contraction: "Contraction",
    churned: "Churned revenue",
    end: "Revenue at the end",
  },
  customers: {
    start: "Customers at the start",
    new: "New customers",
    reactivated: "Customers who returned",
    lost: "Lost customers",
    end: "Customers at the end",
    cameAndWent: "Customers who came and went",
  },
};

/** The columns that customers and amounts were read from. */
export function sourceWords({ input }: Report): string {
  const named = (role: string): string[] =>
    input.columns.filter((column) => column.role === role).map(({ name }) => isolated(name));
  const [customers, amounts] = [named("customer"), named("amount")];
  const parts = [
    customers.length === 0 ? "" : `customers by ${customers.join(", ")}`,
    amounts.length === 0 || 2 < amounts.length ? "" : `amounts from ${amounts.join(", ")}`,
  ].filter(Boolean);
  return `This file${parts.length === 0 ? "" : `: ${parts.join(", ")}`}.`;
}

/** An amount that is added up from the report, with nobody named behind it yet. */
export function derivedAmount(
  report: Report,
  { name, of, ...amount }: Omit<DerivedAmount, "source"> & { name: string; of: string },
): Derived {
  return {
    name,
    of,
    figure: null,
    amount: { ...amount, source: sourceWords(report) },
    kind: "money",
    info: null,
    leftOut: exclusions(report.input.notes),
  };
}

function periodWords(period: PeriodReport, format: Format): string {
  if (isWholeFile(period)) return "The whole file";
  return `${spanWords(period.period, format)}${period.partial ? ", not over" : ""}`;
}

function amountWords(value: number, counted: Counted, format: Format): string {
  return counted === "money" ? format.money(value) : format.count(value);
}

/** One level or movement of a period, or of a segment in it; nothing where the file does not give it. */
export function derivedMovement(
  report: Report,
  period: PeriodReport,
  key: string,
  counted: Counted,
  format: Format,
  segment?: Segment,
): Derived | null {
  const amount =
    key === "cameAndWent" ? period.customers.cameAndWent : amountsOf(period, counted)[key];
  if (amount == null) return null;
  return {
    name: NAMES[counted][key] ?? key,
    of: `${segment ? `${segmentName(segment, format, report.segmentation?.pooled)}, ` : ""}${periodWords(period, format)}`,
    figure: null,
    amount: {
      value: amountWords(amount, counted, format),
      meaning: movementMeaning(report, key, counted),
      arithmetic: movementArithmetic(period, key, counted, format),
      source: sourceWords(report),
    },
    kind: counted === "money" ? "money" : "count",
    info: null,
    leftOut: exclusions(report.input.notes),
    groups: groupsOfMovement(report, period, key, counted, segment),
  };
}

/** How a share differs between two spans, with the arithmetic of both; nothing where one is not known. */
export function derivedChange(
  report: Report,
  name: string,
  now: { figure: Figure; of: string },
  before: { figure: Figure; of: string },
  groups: readonly CustomerGroup[],
  format: Format,
): Derived | null {
  const [after, prior] = [now.figure.value, before.figure.value];
  if (after === null || prior === null) return null;
  return {
    name: `Change of ${name.charAt(0).toLowerCase()}${name.slice(1)}`,
    of: capitalised(`${before.of} against ${now.of}`),
    figure: null,
    amount: {
      value: format.points(after - prior),
      certainty: "A difference of two figures, each of which has an interval of its own.",
      meaning: "The later share less the earlier, in percentage points.",
      arithmetic: `${format.share(after)} less ${format.share(prior)}`,
      source: sourceWords(report),
    },
    kind: "share",
    info: null,
    leftOut: exclusions(report.input.notes),
    groups,
  };
}

/** All that moved a period, or a segment in it, by the level that it ended with. */
export function derivedPeriod(
  report: Report,
  period: PeriodReport,
  counted: Counted,
  format: Format,
  segment?: Segment,
): Derived | null {
  const end = derivedMovement(report, period, "end", counted, format, segment);
  const isKnown = movementTerms(period, counted).some(({ amount }) => amount !== null);
  if (!end || !isKnown) return null;
  return { ...end, groups: groupsOfPeriod(report, period, counted, segment) };
}

/** One cell of the cohorts. */
export interface CohortCell {
  readonly cohort: string;
  readonly age: number;
  readonly measure: Measure;
}

/** What each measure of a cohort is called, and what it means. */
const COHORT_WORDS: Readonly<Record<Measure, readonly [name: string, meaning: string]>> = {
  customers: [
    "Customers of a cohort",
    "Of the customers who began together and have come this far, the share who are active at this age.",
  ],
  revenue: ["Revenue of a cohort", "Revenue of the customers who began together, at this age."],
  net: [
    "Net revenue retention of a cohort",
    "What those who paid at the first age pay at this one, as a share of what they paid then.",
  ],
  gross: [
    "Gross revenue retention of a cohort",
    "The same as net revenue retention, with each customer counted at most at what it paid at the first age.",
  ],
};

/** Where a cell's share may lie, by its measure; revenue is a sum and no share. */
const COHORT_INTERVALS: Record<Measure, (row: CohortRow) => readonly ([number, number] | null)[]> =
  {
    customers: (row) => row.retentionInterval,
    revenue: () => [],
    net: (row) => row.netRevenueRetentionInterval,
    gross: (row) => row.grossRevenueRetentionInterval,
  };

/** A cell of the cohorts; nothing where it is not reached. */
export function derivedCohort(
  report: Report,
  { cohort, age, measure }: CohortCell,
  format: Format,
): Derived | null {
  const { cohorts } = report;
  const row = cohorts?.rows.find((one) => one.cohort === cohort);
  const active = row?.customers[age];
  if (!cohorts || !row || active == null) return null;
  const isByDay = cohorts.days !== null;
  const at = isByDay
    ? `day ${format.count(age * (cohorts.days ?? 1))}`
    : `${cohorts.granularity} ${format.count(age)}`;
  const [name, meaning] = COHORT_WORDS[measure];
  const [value, arithmetic] = cohortArithmetic(report, row, age, measure, at, format);
  const isOn = cohorts.counting === "on";
  const interval = COHORT_INTERVALS[measure](row)[age];
  const certainty = interval && {
    certainty: `Likely ${format.interval(...interval, "share")}, from ${format.counted((measure === "customers" ? row.reached : row.paying)[age] ?? 0, "customer")}.`,
  };
  return {
    name,
    of: `Began in ${format.period(cohort)}, ${at}${row.partial[age] ? ", not over for all" : ""}`,
    figure: null,
    amount: { value, meaning, arithmetic, source: sourceWords(report), ...certainty },
    kind: measure === "revenue" ? "money" : "share",
    info: null,
    leftOut: exclusions(report.input.notes),
    // Of those who are active later it is not listed who they are.
    groups: groupsOfCohort(report, cohort, age, { size: row.size, active }).filter(
      ({ query }) =>
        isOn || measure !== "customers" || ("group" in query.of && query.of.group === "all"),
    ),
  };
}

/** How many began together; all of them without a cohort. */
export function derivedCohortSize(
  report: Report,
  cohort: string | null,
  format: Format,
): Derived | null {
  const { cohorts } = report;
  const row = cohorts?.rows.find((one) => one.cohort === cohort);
  if (!cohorts || (cohort !== null && !row)) return null;
  const size = row?.size ?? cohorts.rows.reduce((sum, one) => sum + one.size, 0);
  const isBuying = report.input.shape === "transactions";
  const words = format.counted(size, "customer");
  return {
    ...derivedAmount(report, {
      name: row ? "Customers of a cohort" : "Customers of all cohorts",
      of: row ? `Began in ${format.period(row.cohort)}` : "The whole file",
      value: words,
      meaning: row
        ? "Customers who began together: what each later age is a share of."
        : "Customers of all cohorts together.",
      arithmetic: row
        ? `${words} whose first ${isBuying ? "purchase" : "day"} lies in ${format.period(row.cohort)}`
        : `The sum over ${format.counted(cohorts.rows.length, "cohort")}`,
    }),
    groups: row
      ? groupsOfCohort(report, row.cohort, 0, { size, active: row.customers[0] ?? size }).filter(
          ({ query }) => "group" in query.of && query.of.group === "all",
        )
      : groupOfAll(report, "lifetime", size),
  };
}

/** A step of the survival curve: who left after a time; nothing where there is no such step. */
export function derivedStep(report: Report, time: number, format: Format): Derived | null {
  const { survival } = report;
  const at = survival?.timeline.indexOf(time) ?? -1;
  const [lost, atRisk, share] = [
    survival?.events[at],
    survival?.atRisk[at],
    survival?.survival[at],
  ];
  if (!survival || lost === undefined || atRisk === undefined || share === undefined) return null;
  const after = timeWords(time, survival.unit, format);
  const [low, high] = [survival.low[at], survival.high[at]];
  return {
    name: `Still there after ${after}`,
    of: "The whole file",
    figure: null,
    amount: {
      value: format.share(share),
      certainty:
        low === undefined || high === undefined
          ? ""
          : `Likely ${format.interval(low, high, "share")}, from ${format.counted(atRisk, "customer")} seen that long.`,
      meaning:
        "Share of the customers still there after a time. Those who are still there count for as long as they have been seen, and no longer (Kaplan\u2013Meier).",
      arithmetic: `${format.count(lost)} of the ${format.count(atRisk)} who were still there left after ${after}; this share is the product of all such steps up to then.`,
      source: sourceWords(report),
    },
    kind: "share",
    info: null,
    leftOut: exclusions(report.input.notes),
    groups: groupsOfStep(report, time, lost),
  };
}

/** A cell's value, and how it came about. */
function cohortArithmetic(
  report: Report,
  row: CohortRow,
  age: number,
  measure: Measure,
  at: string,
  format: Format,
): [value: string, arithmetic: string] {
  const share = (one: number | null | undefined): string =>
    one == null ? "Not defined" : format.share(one);
  const active = row.customers[age] ?? 0;
  const were = active === 1 ? "was active" : "were active";
  const doing = report.input.shape === "transactions" ? "bought" : were;
  if (measure === "customers") {
    const whole =
      row.reached[age] === row.size
        ? `${format.count(row.size)} who began`
        : `${format.count(row.reached[age] ?? 0)} who have come this far, of ${format.count(row.size)} who began`;
    const later = report.cohorts?.counting === "on" ? "" : " or later";
    return [
      share(row.retention[age]),
      `${format.counted(active, "customer")} who ${doing} at ${at}${later} ÷ ${whole}`,
    ];
  }
  const [now, base] = [row.revenue[age], row.baseRevenue[age]];
  if (measure === "revenue" || now == null || base == null) {
    return [
      now == null ? "Not known" : format.money(now),
      `Of ${format.counted(active, "customer")} who ${doing} at ${at}`,
    ];
  }
  const kept = measure === "net" ? row.netRevenueRetention[age] : row.grossRevenueRetention[age];
  const capped = measure === "net" ? "" : ", each at most at what it paid first";
  return [
    share(kept),
    `Revenue at ${at} of those who paid at the first age${capped} ÷ ${format.money(base)} that they paid then`,
  ];
}
