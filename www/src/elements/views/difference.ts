/**
 * What a scenario changes, in words and in money.
 *
 * It computes nothing: outcomes and their differences come from the core.
 */

import type { Projection, ScenarioOutcome } from "../../engine/core.ts";
import type { Format } from "../format.ts";
import { whyWords } from "../words.ts";
import { timeWords } from "./findings.ts";

/** One consequence: as today, under the scenario, and what lies between. */
export interface Consequence {
  readonly id: string;
  /** The outcome that it words. */
  readonly outcome: ScenarioOutcome;
  readonly label: string;
  readonly today: string;
  readonly scenario: string;
  /** Where the scenario likely lies, and nothing where no uncertainty is known. */
  readonly interval: string;
  /** With its sign; nothing where one of both is not defined. */
  readonly difference: string;
  readonly change: number | null;
  readonly better: "more" | "less";
  /** Why one of both is not defined. */
  readonly why: string;
}

/** Outcomes that are better the less there is of them. */
const LESS_IS_BETTER = new Set(["cacPayback", "newCustomersNeeded", "programmeBreakEven"]);

/** Outcomes in money: nothing without a price. */
const ONLY_PRICED = /^(clv|mrr|arr|revenue|presentValue|programme|cacPayback|gross|net)/;

/** What an outcome is called, in a table and as the goal of a search. */
export function outcomeName(id: string, noun: string, after: string): string {
  const names: Readonly<Record<string, string>> = {
    customers: `Customers after ${after}`,
    revenue: `Revenue per ${noun} after ${after}`,
    mrr: `Monthly recurring revenue (MRR) after ${after}`,
    arr: `Annual recurring revenue (ARR) after ${after}`,
    grossRevenueRetention12: "Gross revenue retention (GRR) after 12 months",
    netRevenueRetention12: "Net revenue retention (NRR) after 12 months",
    grossRevenueRetention36: "Gross revenue retention (GRR) after 36 months",
    netRevenueRetention36: "Net revenue retention (NRR) after 36 months",
    lifespan: "Lifespan of a customer",
    clv: "Lifetime value of a customer (gross profit)",
    clvDiscounted: "Lifetime value of a customer (gross profit, discounted)",
    clvHorizon: `Lifetime value of a customer within ${after} (gross profit)`,
    clvToCac: "Lifetime value over the cost to win a customer (LTV:CAC)",
    clvDiscountedToCac: "Discounted lifetime value over the cost to win a customer",
    cacPayback: "Payback of the cost to win a customer",
    presentValue: `Gross profit over ${after}, discounted`,
    growthCeiling: "Growth ceiling: customers at which as many leave as come",
    newCustomersNeeded: `New customers needed in the first ${noun} for the growth goal`,
    programmeSaved: "Revenue saved by the programme",
    programmeGain: "Gross profit saved by the programme less its cost, discounted",
    programmeNetReturn: "Net return of the programme",
    programmeBreakEven: `The programme has paid for itself in ${noun}`,
  };
  return names[id] ?? id;
}

/** A value of an outcome with its unit. */
export function outcomeWords(
  outcome: Pick<ScenarioOutcome, "id" | "unit">,
  value: number,
  noun: string,
  format: Format,
): string {
  if (outcome.id === "programmeBreakEven") return format.count(value);
  switch (outcome.unit) {
    case "money":
      return format.compactMoney(value);
    case "share":
      return format.share(value);
    case "periods":
      return timeWords(value, noun, format);
    case "ratio":
      return outcome.id === "clvToCac" || outcome.id === "clvDiscountedToCac"
        ? `${format.ratio(value)} : 1`
        : format.ratio(value);
    default:
      return format.count(value);
  }
}

