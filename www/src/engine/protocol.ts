/**
 * What the page and the worker say to each other.
 *
 * It holds messages only; who sends what when is in `client.ts` and `worker.ts`.
 */

import type {
  AnalyzeOptions,
  Figure,
  Fit,
  FitRequest,
  FormulaId,
  FormulaInfo,
  Projection,
  Report,
  Scenario,
} from "./core.ts";
import type { FlatError } from "./retention-error.ts";

/** How far the reading of a file has come. */
export interface Progress {
  /** Bytes of the file read so far. */
  bytes: number;
  /** Bytes of the file. */
  total: number;
  /** Rows read so far. */
  rows: number;
  /** 1, and 2 where the file is read again. */
  pass: number;
  /** Why it is read again. */
  why?: string;
}

/** What can be asked of the core. */
export type Request =
  | { kind: "analyze"; source: Blob; options: AnalyzeOptions }
  | { kind: "reanalyze"; source: Blob; options: AnalyzeOptions }
  | { kind: "calculate"; formula: FormulaId; inputs: Record<string, number> }
  | { kind: "formulas" }
  | { kind: "fit"; request: FitRequest }
  | { kind: "project"; scenario: Scenario };

/** What each request is answered with. */
export interface Answers {
  analyze: Report;
  reanalyze: Report;
  calculate: Figure;
  formulas: FormulaInfo[];
  fit: Fit;
  project: Projection;
}

/** The answer to one request. */
export type AnswerTo<R extends Request> = Answers[R["kind"]];

/** From the page to the worker. */
export type ToWorker =
  | { kind: "start"; wasm: Uint8Array<ArrayBuffer> }
  | { kind: "request"; id: number; request: Request };

/** From the worker to the page. */
export type FromWorker =
  | { kind: "ready" }
  | { kind: "not-ready"; error: FlatError }
  | { kind: "progress"; id: number; progress: Progress }
  | { kind: "done"; id: number; answer: Answers[keyof Answers] }
  | { kind: "failed"; id: number; error: FlatError; fatal: boolean };
