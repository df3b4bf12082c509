/**
 * The at most six figures that the overview shows, by the shape of the file.
 *
 * It picks and names; it computes nothing but the difference to the period before.
 */

import type { Figure, PeriodReport, Report } from "../../engine/core.ts";
import type { NumberKind } from "../format.ts";
import { estimateInfo, valueName } from "./estimates.ts";
import { headlinePeriod, isWholeFile } from "./period-choice.ts";

/** Most figures on the overview. */
export const N_MOST = 6;

/** One figure with what is needed to judge it. */
export interface Headline {
  /** The field of the report that it comes from. */
  readonly id: string;
  readonly name: string;
  readonly figure: Figure;
  readonly kind: NumberKind;
  /** The same figure of the period before. */
  readonly before: Figure | null;
  /** The same figure of every period up to the one spoken of, oldest first. */
  readonly run: readonly (number | null)[];
  /** Whether more is better; nothing where that cannot be said. */
  readonly better: "more" | "less" | null;
  /** The ends of the scale that its interval is drawn on. */
  readonly scale: readonly [number, number] | null;
  /** The unit that stands behind the number: `months`, `purchases per customer`. */
  readonly unit: string;
  /** Which of several variants it is. */
  readonly remark: string;
}

type RateField =
  | "customerRetentionRate"
  | "customerChurnRate"
  | "grossRevenueRetention"
  | "netRevenueRetention"
  | "revenueChurnRate"
  | "quickRatio";

const RATES: Readonly<Record<RateField, { name: string; better: Headline["better"] }>> = {
  customerRetentionRate: { name: "Customer retention", better: "more" },
  customerChurnRate: { name: "Customer churn", better: "less" },
  grossRevenueRetention: { name: "Gross revenue retention", better: "more" },
  netRevenueRetention: { name: "Net revenue retention", better: "more" },
  revenueChurnRate: { name: "Revenue churn", better: "less" },
  quickRatio: { name: "Quick ratio", better: "more" },
};

const BY_SHAPE: Readonly<Record<string, readonly string[]>> = {
  transactions: [
    "repeatCustomerRate",
    "customerRetentionRate",
    "purchaseFrequency",
    "averagePurchaseValue",
    "lifespan",
    "clv",
    "netRevenueRetention",
  ],
  accounts: [
    "customerRetentionRate",
    "grossRevenueRetention",
    "revenueChurnRate",
    "lifespan",
    "clv",
    "customerChurnRate",
  ],
  periods: [
    "customerRetentionRate",
    "netRevenueRetention",
    "grossRevenueRetention",
    "quickRatio",
    "lifespan",
    "clv",
    "revenueChurnRate",
  ],
};
const BY_DEFAULT: readonly string[] = [
  "customerRetentionRate",
  "netRevenueRetention",
  "grossRevenueRetention",
  "quickRatio",
  "lifespan",
  "clv",
];

/** Codes that say that the file is not about this at all, so that the figure is not worth a place. */
const NOT_IN_FILE = new Set(["no-amounts", "not-in-file", "not-given"]);

/** Lifetime values by name, from the one that takes most into account. */
const CLV_ORDER: readonly string[] = [
  "discounted",
  "margin_average_churn",
  "transactional",
  "revenue_average_churn",
  "margin_restricted_mean",
  "revenue_restricted_mean",
  "margin_lower_bound",
  "revenue_lower_bound",
];

/** The figures of the overview. */
export function headlines(report: Report): Headline[] {
  const chosen = headlinePeriod(report.periods);
  const ids = BY_SHAPE[report.input.shape] ?? BY_DEFAULT;
  const all = ids.flatMap((id): Headline[] => {
    const one = isRate(id) ? rateHeadline(report, id) : otherHeadline(report, id);
    return one ? [one] : [];
  });
  const telling = all.filter(
    ({ figure }) => figure.value !== null || !NOT_IN_FILE.has(figure.why ?? ""),
  );
  return chosen ? telling.slice(0, N_MOST) : [];
}

function isRate(id: string): id is RateField {
  return id in RATES;
}