/** A difference of an outcome with its sign. */
export function differenceWords(
  outcome: Pick<ScenarioOutcome, "id" | "unit">,
  value: number,
  noun: string,
  format: Format,
): string {
  if (outcome.unit === "share") {
    const points = format.points(value);
    return /[1-9]/.test(points) ? points : "none";
  }
  const size =
    outcome.unit === "ratio"
      ? format.ratio(Math.abs(value))
      : outcomeWords(outcome, Math.abs(value), noun, format);
  // What is too small to be written is no difference.
  if (!/[1-9]/.test(size)) return "none";
  return `${0 < value ? "+" : "\u2212"}${size}`;
}

/** All consequences of a scenario against today. */
export function consequences(
  scenario: Projection,
  noun: string,
  isPriced: boolean,
  format: Format,
): Consequence[] {
  const after = timeWords(scenario.periods.at(-1)?.period ?? 0, noun, format);
  return scenario.outcomes
    .filter(({ id }) => isPriced || !ONLY_PRICED.test(id))
    .filter(
      ({ id, why }) => why !== "beyond-the-projection" && !(id === "revenue" && noun === "month"),
    )
    .filter(
      ({ id, why }) =>
        !(why === "needs-cac" || (id === "growthCeiling" && why === "no-new-customers")),
    )
    .map((outcome) => {
      const words = (value: number | null | undefined): string =>
        value == null ? "not defined" : outcomeWords(outcome, value, noun, format);
      const change = outcome.difference ?? null;
      const why = outcome.why ?? outcome.todayWhy;
      const { low, high } = outcome;
      return {
        id: outcome.id,
        outcome,
        label: outcomeName(outcome.id, noun, after),
        today: outcome.todayWhy === "not-today" ? "–" : words(outcome.today),
        scenario: words(outcome.value),
        interval:
          low == null
            ? ""
            : high == null
              ? `likely ${words(low)} or more`
              : `likely ${words(low)} to ${words(high)}`,
        difference: change === null ? "" : differenceWords(outcome, change, noun, format),
        change,
        better: LESS_IS_BETTER.has(outcome.id) ? "less" : "more",
        why: why && why !== "not-today" ? whyWords(why) : "",
      } satisfies Consequence;
    });
}

/** The scenario in two sentences, its money first. */
export function scenarioSentence(all: readonly Consequence[], isMoved: boolean): string {
  if (!isMoved) return "Nothing is moved yet. Move a lever, and what it changes is said here.";
  const by = new Map(all.map((one) => [one.id, one]));
  const money = by.get("clvDiscounted");
  const clv = money?.change == null ? by.get("clv") : money;
  const [lifespan, customers, total] = [
    by.get("lifespan"),
    by.get("customers"),
    by.get("presentValue"),
  ];
  const isSaid = (one: Consequence | undefined): boolean =>
    one?.change != null && one.difference !== "none";
  const parts: string[] = [];
  if (clv && isSaid(clv)) {
    parts.push(`a customer is worth ${clv.scenario} instead of ${clv.today} (${clv.difference})`);
  }
  if (lifespan && isSaid(lifespan)) {
    const subject = 0 < parts.length ? "and stays" : "a customer stays";
    parts.push(`${subject} ${lifespan.scenario} instead of ${lifespan.today}`);
  } else if (lifespan && lifespan.change === null && lifespan.scenario !== lifespan.today) {
    const what =
      lifespan.scenario === "not defined" ? `not defined, as ${lifespan.why}` : lifespan.scenario;
    parts.push(`${0 < parts.length ? "and " : ""}the lifespan is ${what}`);
  }
  const sentences = 0 < parts.length ? [parts.join(" ")] : [];
  if (customers) {
    const people = isSaid(customers)
      ? `you have ${customers.scenario} customers instead of ${customers.today}`
      : `you have ${customers.today} customers either way`;
    const after = customers.label.replace("Customers after ", "after ");
    const profit =
      total && isSaid(total)
        ? `, and all of them together have brought ${total.difference.slice(1)} ${0 < (total.change ?? 0) ? "more" : "less"} gross profit in today's money`
        : "";
    sentences.push(`${after} ${people}${profit}`);
  }
  return sentences
    .map((sentence) => `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`)
    .join(" ");
}
