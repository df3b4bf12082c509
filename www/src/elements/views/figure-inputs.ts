/**
 * The numbers that went into a figure, by name.
 *
 * It computes nothing and knows no formula.
 */

import type { Figure } from "../../engine/core.ts";

/** A number that went into a figure; nothing where it did not. */
export function inputOf(figure: Figure | undefined, name: string): number | null {
  return figure?.inputs[name] ?? null;
}
