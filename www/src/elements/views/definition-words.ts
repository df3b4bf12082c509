/**
 * What there is to say about definitions of one metric beside their numbers.
 *
 * It makes words and picks rows; it computes no figure.
 */

import type { Definition, FormulaInfo } from "../../engine/core.ts";
import type { Format, NumberKind } from "../format.ts";
import { expressionWords, workedExpression } from "../sentence.ts";
import { capitalised, spelled } from "../words.ts";
import { valueWords } from "./figure-words.ts";

/** The metrics that have definitions, in the order in which they are offered, by their names. */
const NAMES: Readonly<Record<string, string>> = {
  customer_churn_rate: "Customer churn",
  gross_revenue_retention: "Gross revenue retention",
  net_revenue_retention: "Net revenue retention",
  quick_ratio: "Quick ratio",
  clv: "Lifetime value",
};

const OTHER_NAMES: Readonly<Record<string, string>> = {
  customer_retention_rate: "Customer retention",
  cac_payback: "Payback of acquisition",
  time_to_value: "Time to value",
  onboarding_days: "Onboarding",
  share_at_adoption_milestone_within_90_days:
    "Accounts at their adoption milestones within 90 days",
  share_of_churn_found_inside_renewal_window: "Churn found inside the renewal window only",
};

/** The metric whose definitions stand beside a figure: a retention is 1 − the churn. */
const DEFINED_BY: Readonly<Record<string, string>> = {
  customer_retention_rate: "customer_churn_rate",
  revenue_churn_rate: "gross_revenue_retention",
  clv_margin: "clv",
  clv_discounted: "clv",
  clv_transactional: "clv",
};

/** A metric in words. */
export function metricName(metric: string): string {
  return NAMES[metric] ?? OTHER_NAMES[metric] ?? capitalised(spelled(metric));
}

/** The metrics that a report defines, in order. */
export function definedMetrics(definitions: readonly Definition[]): string[] {
  return Object.keys(NAMES).filter((name) => definitions.some(({ metric }) => metric === name));
}

/** The definitions that stand beside a figure. */
export function definitionsOf(
  definitions: readonly Definition[] | null,
  metric: string | undefined,
): Definition[] {
  const defined = metric === undefined ? undefined : (DEFINED_BY[metric] ?? metric);
  return (definitions ?? []).filter((one) => one.metric === defined);
}

/** `March 2026`, `1 Apr 2025 to 31 Mar 2026`, `the whole file`. */
export function spanWords(period: string, format: Format): string {
  if (period === "" || period === "all") return "the whole file";
  const [from, to] = period.split("/");
  return to === undefined || from === undefined
    ? format.period(period)
    : `${format.date(from)} to ${format.date(to)}`;
}

/** A definition's arithmetic in the form that formulas of the catalogue have. */
function formulaOf({ arithmetic }: Definition): Pick<FormulaInfo, "expression" | "inputs"> {
  const inputs = arithmetic.inputs.map((input) => ({ ...input, example: 0 }));
  return { expression: arithmetic.expression, inputs };
}

/** `Customers who left ÷ customers at the start` */
export function definitionWords(definition: Definition): string {
  return capitalised(expressionWords(formulaOf(definition)));
}

/** `12 ÷ 100`, from this file's numbers; nothing where one of them is not known. */
export function definitionWorked(definition: Definition, format: Format): string {
  const { arithmetic, figure } = definition;
  const isKnown = arithmetic.inputs.every(({ name }) => figure.inputs[name] !== undefined);
  return isKnown && 0 < arithmetic.inputs.length
    ? workedExpression(formulaOf(definition), figure, format)
    : "";
}

/** What a definition's result is measured in. */
export function definitionKind({ arithmetic }: Definition): NumberKind {
  return arithmetic.result;
}

/** The difference to the default: `+2.0 pp`, `−0.15`, `−$5,100.94`; `none` where there is none. */
export function differenceWords(definition: Definition, format: Format): string {
  const { difference } = definition;
  if (difference == null) return "";
  switch (definitionKind(definition)) {
    case "share":
      return Math.abs(difference) < 5e-7 ? "none" : format.points(difference);
    case "money":
      return Math.abs(difference) < 0.005 ? "none" : format.signedMoney(difference);
    default:
      return Math.abs(difference) < 0.005 ? "none" : signedRatio(difference, format);
  }
}

function signedRatio(value: number, format: Format): string {
  return `${0 < value ? "+" : "\u2212"}${format.ratio(Math.abs(value))}`;
}

/** What the difference is in money, where that says more than the difference: `$248.00 a month more`. */
export function differenceMoneyWords(
  { metric, difference, differenceMoney }: Definition,
  format: Format,
): string {
  if (difference == null || differenceMoney == null || metric === "clv") return "";
  if (Math.abs(differenceMoney) < 0.005) return "";
  const size = format.money(Math.abs(differenceMoney));
  const isMore = 0 < differenceMoney;
  switch (metric) {
    case "customer_churn_rate":
      return `${size} ${isMore ? "more" : "less"} counted as lost`;
    case "quick_ratio":
      return `${size} ${isMore ? "more" : "less"} counted as gained`;
    default:
      return `${size} ${isMore ? "more" : "less"} counted as kept`;
  }
}

/** `Six definitions of customer churn give 9.6% to 12.0% on this file.` */
export function spreadSentence(
  definitions: readonly Definition[],
  metric: string,
  format: Format,
): string {
  const values = definitions
    .map(({ figure }) => figure.value)
    .filter((value): value is number => value !== null)
    .sort((a, b) => a - b);
  const [least] = values;
  const most = values.at(-1);
  const kind = definitions[0] ? definitionKind(definitions[0]) : "ratio";
  const name = metricName(metric);
  if (least === undefined || most === undefined)
    return `${name} cannot be worked out from this file.`;
  const low = valueWords(least, kind, format);
  const high = valueWords(most, kind, format);
  const period = spanWords(definitions.find(({ period }) => period !== "")?.period ?? "", format);
  const when = period === "the whole file" ? "over the whole file" : `for ${period}`;
  if (values.length === 1)
    return `One definition of ${inSentence(name)} can be worked out ${when}: ${low}.`;
  return low === high
    ? `${values.length} definitions of ${inSentence(name)} agree ${when}: ${low}.`
    : `${name} ${when} is ${low} by one definition and ${high} by another.`;
}

function inSentence(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