function rateHeadline(report: Report, id: RateField): Headline | null {
  const chosen = headlinePeriod(report.periods);
  if (!chosen) return null;
  const { name, better } = RATES[id];
  const run = report.periods.slice(0, chosen.index + 1).map((period) => period[id].value);
  const isRatio = id === "quickRatio";
  return {
    id,
    name,
    figure: chosen.period[id],
    kind: isRatio ? "ratio" : "share",
    before: isWholeFile(chosen.period) ? null : (chosen.before?.[id] ?? null),
    run: run.slice(-24),
    better,
    scale: isRatio ? null : shareScale(chosen.period[id]),
    unit: "",
    remark: "",
  };
}

/** A round scale that holds the interval: from the nearest of a few beginnings, to 100 % or beyond. */
export function shareScale({ value, low, high }: Figure): readonly [number, number] {
  const least = Math.min(value ?? 0, low ?? 1);
  const most = Math.max(value ?? 0, high ?? 0);
  const from = [0.9, 0.8, 0.5].find((one) => one <= least) ?? 0;
  return [from, most <= 1 ? 1 : Math.ceil(most * 10 - 1e-9) / 10];
}

function otherHeadline(report: Report, id: string): Headline | null {
  const plain = {
    before: null,
    run: [],
    better: "more",
    scale: null,
    unit: "",
    remark: "",
  } as const;
  const { purchases } = report;
  switch (id) {
    case "repeatCustomerRate":
      return (
        purchases && {
          ...plain,
          id,
          name: "Repeat customers",
          figure: purchases.repeatCustomerRate,
          kind: "share",
          scale: shareScale(purchases.repeatCustomerRate),
        }
      );
    case "purchaseFrequency":
      return (
        purchases && {
          ...plain,
          id,
          name: "Purchases per customer",
          figure: purchases.purchaseFrequency,
          kind: "ratio",
        }
      );
    case "averagePurchaseValue":
      return (
        purchases && {
          ...plain,
          id,
          name: "Average purchase",
          figure: purchases.averagePurchaseValue,
          kind: "money",
        }
      );
    case "lifespan":
      return lifespanHeadline(report);
    case "clv": {
      const chosen = clvOf(report);
      return (
        chosen && {
          ...plain,
          id,
          name: "Lifetime value",
          figure: chosen.figure,
          kind: "money",
          remark: valueName(chosen.key),
        }
      );
    }
    default:
      return null;
  }
}

/** The median where half are gone, else the mean inside what was observed. */
function lifespanHeadline(report: Report): Headline | null {
  const { survival } = report;
  if (!survival) return null;
  const figure =
    survival.median.value === null && survival.rmst.value !== null
      ? survival.rmst
      : survival.median;
  return {
    id: "lifespan",
    name: estimateInfo(figure.formula)?.name ?? "Lifespan",
    figure,
    kind: "periods",
    before: null,
    run: [],
    better: "more",
    scale: null,
    unit: survival.unit,
    remark: "",
  };
}

/** The lifetime value to show first: the one that takes most into account and has a value. */
export function clvOf({ value }: Report): { key: string; figure: Figure } | null {
  const ranked = CLV_ORDER.flatMap((key) => {
    const figure = value.clv[key];
    return figure ? [{ key, figure }] : [];
  });
  return ranked.find(({ figure }) => figure.value !== null) ?? ranked[0] ?? null;
}

/** The difference to the period before, where both are known. */
export function changeOf({ figure, before }: Headline): number | null {
  return figure.value === null || before?.value == null ? null : figure.value - before.value;
}

/** Whether a change is for the better; nothing where it is none, or where that cannot be said. */
export function isForTheBetter(change: number, better: Headline["better"]): boolean | null {
  if (change === 0 || better === null) return null;
  return 0 < change === (better === "more");
}

/** Any period's figures in the order of the table. */
export const RATE_FIELDS = Object.keys(RATES) as RateField[];

/** The name of a rate. */
export function rateName(field: RateField): string {
  return RATES[field].name;
}

/** One rate of one period. */
export function rateOf(period: PeriodReport, field: RateField): Figure {
  return period[field];
}

export type { RateField };
