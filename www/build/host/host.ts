// What a host page may write in TypeScript, checked against the declarations that are handed out.
// It is never run: the same calls are made in a browser by tests/browser.

import {
  type AnalyzeOptions,
  analyze,
  calculate,
  type Figure,
  fit,
  type Projection,
  project,
  type Report,
  type RetentionCalculator,
  RetentionError,
} from "../../../dist/embed/retention-calculator.js";

export async function useFunctions(file: File): Promise<Projection> {
  const options: AnalyzeOptions = {
    granularity: "quarter",
    roles: { customer: "id" },
    signal: AbortSignal.timeout(1000),
    onProgress: ({ bytes, total, rows }) => `${bytes} of ${total}, ${rows} rows`,
  };
  const report: Report = await analyze(file, options);
  const rate: Figure | undefined = report.periods.at(-1)?.customerRetentionRate;
  const value: number | null | undefined = rate?.value;
  const figure = await calculate("customer_retention_rate", { start: 500, new: 80, end: 540 });
  const { parameters } = await fit({ kind: "sbg", survivors: [1000, 869, 743] });
  const retention = figure.value ?? value ?? parameters["alpha"] ?? 0;
  return project({
    from: { customers: 500, revenuePerCustomer: 20, retention },
    periodMonths: 1,
    periods: 12,
  });
}

export function useElement(): void {
  const element: RetentionCalculator = document.createElement("retention-calculator");
  element.mode = "quick";
  element.addEventListener("retention-report", (event) => event.report.periods.length);
  element.addEventListener("retention-error", (event) => `${event.code}: ${event.message}`);
  element.analyze("id,start\n1,2024-01-01\n").catch((error: unknown) => {
    if (error instanceof RetentionError) return error.code;
    throw error;
  });
  document.body.append(element);
}
