/**
 * Segments in words: their names, which one moved the total most, and what the mix did.
 *
 * It chooses and words what the report has; it computes no figure.
 */

import type {
  ConcentrationReport,
  MixReport,
  RateChangeReport,
  Report,
  Segment,
} from "../../engine/core.ts";
import type { Format } from "../format.ts";
import { isolated } from "../text.ts";
import { isWholeFile } from "./period-choice.ts";

/** What an empty value is called. */
export const NOT_STATED = "not stated";

/** The parts of a segment's name, one for each column; one for all where it stands for several. */
export function segmentParts({ values, name }: Segment, format: Format, pooled = 0): string[] {
  if (values.length === 0) {
    return [pooled === 0 ? name || NOT_STATED : format.counted(pooled, "smaller segment")];
  }
  return values.map((value) => value || NOT_STATED);
}

/** A segment's name inside a plain string, so that each part keeps its own direction. */
export function segmentName(segment: Segment, format: Format, pooled = 0): string {
  return segmentParts(segment, format, pooled).map(isolated).join(" · ");
}

/** The columns as words: `region and plan`. */
export function columnsWords(columns: readonly string[], format: Format): string {
  return format.list(columns.map(isolated));
}

/** How a period is called in a sentence. */
function inPeriod({ segments }: Report, format: Format): string {
  const latest = segments?.[0]?.latest;
  if (!latest) return "";
  return isWholeFile(latest) ? "In the whole file" : `In ${format.period(latest.period)}`;
}

/** Words of the opening, or an amount in it: of a segment, or of all of them (`null`). */
export interface OpeningPiece {
  readonly text: string;
  readonly segment?: Segment | null;
}

/** The sentence that the view opens with: which segment moved the total most, in money. */
export function openingWords(report: Report, format: Format): OpeningPiece[] {
  const { segments, segmentation } = report;
  const when = inPeriod(report, format);
  if (!segments || !segmentation) return [];
  const pooled = segmentation.pooled;
  if (segments.length === 1 && segments[0]) {
    const name = segmentName(segments[0], format, pooled);
    return [{ text: `${when}, all customers are in one segment: ${name}.` }];
  }
  const withMoney = segments.filter(({ change }) => change != null);
  const most = withMoney.toSorted((a, b) => Math.abs(b.change ?? 0) - Math.abs(a.change ?? 0))[0];
  if (most?.change != null) {
    const total = segmentation.change ?? 0;
    if (most.change === 0) return [{ text: `${when}, no segment’s revenue changed.` }];
    const verb = most.change < 0 ? "lost" : "gained";
    const name = segmentName(most, format, pooled);
    const amount = (text: number): string => format.money(Math.abs(text));
    return [
      { text: `${when}, ${name} moved revenue most: it ${verb} ` },
      { text: amount(most.change), segment: most },
      ...(total === 0
        ? [{ text: ", while the total stayed as it was." }]
        : [
            { text: `, while the total ${total < 0 ? "fell" : "grew"} by ` },
            { text: amount(total), segment: null },
            { text: "." },
          ]),
    ];
  }
  const lost = ({ latest }: Segment): number => latest.customers.lost ?? 0;
  const leader = segments.toSorted((a, b) => lost(b) - lost(a))[0];
  return leader && 0 < lost(leader)
    ? [
        { text: `${when}, ${segmentName(leader, format, pooled)} lost the most customers: ` },
        { text: format.counted(lost(leader), "customer"), segment: leader },
        { text: "." },
      ]
    : [{ text: `${when}, no segment lost a customer.` }];
}

/** The rates whose change is taken apart, by the key of the report. */
export const MIX_RATES = [
  ["customerRetention", "Customer retention"],
  ["grossRetention", "Gross revenue retention"],
  ["netRetention", "Net revenue retention"],
] as const;

/** One of them. */
export type MixRate = (typeof MIX_RATES)[number][0];

/** `Net revenue retention fell by 1.2 pp: …` */
export function mixFinding(name: string, change: RateChangeReport, format: Format): string {
  const points = (value: number): string => format.points(value);
  if (Math.abs(change.change) < 0.0005) {
    return Math.abs(change.rateEffect) < 0.0005
      ? `${name} hardly changed`
      : `${name} hardly changed: segments moved it by ${points(change.rateEffect)}, the mix by ${points(change.mixEffect)}`;
  }
  const verb = change.change < 0 ? "fell" : "rose";
  const by = points(Math.abs(change.change)).replace("+", "");
  const isRate = Math.abs(change.mixEffect) <= Math.abs(change.rateEffect);
  return `${name} ${verb} by ${by}, ${isRate ? "mostly inside segments" : "mostly because the mix changed"}`;
}

/** What the two effects are, in one sentence. */
export function mixExplained(mix: MixReport, change: RateChangeReport, format: Format): string {
  const paradox = change.paradox
    ? ` Every segment ${change.change < 0 ? "kept more" : "kept less"} than before, and the total ${change.change < 0 ? "fell" : "rose"}: only the mix explains it (Simpson’s paradox).`
    : "";
  return `From ${spanWords(mix.before, format)} to ${spanWords(mix.now, format)}: ${format.points(change.rateEffect)} from segments that kept more or less than before, ${format.points(change.mixEffect)} from more or fewer customers in segments that keep more than others.${paradox}`;
}

/** A span as words; that of twelve months by its days. */
export function spanWords(label: string, format: Format): string {
  const [from = label, to] = label.split("/");
  return to === undefined ? format.period(from) : `${format.date(from)} to ${format.date(to)}`;
}

/** What revenue is concentrated in, as words before the figures. */
export function concentrationBasis(found: ConcentrationReport, format: Format): string {
  if (found.to == null) return "revenue of the accounts that are left";
  return found.from == null
    ? `monthly revenue on ${format.date(found.to)}`
    : `revenue of the twelve months to ${format.date(found.to)}`;
}
