/**
 * The words that the overview opens with: what was kept, out of what, and how sure that is.
 *
 * It computes nothing but how many of the customers at the start are still there, which is what the
 * rate was counted from.
 */

import type { Figure, PeriodReport, Report } from "../../engine/core.ts";
import type { Format } from "../format.ts";
import { whyNoRate } from "../words.ts";
import { inputOf } from "./figure-inputs.ts";
import { headlinePeriod, isWholeFile } from "./period-choice.ts";

/** A piece of the opening: words, or a figure that can be opened. */
export type OpeningPiece =
  | { readonly kind: "words"; readonly text: string }
  | {
      readonly kind: "figure";
      readonly id: string;
      readonly text: string;
      /** What must not be torn from it: an opening bracket, a comma. */
      readonly before: string;
      readonly after: string;
    };

/** The opening sentence and what has to be said beside it. */
export interface Opening {
  readonly pieces: readonly OpeningPiece[];
  readonly asides: readonly string[];
}

const words = (text: string): OpeningPiece => ({ kind: "words", text });
const figure = (id: string, text: string, before = "", after = ""): OpeningPiece => ({
  kind: "figure",
  id,
  text,
  before,
  after,
});

/** The opening of a report. */
export function openingOf(report: Report, format: Format): Opening {
  const chosen = headlinePeriod(report.periods);
  if (!chosen) {
    return { pieces: [words("The file has no period to report on.")], asides: [] };
  }
  const { period, before, unfinished } = chosen;
  const isPurchases = report.input.shape === "transactions";
  const pieces = isPurchases
    ? boughtAgain(report, period, before, format)
    : kept(report, period, format);
  const asides: string[] = [];
  const isEmpty = isWholeFile(period) ? null : emptied(report.periods, chosen.index, format);
  if (isEmpty) asides.push(isEmpty);
  const until = report.input.asOf ? `, the data end on ${format.date(report.input.asOf)}` : "";
  if (unfinished) {
    asides.push(
      `${format.period(unfinished.period)} is not over${until}, so this speaks of ${format.period(period.period)}, the last complete period.`,
    );
  } else if (period.partial) {
    asides.push(
      `${format.period(period.period)} is not over${until}, and there is no complete period: read this as a count so far.`,
    );
  }
  if (isWholeFile(period)) {
    asides.push(
      "The file has no dates, so all of it is one period, however long each customer has been there.",
    );
  }
  return { pieces, asides };
}

function kept(report: Report, period: PeriodReport, format: Format): OpeningPiece[] {
  const noun = report.input.shape === "accounts" ? "account" : "customer";
  const rate = period.customerRetentionRate;
  const when = isWholeFile(period) ? "" : `In ${format.period(period.period)} `;
  const you = when ? "you" : "You";
  const counts = keptOf(period, rate);
  if (rate.value === null) {
    const revenue = revenueClause(period, format, "you kept ");
    return revenue.length === 0
      ? [
          words(
            `${when || "For this file "}there is no retention rate: ${whyNoRate(rate.why)}.${began(period, noun, format)}`,
          ),
        ]
      : [
          words(when),
          ...capitalFirst(revenue, !when),
          words(". "),
          words(`There is no rate of ${noun}s: ${whyNoRate(rate.why)}.`),
        ];
  }
  const pieces: OpeningPiece[] = [];
  if (!counts) {
    const share = figure("customerRetentionRate", format.share(rate.value));
    pieces.push(words(`${when}${you} kept `), share, words(` of your ${noun}s`));
  } else if (counts.start === 1) {
    pieces.push(
      words(`${when}${you} ${counts.kept === 1 ? "kept" : "lost"} your only ${noun} `),
      ...bracketed(rate, format),
    );
  } else {
    const of = format.count(counts.start);
    const howMany =
      counts.kept === counts.start
        ? `all ${of}`
        : `${counts.kept === 0 ? "none" : format.count(counts.kept)} of ${of}`;
    pieces.push(
      words(`${when}${you} kept `),
      figure("customerRetentionRate", howMany),
      words(` ${noun}s `),
      ...bracketed(rate, format),
    );
  }
  const net = period.netRevenueRetention.value;
  if (net !== null && net < 0) {
    const share = figure("netRevenueRetention", format.share(net), "(", ")");
    pieces.push(words(", but what is left of their revenue is below zero "), share);
  } else {
    const revenue = revenueClause(period, format, "");
    if (0 < revenue.length) pieces.push(words(" and "), ...revenue);
  }
  pieces.push(words("."));
  return pieces;
}

