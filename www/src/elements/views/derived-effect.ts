/**
 * What the panel shows of how much one segment moved a rate: by its own rate, or by its share.
 *
 * It computes no figure: the effects are those of the report.
 */

import type { RateChangeReport, Report, SegmentEffectReport } from "../../engine/core.ts";
import type { Format } from "../format.ts";
import { exclusions } from "../sentence.ts";
import type { CustomerGroup } from "./behind.ts";
import type { Derived } from "./derivation.ts";
import { sourceWords } from "./derived-amounts.ts";

/** One of the two effects of a segment on the change of a rate. */
export interface Effect {
  readonly kind: "rate" | "share";
  /** The segment; nothing for all of them together. */
  readonly effect: SegmentEffectReport | null;
  /** The rate that changed, by its name. */
  readonly rateName: string;
  /** The segment and the two spans, in words. */
  readonly of: string;
  readonly groups: readonly CustomerGroup[];
}

/** The effect, with its arithmetic. */
export function derivedEffect(
  report: Report,
  change: RateChangeReport,
  { kind, effect, rateName, of, groups }: Effect,
  format: Format,
): Derived {
  const isRate = kind === "rate";
  const { rateEffect, mixEffect } = effect ?? change;
  return {
    name: `${rateName}: moved by ${isRate ? "its own rate" : "its share"}`,
    of,
    figure: null,
    amount: {
      value: format.points(isRate ? rateEffect : mixEffect, 2),
      certainty: "Counted; it has no interval.",
      meaning: isRate
        ? "What the change of a segment's own rate did to the rate of the whole, at the average of its two shares (Kitagawa, 1955)."
        : "What the change of a segment's share did to the rate of the whole: a segment that keeps more than the whole helps where it grows (Kitagawa, 1955).",
      arithmetic: effect
        ? arithmetic(kind, effect, change, format)
        : "The sum over all segments. Both sums together are the whole change.",
      source: sourceWords(report),
    },
    kind: "share",
    info: null,
    leftOut: exclusions(report.input.notes),
    groups,
  };
}

function arithmetic(
  kind: Effect["kind"],
  { rateBefore, rateNow, weightBefore, weightNow }: SegmentEffectReport,
  { before, now }: RateChangeReport,
  format: Format,
): string {
  const share = (value: number): string => format.share(value, 2);
  const moved = `(share ${share(weightNow)} \u2212 ${share(weightBefore)})`;
  const whole = `average rate of the whole (${share(before)} + ${share(now)}) \u00f7 2`;
  if (rateBefore === null || rateNow === null) {
    const known = rateBefore ?? rateNow;
    if (kind === "rate") {
      return "0: it had nobody at one of the two starts, so all that it moved is by its share.";
    }
    return known === null ? "" : `${moved} \u00d7 (rate ${share(known)} \u2212 ${whole})`;
  }
  return kind === "rate"
    ? `(rate ${share(rateNow)} \u2212 ${share(rateBefore)}) \u00d7 average share (${share(weightBefore)} + ${share(weightNow)}) \u00f7 2`
    : `${moved} \u00d7 (average rate (${share(rateBefore)} + ${share(rateNow)}) \u00f7 2 \u2212 ${whole})`;
}
