/**
 * The state of the scenario lab, and the same as text for an address.
 *
 * It holds what a reader has moved and typed, and nothing of a file: no report, no figure, no name of
 * a customer. What comes out of an address is taken apart field by field; what does not fit is left
 * out, and the core judges the rest.
 */

import type { AssumptionId, Choice, Curve, LeverId, Moved, Programme, Typed } from "./levers.ts";

/** How many scenarios stand side by side. */
export const MOST_CASES = 5;

/** One named scenario. */
export interface Case {
  readonly name: string;
  readonly moved: Moved;
  readonly programme: Programme | null;
}

/** All of the lab. */
export interface Lab {
  readonly typed: Typed;
  /** Months in a period of typed totals. */
  readonly periodMonths: number;
  readonly assumptions: Readonly<Partial<Record<AssumptionId, number>>>;
  readonly choice: Choice;
  readonly cases: readonly Case[];
  /** The case in hand. */
  readonly chosen: number;
}

const VERSION = "1.";
const LEVERS: readonly LeverId[] = [
  "retention",
  "revenuePerCustomer",
  "grossMargin",
  "newCustomers",
  "firstPeriodChurn",
  "tailChurn",
  "expansion",
  "contraction",
  "cac",
];
const TYPED = ["customers", "revenuePerCustomer", "retention", "n"] as const;
const ASSUMPTIONS: readonly AssumptionId[] = ["discountRate", "periods", "growthGoal"];
const CURVES: readonly Curve[] = ["average", "geometric", "sbg", "bdw"];
const LONGEST_NAME = 60;

/** A case in which nothing is moved. */
export function plainCase(number: number): Case {
  return { name: `Scenario ${number}`, moved: {}, programme: null };
}

/** The lab as text that an address can hold; empty where nothing was moved or typed. */
export function writeLab(lab: Lab): string {
  const isPlain =
    lab.cases.length === 1 &&
    lab.cases.every(({ moved, programme }) => Object.keys(moved).length === 0 && !programme) &&
    Object.values(lab.typed).every((value) => value == null);
  if (isPlain) return "";
  const bytes = new TextEncoder().encode(JSON.stringify(lab));
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const base64 = btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return VERSION + base64;
}

/** The lab in a text; nothing where it holds none that is understood. */
export function readLab(text: string): Lab | null {
  if (!text.startsWith(VERSION)) return null;
  try {
    const base64 = text.slice(VERSION.length).replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
    return labOf(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
  } catch {
    return null;
  }
}

function labOf(value: unknown): Lab | null {
  const all = fields(value);
  const cases = (Array.isArray(all["cases"]) ? all["cases"] : []).slice(0, MOST_CASES).map(caseOf);
  if (cases.length === 0) return null;
  const choice = fields(all["choice"]);
  const curve = CURVES.find((one) => one === choice["curve"]) ?? "average";
  const segment = typeof choice["segment"] === "string" ? choice["segment"] : null;
  const months = all["periodMonths"];
  const chosen = Number.isInteger(all["chosen"]) ? (all["chosen"] as number) : 0;
  return {
    typed: numbers(all["typed"], TYPED),
    periodMonths: months === 3 || months === 12 ? months : 1,
    assumptions: numbers(all["assumptions"], ASSUMPTIONS),
    choice: { curve, segment },
    cases,
    chosen: Math.max(0, Math.min(cases.length - 1, chosen)),
  };
}

function caseOf(value: unknown, index: number): Case {
  const { name, moved, programme } = fields(value);
  const { cost, startPeriod, churnReduction } = numbers(programme, [
    "cost",
    "startPeriod",
    "churnReduction",
  ]);
  const isWhole = cost !== undefined && startPeriod !== undefined && churnReduction !== undefined;
  return {
    name:
      typeof name === "string" && name.trim() !== ""
        ? name.slice(0, LONGEST_NAME)
        : plainCase(index + 1).name,
    moved: numbers(moved, LEVERS),
    programme: isWhole ? { cost, startPeriod, churnReduction } : null,
  };
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** The numbers among the fields of these names. */
function numbers<Name extends string>(
  value: unknown,
  names: readonly Name[],
): Partial<Record<Name, number>> {
  const all = fields(value);
  const known = names.filter((name) => Object.hasOwn(all, name) && Number.isFinite(all[name]));
  return Object.fromEntries(known.map((name) => [name, all[name] as number])) as Partial<
    Record<Name, number>
  >;
}
