/**
 * What a scenario changes, in words and in money.
 *
 * It computes nothing but the differences of what was projected.
 */

import type { Figure, Projection } from "../../engine/core.ts";
import type { Format } from "../format.ts";
import { whyWords } from "../words.ts";
import { timeWords } from "./findings.ts";

/** One consequence: as today, under the scenario, and what lies between. */
export interface Consequence {
  readonly id: "lifespan" | "clv" | "customers" | "revenue";
  readonly label: string;
  readonly today: string;
  readonly scenario: string;
  /** With its sign; nothing where one of both is not defined. */
  readonly difference: string;
  readonly change: number | null;
  /** Why one of both is not defined. */
  readonly why: string;
}

const LIFESPAN_ORDER = ["mean", "average", "average_churn", "horizon", "discounted"];
const CLV_ORDER = ["discounted", "margin", "horizon", "revenue"];

/** The figure to show of several: the first that is there in this order, else the first of all. */
export function preferred(
  figures: Readonly<Record<string, Figure>>,
  order: readonly string[],
): Figure | null {
  for (const key of order) {
    const figure = figures[key];
    if (figure) return figure;
  }
  return Object.values(figures)[0] ?? null;
}

/** The lifespan that the what-if speaks of. */
export function lifespanOf(projection: Projection): Figure | null {
  return preferred(projection.lifespan, LIFESPAN_ORDER);
}

/** The lifetime value that the what-if speaks of. */
export function lifetimeValueOf(projection: Projection): Figure | null {
  return preferred(projection.clv, CLV_ORDER);
}

/** All consequences of a scenario against today. */
export function consequences(
  today: Projection,
  scenario: Projection,
  noun: string,
  format: Format,
): Consequence[] {
  const time = (value: number): string => timeWords(value, noun, format);
  const money = (value: number): string => format.compactMoney(value);
  const signed =
    (write: (value: number) => string) =>
    (value: number): string =>
      value === 0 ? "none" : `${0 < value ? "+" : "\u2212"}${write(Math.abs(value))}`;
  const [todayEnd, scenarioEnd] = [today.periods.at(-1), scenario.periods.at(-1)];
  const after = timeWords(scenarioEnd?.period ?? 0, noun, format);
  const rows: Consequence[] = [
    figureRow(
      "lifespan",
      "Lifespan of a customer",
      lifespanOf(today),
      lifespanOf(scenario),
      time,
      signed(time),
    ),
    figureRow(
      "clv",
      "Lifetime value of a customer",
      lifetimeValueOf(today),
      lifetimeValueOf(scenario),
      money,
      signed(money),
    ),
  ];
  if (todayEnd && scenarioEnd) {
    const customers = scenarioEnd.customers - todayEnd.customers;
    const revenue = scenarioEnd.revenue - todayEnd.revenue;
    rows.push(
      {
        id: "customers",
        label: `Customers after ${after}`,
        today: format.count(todayEnd.customers),
        scenario: format.count(scenarioEnd.customers),
        difference: signed((value) => format.count(value))(Math.round(customers)),
        change: customers,
        why: "",
      },
      {
        id: "revenue",
        label: `Revenue per ${noun} after ${after}`,
        today: money(todayEnd.revenue),
        scenario: money(scenarioEnd.revenue),
        difference: signed(money)(revenue),
        change: revenue,
        why: "",
      },
    );
  }
  return rows;
}

function figureRow(
  id: Consequence["id"],
  label: string,
  today: Figure | null,
  scenario: Figure | null,
  write: (value: number) => string,
  signed: (value: number) => string,
): Consequence {
  const words = (figure: Figure | null): string => {
    if (figure === null) return "not known";
    return figure.value === null ? "not defined" : write(figure.value);
  };
  const missing = [today, scenario].find((figure) => figure?.value === null);
  const change =
    today?.value == null || scenario?.value == null ? null : scenario.value - today.value;
  return {
    id,
    label,
    today: words(today),
    scenario: words(scenario),
    difference: change === null ? "" : signed(change),
    change,
    why: missing ? whyWords(missing.why) : "",
  };
}

/** The scenario in one sentence, its money first. */
export function scenarioSentence(all: readonly Consequence[], isMoved: boolean): string {
  if (!isMoved) return "Nothing is moved yet. Move a lever, and what it changes is said here.";
  const by = new Map(all.map((one) => [one.id, one]));
  const [clv, lifespan, customers, revenue] = (
    ["clv", "lifespan", "customers", "revenue"] as const
  ).map((id) => by.get(id));
  const parts: string[] = [];
  if (clv?.change != null && Math.abs(clv.change) >= 0.005) {
    parts.push(`A customer is worth ${clv.scenario} instead of ${clv.today} (${clv.difference})`);
  }
  if (lifespan?.change != null && Math.abs(lifespan.change) >= 0.05) {
    parts.push(
      `${0 < parts.length ? "and stays" : "A customer stays"} ${lifespan.scenario} instead of ${lifespan.today}`,
    );
  } else if (lifespan && lifespan.change === null && lifespan.scenario !== lifespan.today) {
    parts.push(
      `${0 < parts.length ? "and the" : "The"} lifespan is ${lifespan.scenario === "not defined" ? `not defined, as ${lifespan.why}` : lifespan.scenario}`,
    );
  }
  const first = 0 < parts.length ? `${parts.join(" ")}. ` : "";
  if (!customers || !revenue) return first.trim();
  const after = customers.label.replace("Customers after ", "");
  const isSame = customers.change !== null && Math.abs(customers.change) < 0.5;
  const people = isSame
    ? `you have ${customers.today} customers either way`
    : `you have ${customers.scenario} customers instead of ${customers.today}`;
  const isSameMoney = revenue.change !== null && Math.abs(revenue.change) < 0.005;
  const money = isSameMoney
    ? ""
    : `, and revenue is ${revenue.scenario} instead of ${revenue.today} (${revenue.difference})`;
  return `${first}After ${after} ${people}${money}.`;
}
