/**
 * What the panel shows of a consequence of a scenario: what it means, and how it follows from the
 * levers.
 *
 * It computes nothing: every number is the core's.
 */

import type { Figure, FormulaInfo, Projection, ScenarioOutcome } from "../../engine/core.ts";
import type { Format } from "../format.ts";
import type { Derived } from "./derivation.ts";
import { outcomeName, outcomeWords } from "./difference.ts";
import { kindOf } from "./figure-words.ts";
import { timeWords } from "./findings.ts";

/** Whose consequence it is. */
export type Side = "today" | "scenario";

/** What there is to say of a consequence beside its number. */
interface Working {
  readonly meaning: string;
  readonly arithmetic: string;
}

/** The figure behind an outcome; nothing where it is a sum over the periods. */
function figureOf({ lifespan, clv, ...rest }: Projection, id: string): Figure | null {
  const { clvToCac, cacPayback, growthCeiling, programme } = rest;
  const figures: Readonly<Record<string, Figure | null | undefined>> = {
    lifespan: lifespan["mean"],
    clv: clv["margin"] ?? clv["revenue"],
    clvDiscounted: clv["discounted"] ?? clv["discounted_revenue"],
    clvHorizon: clv["horizon"] ?? clv["horizon_revenue"],
    clvToCac,
    clvDiscountedToCac: clv["discounted_to_cac"],
    cacPayback,
    growthCeiling,
    programmeNetReturn: programme?.netReturn,
    programmeBreakEven: programme?.breakEven,
  };
  return figures[id] ?? null;
}

/** How an amount came about, with the numbers of the first period and the last. */
function workingOf(id: string, projection: Projection, noun: string, format: Format): Working {
  const { start, now, periods, growth } = projection;
  const [first, last] = [periods[0], periods.at(-1)];
  const after = timeWords(periods.length, noun, format);
  const goesOn = `and so on, ${noun} by ${noun}, for ${after}`;
  const each = `of every ${noun}, over ${after}`;
  switch (id) {
    case "customers":
      return {
        meaning:
          "The customers there at the end, those won on the way and not lost again included.",
        arithmetic: `Customers + won − lost: ${format.ratio(now.customers)} + ${format.ratio(start.newCustomers)} − ${format.ratio(first?.lost ?? 0)} = ${format.ratio(first?.customers ?? 0)} after the first ${noun}, ${goesOn}: ${format.ratio(last?.customers ?? 0)}.`,
      };
    case "revenue":
    case "mrr":
    case "arr": {
      const kept = first?.netRevenueRetention;
      const steps =
        kept == null
          ? ""
          : `: ${format.money(now.revenue)} × ${format.share(kept, 2)} + ${format.ratio(start.newCustomers)} × ${format.money(start.revenuePerCustomer)} = ${format.money(first?.revenue ?? 0)} after the first ${noun}, ${goesOn}`;
      const end =
        id === "arr"
          ? ` Twelve times the monthly ${format.money(last?.mrr ?? 0)} is ${format.money(last?.arr ?? 0)}.`
          : ` At the end ${format.money((id === "mrr" ? last?.mrr : last?.revenue) ?? 0)}.`;
      return {
        meaning: "What the customers there at the end pay then.",
        arithmetic: `Revenue of the ${noun} before × what is kept of it, expansion included, + new customers × revenue per customer${steps}.${end}`,
      };
    }
    case "grossRevenueRetention12":
    case "grossRevenueRetention36":
      return {
        meaning:
          "Of what today's customers pay, the share that they still pay then, with nobody counted at more than today.",
        arithmetic: `The share of customers kept × (1 − contraction), multiplied over every ${noun}: ${format.share(first?.grossRevenueRetention ?? 0, 2)} in the first.`,
      };
    case "netRevenueRetention12":
    case "netRevenueRetention36":
      return {
        meaning: "What today's customers pay then, as a share of what they pay today.",
        arithmetic: `The share of customers kept × (1 + expansion − contraction), multiplied over every ${noun}: ${format.share(first?.netRevenueRetention ?? 0, 2)} in the first.`,
      };
    case "presentValue":
      return {
        meaning:
          "What all customers together bring, less what is spent on winning them and on the programme, in today's money.",
        arithmetic: `Paid at the start of each ${noun}: ${format.money(now.revenue)} × gross margin now, then each ${noun}, for ${after} in all, the revenue of those there × gross margin − customers just won × cost to win one, divided once more by 1 + ${format.share(start.discountRate ?? 0, 2)} each time; less the cost of the programme when it begins.`,
      };
    case "newCustomersNeeded":
      return {
        meaning: `New customers that the first ${noun} takes, so that there are as many more at its end as the growth goal says.`,
        arithmetic: `Customers × (growth + share lost): ${format.ratio(now.customers)} × ${format.share(growth?.share.value ?? 0, 2)} = ${format.ratio(growth?.customers ?? 0)}.`,
      };
    case "programmeSaved":
      return {
        meaning: "Revenue that would not be there without the programme.",
        arithmetic: `Σ (revenue with the programme − revenue without it) ${each}.`,
      };
    case "programmeGain":
      return {
        meaning: "Gross profit that would not be there without the programme, less what it costs.",
        arithmetic: `Σ (gross profit with the programme − gross profit without it − its cost) ${each}, later ones discounted.`,
      };
    default:
      return { meaning: "", arithmetic: "" };
  }
}

