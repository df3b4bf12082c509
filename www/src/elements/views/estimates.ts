/**
 * What there is to say about figures that an estimator gives and the catalogue of formulas has not.
 *
 * It computes nothing.
 */

import type { FormulaId } from "../../engine/core.ts";
import { spelled } from "../words.ts";

/** Name, definition and source of an estimate. */
export interface EstimateInfo {
  readonly name: string;
  readonly how: string;
  readonly definition: string;
  readonly source: string;
}

const ESTIMATES: Partial<Record<FormulaId, EstimateInfo>> = {
  median_lifetime: {
    name: "Median lifespan",
    how: "the first time at which the survival curve is at or below one half",
    definition:
      "The time after which half of the customers are gone; those who are still there count for as long as they have been seen.",
    source: "Kaplan and Meier (1958), Nonparametric estimation from incomplete observations",
  },
  restricted_mean_lifetime: {
    name: "Mean lifespan inside the data",
    how: "the area under the survival curve from the start to the horizon",
    definition:
      "The time that a customer stays on average between the start and the horizon; what comes after the horizon is not counted.",
    source: "Royston and Parmar (2013), Restricted mean survival time",
  },
  mean_lifetime: {
    name: "Mean lifespan under the model",
    how: "the sum of the model's survival curve over all periods",
    definition: "The time that a customer stays on average if the fitted model holds for ever.",
    source: "Fader and Hardie (2007), How to project customer retention",
  },
  discounted_lifetime: {
    name: "Discounted lifespan under the model",
    how: "the sum of the model's survival curve over all periods, later ones discounted",
    definition:
      "The periods that a customer is expected to stay, each worth less the later it comes.",
    source: "Fader and Hardie (2010), Customer-base valuation in a contractual setting",
  },
  hazard_ratio: {
    name: "Risk against another segment",
    how: "the multiple of the other segment's risk that describes the losses at all ages best",
    definition:
      "How many times as likely a customer of the segment is to leave, at any age, as one of the other of the same age; it supposes that this multiple is the same at all ages.",
    source: "Cox (1972), Regression models and life-tables",
  },
  growth_ceiling: {
    name: "Growth ceiling",
    how: "new customers per period × lifespan in periods",
    definition:
      "The number of customers at which as many leave in a period as are won in it: the base grows no further.",
    source: "Little (1961), A proof for the queuing formula L = λW",
  },
  share: {
    name: "Share",
    how: "part ÷ whole",
    definition: "A part of the whole, such as one reason among all lost customers.",
    source: "By definition",
  },
};

/** What there is to say about an estimate; nothing where the catalogue has the formula. */
export function estimateInfo(formula: FormulaId): EstimateInfo | null {
  return ESTIMATES[formula] ?? null;
}

const CHURNS: Readonly<Record<string, string>> = {
  average_churn: "by average churn",
  latest_period_churn: "by the latest period's churn",
  trailing_six_months: "by churn of the last six months",
  restricted_mean: "inside the data",
  lower_bound: "at least this, as nobody has left",
};

const OTHERS: Readonly<Record<string, string>> = {
  discounted: "discounted margin, by average churn",
  transactional: "from purchases, by average churn",
  revenue_to_cac: "revenue over cost of acquisition",
  margin_to_cac: "margin over cost of acquisition",
  cac_payback: "payback of the cost of acquisition",
};

/** A named variant of lifespan or lifetime value in words; its name spelled out where it has none. */
export function valueName(key: string): string {
  const known = CHURNS[key] ?? OTHERS[key];
  if (known) return known;
  const [, base, churn = ""] = /^(revenue|margin)_(.+)$/.exec(key) ?? [];
  return base && CHURNS[churn] ? `on ${base}, ${CHURNS[churn]}` : spelled(key);
}
