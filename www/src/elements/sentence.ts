/**
 * The sentence that says what was understood of a file, and the one that says where a figure comes
 * from.
 *
 * It makes words, not markup, and computes no figure.
 */

import type { Figure, FormulaInfo, Input, NoteReport, Report } from "../engine/core.ts";
import type { Format } from "./format.ts";
import { leftOutWords, SHAPES, spelled, whyWords } from "./words.ts";

/** A piece of a sentence: words of ours, or the name of a column of the file. */
export type Piece = { kind: "words"; text: string } | { kind: "column"; name: string };

const words = (text: string): Piece => ({ kind: "words", text });

/** What one customer is called in each shape. */
const CUSTOMER_NOUN: Readonly<Record<string, readonly [one: string, many: string]>> = {
  subscriptions: ["customer", "customers"],
  mrr: ["customer", "customers"],
  transactions: ["customer", "customers"],
  accounts: ["account", "accounts"],
};

/** What the amount is called in each shape. */
const AMOUNT_NOUN: Readonly<Record<string, string>> = {
  subscriptions: "revenue",
  mrr: "monthly revenue",
  transactions: "amounts",
  accounts: "revenue",
};

/**
 * `5,000 subscription rows of 500 customers, 1 Jan 2023 to 31 Dec 2024, revenue from`
 * `mrr_amount, customers by account_id. 778 rows left out.`
 */
export function understood(input: Input, format: Format): Piece[] {
  const pieces: Piece[] = [];
  const noun = SHAPES[input.shape]?.row ?? spelled(input.shape);
  pieces.push(words(format.counted(input.rows.read, `${noun} row`)));
  const customers = CUSTOMER_NOUN[input.shape];
  if (customers !== undefined && input.shape !== "accounts") {
    pieces.push(words(` of ${format.counted(input.customers, ...customers)}`));
  }
  const span = dateSpan(input, format);
  if (span !== "") {
    pieces.push(words(`, ${span}`));
  }
  const amount = input.columns.filter(({ role }) => role === "amount");
  const only = amount[0];
  if (only !== undefined && amount.length === 1) {
    pieces.push(words(`, ${AMOUNT_NOUN[input.shape] ?? "amounts"} from `), column(only.name));
    if (input.currency !== null) {
      pieces.push(words(` in ${input.currency}`));
    }
  }
  const customer = input.columns.find(({ role }) => role === "customer");
  if (customer !== undefined) {
    pieces.push(words(", customers by "), column(customer.name));
  }
  pieces.push(words("."));
  const without = leftOut(input, format);
  if (without !== "") {
    pieces.push(words(` ${without}`));
  }
  return pieces;
}

/**
 * The same of several files: what the history is, how each of the others joined it, and how much
 * contradicts.
 */
export function understoodOf({ input, files }: Report, format: Format): Piece[] {
  if (files === null || files === undefined) {
    return understood(input, format);
  }
  const isHistory = (kind: string) => kind in SHAPES;
  const histories = files.files.filter(({ kind }) => isHistory(kind));
  const pieces: Piece[] = [];
  histories.forEach(({ name }, index) => {
    pieces.push(...(index === 0 ? [] : [words(" and ")]), column(name));
  });
  pieces.push(words(": "), ...understood(input, format));
  for (const join of files.joins) {
    const nouns = join.kind === "events" ? "customers with churn events" : "customers";
    pieces.push(words(" "));
    join.files.forEach((name, index) => {
      pieces.push(...(index === 0 ? [] : [words(" and ")]), column(name));
    });
    pieces.push(
      words(" joins by "),
      column(join.key),
      words(
        `: ${format.count(join.matched)} of ${format.count(join.customers)} ${nouns} are in the history.`,
      ),
    );
  }
  for (const { name } of files.files.filter(({ kind }) => kind === "unused")) {
    pieces.push(words(" "), column(name), words(" is not used."));
  }
  const decidable = files.contradictions.filter(({ choices }) => 1 < choices.length);
  if (0 < decidable.length) {
    pieces.push(
      words(
        ` The files contradict each other in ${format.counted(decidable.length, "way", "ways")} that change the figures; see Import report.`,
      ),
    );
  }
  return pieces;
}

function column(name: string): Piece {
  return { kind: "column", name };
}

function dateSpan({ firstDate, asOf }: Input, format: Format): string {
  if (asOf === "") {
    return "";
  }
  return firstDate === null || firstDate === undefined || firstDate === asOf
    ? `up to ${format.date(asOf)}`
    : `${format.date(firstDate)} to ${format.date(asOf)}`;
}

/** How many reasons the sentence names. */
const REASONS_NAMED = 3;

/** `778 rows left out: 700 trials and 78 refunded.`, and nothing where none are. */
function leftOut({ rows, notes }: Input, format: Format): string {
  if (rows.excluded === 0) {
    return "";
  }
  const counts = new Map<string, number>();
  for (const { code, count } of exclusions(notes)) {
    counts.set(code, (counts.get(code) ?? 0) + count);
  }
  const named = [...counts].sort(([, a], [, b]) => b - a).slice(0, REASONS_NAMED);
  const reasons = named.map(
    ([code, count]) => `${format.count(count)} ${leftOutWords(code, count)}`,
  );
  const head = `${format.counted(rows.excluded, "row")} left out`;
  if (reasons.length === 0) {
    return `${head}.`;
  }
  return `${head}: ${format.list(named.length < counts.size ? [...reasons, "others"] : reasons)}.`;
}

/** The notes that say why rows are left out, the most frequent first. */
export function exclusions(notes: readonly NoteReport[]): NoteReport[] {
  return notes.filter(({ excludes }) => excludes).sort((a, b) => b.count - a.count);
}

/** A formula's expression as it stands, with the labels of its inputs: `(end − new) ÷ start`. */
export function expressionWords(info: Pick<FormulaInfo, "expression" | "inputs">): string {
  return info.expression.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const label = info.inputs.find((input) => input.name === name)?.label ?? spelled(name);
    return label.charAt(0).toLowerCase() + label.slice(1);
  });
}

/**
 * A figure with the numbers it was made from: `(540 − 80) ÷ 500 = 92.0%`, or
 * `(0 − 0) ÷ 0: not defined: no customers at the start, so no rate`.
 */
export function worked(info: FormulaInfo, figure: Figure, format: Format): string {
  const arithmetic = workedExpression(info, figure, format);
  return figure.value === null
    ? `${arithmetic}, not defined: ${whyWords(figure.why)}`
    : `${arithmetic} = ${format.value(figure.value, info.result)}`;
}

/** A formula's expression with the numbers of a figure: `(540 − 80) ÷ 500`. */
export function workedExpression(
  info: Pick<FormulaInfo, "expression" | "inputs">,
  figure: Figure,
  format: Format,
): string {
  return info.expression.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const value = figure.inputs[name];
    const unit = info.inputs.find((input) => input.name === name)?.unit ?? "ratio";
    if (value === undefined) {
      return "…";
    }
    return unit === "periods" || unit === "months"
      ? format.periods(value)
      : format.value(value, unit);
  });
}
