/**
 * A figure as words: its number with its unit, its interval, and why there is none.
 *
 * It computes nothing.
 */

import type { Figure, FormulaId, FormulaInfo } from "../../engine/core.ts";
import type { Format, NumberKind } from "../format.ts";
import { capitalised, whyWords } from "../words.ts";
import { timeWords } from "./findings.ts";

/** Formulas of the estimators, which the catalogue has not, and what they are measured in. */
const ESTIMATE_KINDS: Partial<Record<FormulaId, NumberKind>> = {
  share: "share",
  median_lifetime: "periods",
  restricted_mean_lifetime: "periods",
  mean_lifetime: "periods",
  discounted_lifetime: "periods",
  growth_ceiling: "count",
  program_break_even: "count",
};

/** What a figure is measured in. */
export function kindOf(figure: Figure, catalogue: readonly FormulaInfo[]): NumberKind {
  return (
    catalogue.find(({ id }) => id === figure.formula)?.result ??
    ESTIMATE_KINDS[figure.formula] ??
    "ratio"
  );
}

/** A value of a figure, in full or short; lengths of time with their unit. */
export function valueWords(
  value: number,
  kind: NumberKind,
  format: Format,
  { unit = "", isShort = false }: { unit?: string; isShort?: boolean } = {},
): string {
  if (kind === "periods" || kind === "months") {
    return timeWords(value, unit || (kind === "months" ? "month" : "period"), format);
  }
  if (isShort && kind === "money") return format.compactMoney(value);
  if (isShort && kind === "count") return format.compactCount(value);
  return format.value(value, kind);
}

/** `likely 89.3% to 94.1%`, and nothing where there is no interval. */
export function intervalWords(figure: Figure, kind: NumberKind, format: Format, unit = ""): string {
  if (figure.low == null || figure.high == null) return "";
  // An end is known to few digits, so money is short in it.
  const high = valueWords(figure.high, kind, format, { unit, isShort: true });
  const isTime = kind === "periods" || kind === "months";
  const low = isTime
    ? format.periods(figure.low)
    : valueWords(figure.low, kind, format, { isShort: true });
  return `likely ${low} to ${high}`;
}

/** The reason with a capital letter and a stop: `No customers at the start, so no rate.` */
export function reasonSentence(figure: Figure): string {
  return `${capitalised(whyWords(figure.why))}.`;
}