function boughtAgain(
  report: Report,
  period: PeriodReport,
  before: PeriodReport | null,
  format: Format,
): OpeningPiece[] {
  const rate = period.customerRetentionRate;
  const counts = keptOf(period, rate);
  const pieces: OpeningPiece[] = [];
  if (rate.value === null || !counts) {
    pieces.push(
      words(
        `In ${format.period(period.period)} there is no retention rate: ${whyNoRate(rate.why)}.`,
      ),
    );
  } else {
    const who =
      counts.start === 1 ? "the one customer" : `the ${format.count(counts.start)} customers`;
    const again =
      counts.kept === counts.start && 1 < counts.start ? "all" : format.count(counts.kept);
    pieces.push(
      words(
        `Of ${who} who bought ${before ? `in ${format.period(before.period)}` : "in the period before"}, `,
      ),
      figure("customerRetentionRate", `${again} bought again`),
      words(` in ${format.period(period.period)} `),
      ...bracketed(rate, format),
      words("."),
    );
  }
  const repeat = report.purchases?.repeatCustomerRate;
  if (repeat && repeat.value !== null) {
    pieces.push(
      words(` Over the whole file `),
      figure("repeatCustomerRate", format.share(repeat.value)),
      words(
        ` of ${format.counted(report.purchases?.customers ?? 0, "customer")} bought more than once.`,
      ),
    );
  }
  return pieces;
}

/** How many began in a period that has no rate. */
function began({ customers }: PeriodReport, noun: string, format: Format): string {
  return customers.new ? ` ${format.counted(customers.new, noun)} began in it.` : "";
}

/** When the last customers left, where nobody is left. */
function emptied(periods: readonly PeriodReport[], index: number, format: Format): string | null {
  if (periods[index]?.customers.end !== 0) return null;
  const last = periods.slice(0, index + 1).findLast(({ customers }) => 0 < (customers.start ?? 0));
  return last && last.customers.end === 0
    ? `Nobody is left: the last ${format.counted(last.customers.start ?? 0, "customer")} went in ${format.period(last.period)}.`
    : null;
}

/** `104.3% of their revenue`, where it is known. */
function revenueClause(period: PeriodReport, format: Format, before: string): OpeningPiece[] {
  const { value } = period.netRevenueRetention;
  if (value === null) return [];
  return [
    words(before),
    figure("netRevenueRetention", format.share(value)),
    words(" of their revenue"),
  ].filter((piece) => piece.text !== "");
}

function capitalFirst(pieces: OpeningPiece[], isNeeded: boolean): OpeningPiece[] {
  return pieces.map((piece, index) =>
    isNeeded && index === 0
      ? { ...piece, text: piece.text.charAt(0).toUpperCase() + piece.text.slice(1) }
      : piece,
  );
}

/** How many of how many are still there, from the counts or from what the rate was made of. */
function keptOf(period: PeriodReport, rate: Figure): { kept: number; start: number } | null {
  const start = period.customers.start ?? inputOf(rate, "start");
  const lost = period.customers.lost ?? inputOf(rate, "lost");
  if (start == null) return null;
  if (lost != null) return { kept: start - lost, start };
  const [end, fresh] = [inputOf(rate, "end"), inputOf(rate, "new")];
  return end === null || fresh === null ? null : { kept: end - fresh, start };
}

/** `(92.0%, likely 89.3% to 94.1%)`, the share as a figure. */
function bracketed(rate: Figure, format: Format): OpeningPiece[] {
  if (rate.value === null) return [];
  const hasInterval = rate.low != null && rate.high != null;
  const share = figure(
    "customerRetentionRate",
    format.share(rate.value),
    "(",
    hasInterval ? "," : ")",
  );
  return rate.low == null || rate.high == null
    ? [share]
    : [share, words(` likely ${format.interval(rate.low, rate.high, "share")})`)];
}
