/**
 * The one file for other sites: registers `<retention-calculator>` and gives the same functions
 * without an element.
 *
 * It does nothing to the page that loads it beyond that.
 */

import "./elements/retention-calculator-define.ts";
import {
  type AnalyzeFilesOptions,
  type AnalyzeOptions,
  Engine,
  type GivenFile,
  type Source,
} from "./engine/client.ts";
import type {
  CustomerHistory,
  CustomerList,
  CustomerQuery,
  Figure,
  Fit,
  FitRequest,
  FormulaId,
  Projection,
  Report,
  RiskReport,
  Scenario,
  ScoreOptions,
} from "./engine/core.ts";
import { startHost } from "./engine/start.ts";

export {
  RetentionErrorEvent,
  RetentionLeadEvent,
  RetentionProgressEvent,
  RetentionReportEvent,
  RetentionScenarioEvent,
  RetentionViewEvent,
} from "./elements/events.ts";
export { RetentionCalculator } from "./elements/retention-calculator.ts";
export type {
  AnalyzeFilesOptions,
  AnalyzeOptions,
  GivenFile,
  Source,
} from "./engine/client.ts";
export type * from "./engine/core.ts";
export type { Progress } from "./engine/protocol.ts";
export { RetentionError } from "./engine/retention-error.ts";

const engine = new Engine(startHost);

/** Reads a file and reports on it. Everything that is not given is detected. */
export function analyze(source: Source, options: AnalyzeOptions = {}): Promise<Report> {
  return engine.analyze(source, options);
}

/** The customers behind a figure of the last report. */
export function customers(query: CustomerQuery): Promise<CustomerList> {
  return engine.customers(query);
}

/** All customers that match a query, as a table in CSV. */
export function customersCsv(query: CustomerQuery): Promise<Blob> {
  return engine.customersCsv(query);
}

/** What one customer paid when, by its id as the file has it. */
export function customer(id: string): Promise<CustomerHistory> {
  return engine.customer(id);
}

/** Reads several files, joins them by customer and reports on them. One file alone is read as ever. */
export function analyzeFiles(
  files: readonly GivenFile[],
  options: AnalyzeFilesOptions = {},
): Promise<Report> {
  return engine.analyzeFiles(files, options);
}

/** One formula on plain numbers. */
export function calculate(formula: FormulaId, inputs: Record<string, number>): Promise<Figure> {
  return engine.calculate(formula, inputs);
}

/** A lifespan model on counts, durations or purchases. */
export function fit(request: FitRequest): Promise<Fit> {
  return engine.fit(request);
}

/** What becomes of the customers under a scenario. */
export function project(scenario: Scenario): Promise<Projection> {
  return engine.project(scenario);
}

/** How likely each account of a file is to leave, by a sheet of rules that can be changed. */
export function score(source: string | Blob, options: ScoreOptions = {}): Promise<RiskReport> {
  return engine.score(source, options);
}
