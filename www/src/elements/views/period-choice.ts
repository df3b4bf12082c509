/**
 * Which period a view speaks of, and what it is held against.
 *
 * It computes no figure. A period that is not over is shown, but never spoken of first as long as
 * there is one that is.
 */

import type { PeriodReport, Report } from "../../engine/core.ts";

/** The label of the only period of a file without dates. */
export const WHOLE_FILE = "all";

/** The period that the headline speaks of, and its neighbours. */
export interface ChosenPeriod {
  readonly period: PeriodReport;
  readonly index: number;
  /** The one before, to hold it against. */
  readonly before: PeriodReport | null;
  /** The one after that is not over and therefore not spoken of. */
  readonly unfinished: PeriodReport | null;
}

/** The last complete period; the last one where none is complete; nothing where there is none. */
export function headlinePeriod(periods: readonly PeriodReport[]): ChosenPeriod | null {
  const complete = periods.findLastIndex((period) => !period.partial);
  const index = 0 <= complete ? complete : periods.length - 1;
  const period = periods[index];
  if (!period) return null;
  const after = periods[index + 1];
  return {
    period,
    index,
    before: periods[index - 1] ?? null,
    unfinished: after?.partial ? after : null,
  };
}

/** Whether the file has no dates, so that its one period is all there is. */
export function isWholeFile(period: PeriodReport): boolean {
  return period.period === WHOLE_FILE;
}

/** Months in one period, by its label: `2026-03`, `2026-Q1`, `2026`. */
export function monthsOf(period: string): number {
  if (/^\d{4}-\d{2}$/.test(period)) return 1;
  if (/^\d{4}-Q[1-4]$/.test(period)) return 3;
  return /^\d{4}$/.test(period) ? 12 : 1;
}

/** The granularity of a report by the labels of its periods; nothing where they have none. */
export function granularityOf(report: Report): "month" | "quarter" | "year" | null {
  const label = report.periods[0]?.period ?? "";
  if (/^\d{4}-\d{2}$/.test(label)) return "month";
  if (/^\d{4}-Q[1-4]$/.test(label)) return "quarter";
  return /^\d{4}$/.test(label) ? "year" : null;
}
