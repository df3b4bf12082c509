/**
 * The steps of a waterfall: where each bar starts and ends, and that they tie.
 *
 * It draws nothing; it knows amounts and signs, not customers and not currencies.
 */

import { type Axis, axisBetween, axisFromZero } from "./domain.ts";

/** One line of the sum: a level, or what is added to or taken from it. */
export interface Movement {
  readonly key: string;
  readonly label: string;
  readonly kind: "level" | "gain" | "loss";
  /** Never signed by its kind: a loss of 20 is `20`, and a loss that gave 20 is `-20`. */
  readonly amount: number;
}

/** A movement with the two heights between which it is drawn. */
export interface Step extends Movement {
  readonly from: number;
  readonly to: number;
  /** What it does to the level: its amount with the sign of its kind. */
  readonly change: number;
}

/** All steps, and by how much the last level differs from the sum of what came before. */
export interface Waterfall {
  readonly steps: readonly Step[];
  readonly gap: number;
}

/** Stacks the movements from the first level on; each level after it is taken as it is given. */
export function waterfall(movements: readonly Movement[]): Waterfall {
  let level = 0;
  let gap = 0;
  let isFirst = true;
  const steps = movements.map((movement): Step => {
    if (movement.kind === "level") {
      if (!isFirst) gap = movement.amount - level;
      isFirst = false;
      level = movement.amount;
      return { ...movement, from: 0, to: level, change: 0 };
    }
    const change = movement.kind === "gain" ? movement.amount : -movement.amount;
    const from = level;
    level += change;
    return { ...movement, from, to: level, change };
  });
  return { steps, gap };
}

/** Whether the steps tie to `tolerance`, such as half a cent. */
export function ties(all: Waterfall, tolerance: number): boolean {
  return Math.abs(all.gap) <= tolerance;
}

/**
 * The axis of a waterfall. It holds zero, unless the movements would then be too small to be seen:
 * in that case it is cut, and levels are to be drawn as positions and not as bars.
 */
export function waterfallAxis(all: Waterfall, nTicks: number): Axis & { readonly isCut: boolean } {
  const heights = all.steps.flatMap((step) =>
    step.kind === "level" ? [step.to] : [step.from, step.to],
  );
  const full = axisFromZero(heights, nTicks);
  const low = Math.min(...heights);
  const high = Math.max(...heights);
  const isFarFromZero = 0 < low || high < 0;
  if (!isFarFromZero || low === high || 0.3 * (full.high - full.low) < high - low) {
    return { ...full, isCut: false };
  }
  const room = 0.08 * (high - low);
  return { ...axisBetween(low - room, high + room, nTicks), isCut: true };
}