/** A consequence as the panel shows it; nothing where it has no number. */
export function derivedOutcome(
  scenario: Projection,
  outcome: ScenarioOutcome,
  side: Side,
  { noun, from, formulas, format }: OutcomeContext,
): Derived | null {
  const projection = side === "today" ? scenario.against : scenario;
  const value = side === "today" ? outcome.today : outcome.value;
  if (!projection || value == null) return null;
  const after = timeWords(projection.periods.length, noun, format);
  const { low, high } = side === "today" ? {} : outcome;
  const common = {
    name: outcomeName(outcome.id, noun, after),
    of: side === "today" ? "As today, no lever moved" : (scenario.name ?? "Under the scenario"),
    unit: noun,
  };
  const words = (one: number): string => outcomeWords(outcome, one, noun, format);
  const figure = figureOf(projection, outcome.id);
  if (figure) {
    const info = formulas.find(({ id }) => id === figure.formula) ?? null;
    const ends = low == null || high == null ? {} : { low, high };
    const meaning =
      outcome.id === "clvHorizon"
        ? { meaning: `The gross profit that a customer won today brings within ${after}.` }
        : {};
    const kind = kindOf(figure, formulas);
    return { ...common, ...meaning, figure: { ...figure, ...ends }, kind, info };
  }
  const certainty =
    low == null || high == null
      ? "It follows from the levers."
      : `Likely ${words(low)} to ${words(high)}, as far as the churn is known; the other levers are taken as given.`;
  return {
    ...common,
    figure: null,
    amount: {
      value: words(value),
      certainty,
      source: from,
      ...workingOf(outcome.id, projection, noun, format),
    },
    kind: "count",
    info: null,
  };
}

/** What is the same for all consequences. */
export interface OutcomeContext {
  /** What a period is called. */
  readonly noun: string;
  /** What the scenario starts from, in words. */
  readonly from: string;
  readonly formulas: readonly FormulaInfo[];
  readonly format: Format;
}

/** How long a customer stays by one way of reckoning, or what that is worth. */
export function derivedReckoning(
  name: string,
  figure: Figure,
  side: Side,
  { noun, formulas }: OutcomeContext,
): Derived {
  return {
    name,
    of: side === "today" ? "As today, no lever moved" : "Under the scenario",
    figure,
    kind: kindOf(figure, formulas),
    unit: noun,
    info: formulas.find(({ id }) => id === figure.formula) ?? null,
  };
}
