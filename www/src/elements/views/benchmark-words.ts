/**
 * Published ranges in words, and which of them stand beside a figure.
 *
 * It judges nothing: the verdicts come with the report.
 */

import type { Benchmark } from "../../engine/core.ts";
import type { Format } from "../format.ts";

/** The length of time of a range: `a year`. */
export function perWords(per: string): string {
  return PER[per] ?? per;
}

const PER: Readonly<Record<string, string>> = {
  month: "a month",
  quarter: "a quarter",
  year: "a year",
};

/** Segments that are about no size of customer, so that they can be about any business. */
const GENERAL = new Set(["B2B SaaS", "SaaS", "B2B"]);

/** `85.0% to 95.0%`, `90.0% or more`, `87.0%` */
export function rangeWords({ low, high }: Benchmark, format: Format): string {
  if (high == null) return `${format.share(low)} or more`;
  return low === high ? format.share(low) : format.interval(low, high, "share");
}

/** The ranges that stand beside a figure: those of a retention and of the churn that it leaves. */
export function benchmarksOf(
  benchmarks: readonly Benchmark[],
  metric: string | undefined,
): Benchmark[] {
  const pair = ["customer_retention_rate", "customer_churn_rate"];
  const metrics = metric !== undefined && pair.includes(metric) ? pair : [metric];
  return benchmarks.filter((one) => metrics.includes(one.metric));
}

/**
 * How a figure lies to the ranges that are not about one size of customer, in one line; nothing where
 * it cannot be judged by any. Unverified ranges judge nobody.
 */
export function benchmarkLine(
  benchmarks: readonly Benchmark[],
  metric: string | undefined,
  format: Format,
): string {
  const general = benchmarks.filter(
    (one) => one.metric === metric && GENERAL.has(one.segment) && one.unverified === null,
  );
  const judged = general.filter(({ verdict }) => verdict !== "uncertain");
  const [first] = judged;
  if (first?.figure?.value == null) return "";
  const counts = (["above", "within", "below"] as const).flatMap((verdict) => {
    const n = judged.filter((one) => one.verdict === verdict).length;
    return n === 0 ? [] : [`${verdict} ${format.count(n)}`];
  });
  return `Over ${perWords(first.per)} ${format.share(first.figure.value)}: ${format.list(counts)} of ${format.counted(general.length, "published range")}`;
}
