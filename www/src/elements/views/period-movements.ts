/**
 * A period's movements as the steps of a waterfall and as columns over time.
 *
 * It adds nothing up. Where the file does not give a movement there is no waterfall, and the reason
 * is said instead.
 */

import type { PeriodReport } from "../../engine/core.ts";
import type { Series } from "../charts/movement-columns.ts";
import type { Movement } from "../charts/waterfall-steps.ts";
import { isWholeFile } from "./period-choice.ts";

/** What is counted. */
export type Counted = "money" | "customers";

/** The steps, or why there are none. */
export type Steps = { readonly movements: readonly Movement[] } | { readonly missing: string };

type Template = readonly (readonly [
  key: string,
  label: string,
  kind: Movement["kind"],
  shade?: Series["shade"],
])[];

const REVENUE: Template = [
  ["start", "Start", "level"],
  ["new", "New", "gain", 1],
  ["reactivation", "Reactivation", "gain", 3],
  ["expansion", "Expansion", "gain", 2],
  ["contraction", "Contraction", "loss", 2],
  ["churned", "Churned", "loss", 1],
  ["end", "End", "level"],
];

const CUSTOMERS: Template = [
  ["start", "Start", "level"],
  ["new", "New", "gain", 1],
  ["reactivated", "Returned", "gain", 2],
  ["lost", "Lost", "loss", 1],
  ["end", "End", "level"],
];

/** The series of the columns over time, in the order of their stack. */
export function movementSeries(counted: Counted): Series[] {
  return (counted === "money" ? REVENUE : CUSTOMERS).flatMap(([key, label, kind, shade = 1]) =>
    kind === "level" ? [] : [{ key, label, kind, shade }],
  );
}

/** The levels and movements of a period with their names, in order. */
export function movementTerms(
  period: PeriodReport,
  counted: Counted,
): { key: string; label: string; kind: Movement["kind"]; amount: number | null }[] {
  const amounts = amountsOf(period, counted);
  return (counted === "money" ? REVENUE : CUSTOMERS).map(([key, label, kind]) => ({
    key,
    label,
    kind,
    amount: amounts[key] ?? null,
  }));
}

/** The amounts of a period by movement; nothing where the file does not give one. */
export function amountsOf(
  period: PeriodReport,
  counted: Counted,
): Readonly<Record<string, number | null>> {
  const source = counted === "money" ? period.revenue : period.customers;
  const entries = (counted === "money" ? REVENUE : CUSTOMERS).map(([key]) => {
    const amount = (source as Readonly<Record<string, number | null | undefined>> | null)?.[key];
    return [key, amount ?? null] as const;
  });
  return Object.fromEntries(entries);
}

/**
 * The waterfall of a period.
 *
 * Movements that the file does not give are left out where the others explain the level at the end.
 */
export function stepsOf(period: PeriodReport, counted: Counted): Steps {
  if (counted === "money" && !period.revenue) {
    return { missing: "The file has no amounts, so there is no revenue to follow." };
  }
  const amounts = amountsOf(period, counted);
  const template = counted === "money" ? REVENUE : CUSTOMERS;
  const known = template.filter(([key]) => amounts[key] !== null);
  const unknown = template.filter(([key]) => amounts[key] === null);
  if (known.length === template.length && known.every(([key]) => amounts[key] === 0)) {
    return {
      missing: `There ${counted === "money" ? "was no revenue" : "were no customers"} in it, so there is nothing to draw.`,
    };
  }
  const isComplete = unknown.length === 0 || addsUp(known, amounts);
  if (!isComplete) {
    const names = unknown.map(([, label]) => label.toLowerCase()).join(", ");
    return { missing: `The file does not give ${names}, so the movements cannot be drawn.` };
  }
  // Without dates nothing but a loss can be seen: a nothing there is no finding.
  const drawn = isWholeFile(period)
    ? known.filter(([key, , kind]) => kind === "level" || amounts[key] !== 0)
    : known;
  return {
    movements: drawn.map(([key, label, kind]) => ({ key, label, kind, amount: amounts[key] ?? 0 })),
  };
}

/** What can be followed in most of the periods: revenue where there is some, else customers. */
export function countedIn(periods: readonly PeriodReport[]): Counted {
  return periods.some((period) => "movements" in stepsOf(period, "money")) ? "money" : "customers";
}

function addsUp(known: Template, amounts: Readonly<Record<string, number | null>>): boolean {
  let level = 0;
  for (const [key, , kind] of known) {
    const amount = amounts[key] ?? 0;
    if (key === "end") return Math.abs(level - amount) < 0.005;
    level += kind === "loss" ? -amount : amount;
  }
  return false;
}
