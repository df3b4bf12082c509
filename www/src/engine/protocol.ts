/**
 * What the page and the worker say to each other.
 *
 * It holds messages, and which core each is for; who sends what when is in `lane.ts` and `worker.ts`.
 */

import type {
  AnalyzeOptions,
  Claim,
  CustomerHistory,
  CustomerList,
  CustomerQuery,
  Figure,
  FilesOptions,
  Fit,
  FitRequest,
  FormulaId,
  FormulaInfo,
  Goal,
  GoalAnswer,
  LifetimesBySegment,
  Outlook,
  OutlookQuery,
  Projection,
  Report,
  RiskReport,
  Scenario,
  ScoreOptions,
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

/** Several files that are read together, and what is decided about them. */
export interface Several {
  /** In the order of `options.files`. */
  sources: Blob[];
  options: FilesOptions;
}

/**
 * A file and what is decided about it. Where several are read together, these stand in `several`,
 * and `source` is the first of them.
 */
export interface Given {
  source: Blob;
  options: AnalyzeOptions;
  several?: Several;
}

/** What can be asked of the core. */
export type Request =
  | (Given & {
      kind: "analyze";
      /** Why a file is read that was read before. */
      why?: string;
      /** How many workers read it; decided by its size and the device where nothing is said. */
      workers?: number;
    })
  | (Given & { kind: "reanalyze" })
  | {
      /** The ledger of a part of a file, for the worker of its first part. */
      kind: "part";
      source: Blob;
      options: AnalyzeOptions;
      from: number;
      until: number | null;
    }
  /** About the file read last; its source is read again where the core has lost it. */
  | (Given & { kind: "customers"; query: CustomerQuery })
  | (Given & { kind: "customersCsv"; query: CustomerQuery })
  | (Given & { kind: "customer"; customer: string })
  | (Given & { kind: "lifetimes" })
  | (Given & { kind: "outlook"; query: OutlookQuery })
  | { kind: "calculate"; formula: FormulaId; inputs: Record<string, number> }
  | { kind: "formulas" }
  | { kind: "fit"; request: FitRequest }
  | { kind: "project"; scenario: Scenario }
  | { kind: "seek"; goal: Goal }
  | { kind: "claims" }
  | { kind: "score"; source: Blob; options: ScoreOptions }
  | { kind: "rescore"; source: Blob; options: ScoreOptions };

/** The modules of the core, by what is asked of each. */
export type CoreName = "formulas" | "files" | "models";

/** Which module answers a request. */
export function coreFor({ kind }: Request): CoreName {
  switch (kind) {
    case "calculate":
    case "formulas":
      return "formulas";
    case "fit":
    case "project":
    case "seek":
    case "claims":
    case "score":
    case "rescore":
      return "models";
    default:
      return "files";
  }
}

/** Files of fewer bytes are answered before anything else is done. */
const SMALL_BYTES = 1024 ** 2;

/** Whether a request is about a small file. */
export function isSmall(request: Request): boolean {
  return "source" in request && request.source.size < SMALL_BYTES;
}

/** What each request is answered with. */
export interface Answers {
  analyze: Report;
  /** Or the reason why the file has to be read again, by a worker with a fresh memory. */
  reanalyze: Report | Anew;
  /** Nothing where the part cannot be read by itself. */
  part: Uint8Array | null;
  customers: CustomerList;
  customersCsv: Uint8Array<ArrayBuffer>;
  customer: CustomerHistory;
  /** Nothing where there are no segments or no lifetimes. */
  lifetimes: LifetimesBySegment | null;
  outlook: Outlook;
  calculate: Figure;
  formulas: FormulaInfo[];
  fit: Fit;
  project: Projection;
  seek: GoalAnswer;
  claims: Claim[];
  score: RiskReport;
  rescore: RiskReport;
}

/** The file has to be read again. */
export interface Anew {
  kind: "anew";
  why: string;
}

/** The answer to one request. */
export type AnswerTo<R extends Request> = Answers[R["kind"]];

/** How a file is split between workers. */
export interface Split {
  nParts: number;
  /** Where the first part ends. */
  until: number;
}

/** From the page to the worker. */
export type ToWorker =
  | {
      kind: "start";
      /** As the text that `unpacked.ts` understands, or as it was compiled before. */
      wasm: string | WebAssembly.Module;
      /** The rest of it, where it stands in two parts and the rest is not to come later. */
      rest?: string | WebAssembly.Module | undefined;
      /** What the core may take. */
      memoryBytesMax: number;
    }
  /** The rest of the core, which has come later. */
  | { kind: "rest"; rest: string }
  | { kind: "request"; id: number; request: Request; split?: Split | undefined }
  /** The ledger of a further part of the file that the request is about. */
  | { kind: "part"; id: number; index: number; ledger: Uint8Array | null };

/** From the worker to the page. */
export type FromWorker =
  /** The core as it was compiled, for further workers. */
  | { kind: "ready"; module: WebAssembly.Module; rest?: WebAssembly.Module | undefined }
  /** The core has taken in its rest. */
  | { kind: "whole"; rest: WebAssembly.Module }
  | { kind: "not-ready"; error: FlatError }
  /** `isShare` where it tells of the first part alone. */
  | { kind: "progress"; id: number; progress: Progress; isShare: boolean }
  /** The file can be split: the readers of the other parts may begin. */
  | { kind: "split"; id: number }
  /** The worker reads the rest alone: the readers of the other parts may stop. */
  | { kind: "alone"; id: number }
  | { kind: "done"; id: number; answer: Answers[keyof Answers]; memoryBytes: number }
  | { kind: "failed"; id: number; error: FlatError; fatal: boolean; memoryBytes: number };
