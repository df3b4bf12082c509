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
  readonly id: "lifespan" | "clv" | "customers" | "revenue" | "total";
  readonly label: string;
  readonly today: string;
  readonly scenario: string;
  /** With its sign; nothing where one of both is not defined. */
  readonly difference: string;
  readonly change: number | null;
  /** Why one of both is not defined. */
  readonly why: string;
}

const LIFESPAN_ORDER = ["mean", "lower_bound", "horizon"];
const CLV_ORDER = ["discounted", "margin", "horizon_discounted", "horizon", "revenue"];

/** What a lifetime value counts, by the name of its variant. */
const CLV_WORDS: Readonly<Record<string, string>> = {
  discounted: "gross profit, discounted",
  margin: "gross profit",
  horizon_discounted: "gross profit within these periods, discounted",
  horizon: "gross profit within these periods",
  revenue: "revenue",
};

/** The name of the first that has a value in both, else of the first that is there in both. */
export function preferred(
  today: Readonly<Record<string, Figure>>,
  scenario: Readonly<Record<string, Figure>>,
  order: readonly string[],
): string | null {
  const both = order.filter((key) => today[key] && scenario[key]);
  return (
    both.find((key) => today[key]?.value != null && scenario[key]?.value != null) ?? both[0] ?? null
  );
}

/** All consequences of a scenario against today. */
export function consequences(
  today: Projection,
  scenario: Projection,
  noun: string,
  isPriced: boolean,
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
  // The mean lifespan is shown also where it has no end: that is what the reader has to know.
  const lifespan =
    LIFESPAN_ORDER.find((key) => today.lifespan[key] && scenario.lifespan[key]) ?? "";
  const rows = [
    figureRow(
      "lifespan",
      "Lifespan of a customer",
      today.lifespan[lifespan],
      scenario.lifespan[lifespan],
      time,
      signed(time),
    ),
  ];
  const clv = isPriced ? preferred(today.clv, scenario.clv, CLV_ORDER) : null;
  if (clv) {
    const label = `Lifetime value of a customer (${CLV_WORDS[clv] ?? clv})`;
    rows.push(figureRow("clv", label, today.clv[clv], scenario.clv[clv], money, signed(money)));
  }
  if (todayEnd && scenarioEnd) {
    const customers = scenarioEnd.customers - todayEnd.customers;
    rows.push({
      id: "customers",
      label: `Customers after ${after}`,
      today: format.count(todayEnd.customers),
      scenario: format.count(scenarioEnd.customers),
      difference: signed((value) => format.count(value))(Math.round(customers)),
      change: customers,
      why: "",
    });
    const moneyRow = (id: "revenue" | "total", label: string, from: number, to: number): void => {
      const difference = signed(money)(to - from);
      rows.push({
        id,
        label,
        today: money(from),
        scenario: money(to),
        difference,
        change: to - from,
        why: "",
      });
    };
    if (isPriced) {
      moneyRow(
        "revenue",
        `Revenue per ${noun} after ${after}`,
        todayEnd.revenue,
        scenarioEnd.revenue,
      );
      moneyRow(
        "total",
        `Gross profit over ${after}, discounted`,
        today.presentValue,
        scenario.presentValue,
      );
    }
  }
  return rows;
}

function figureRow(
  id: Consequence["id"],
  label: string,
  today: Figure | undefined,
  scenario: Figure | undefined,
  write: (value: number) => string,
  signed: (value: number) => string,
): Consequence {
  const words = (figure: Figure | undefined): string => {
    if (figure === undefined) return "not known";
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

/** The scenario in two sentences, its money first. */
export function scenarioSentence(all: readonly Consequence[], isMoved: boolean): string {
  if (!isMoved) return "Nothing is moved yet. Move a lever, and what it changes is said here.";
  const by = new Map(all.map((one) => [one.id, one]));
  const [clv, lifespan, customers, total] = (
    ["clv", "lifespan", "customers", "total"] as const
  ).map((id) => by.get(id));
  const parts: string[] = [];
  if (clv?.change != null && 0.005 <= Math.abs(clv.change)) {
    parts.push(`a customer is worth ${clv.scenario} instead of ${clv.today} (${clv.difference})`);
  }
  if (lifespan?.change != null && 0.05 <= Math.abs(lifespan.change)) {
    const subject = 0 < parts.length ? "and stays" : "a customer stays";
    parts.push(`${subject} ${lifespan.scenario} instead of ${lifespan.today}`);
  } else if (lifespan && lifespan.change === null && lifespan.scenario !== lifespan.today) {
    const what =
      lifespan.scenario === "not defined" ? `not defined, as ${lifespan.why}` : lifespan.scenario;
    parts.push(`${0 < parts.length ? "and " : ""}the lifespan is ${what}`);
  }
  const sentences = 0 < parts.length ? [parts.join(" ")] : [];
  if (customers) {
    const isSame = customers.difference === "none";
    const people = isSame
      ? `you have ${customers.today} customers either way`
      : `you have ${customers.scenario} customers instead of ${customers.today}`;
    const after = customers.label.replace("Customers after ", "after ");
    const profit =
      total?.change == null || Math.abs(total.change) < 0.005
        ? ""
        : `, and all of them together have brought ${total.difference.slice(1)} ${0 < total.change ? "more" : "less"} gross profit in today's money`;
    sentences.push(`${after} ${people}${profit}`);
  }
  return sentences
    .map((sentence) => `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`)
    .join(" ");
}
