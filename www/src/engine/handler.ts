/**
 * Answers requests with the core: the same in the worker and, where a host forbids workers, in the
 * page itself.
 *
 * It does not know how the messages travel, and it computes nothing itself.
 */

import {
  calculate,
  fit,
  formulas,
  initSync,
  project,
  Session,
} from "../../pkg/retention_calculator.js";
import { isGzip, readChunks } from "./bytes.ts";
import type { AnalyzeOptions, Outcome, Report } from "./core.ts";
import type { Answers, Progress, Request } from "./protocol.ts";
import { RetentionError } from "./retention-error.ts";

/** The least time between two reports of progress. */
const PROGRESS_EVERY_MS = 50;

/** How often a file may ask to be read; more would be a fault of ours. */
const PASSES_MAX = 4;

/** The file that is being worked on, kept for other options. */
interface Opened {
  session: Session;
  encoding: string | undefined;
  gzip: boolean;
}

/** Answers requests, one at a time. */
export class Handler {
  #opened: Opened | null = null;

  constructor(wasm: BufferSource | WebAssembly.Module) {
    initSync({ module: wasm });
  }

  /** The answer to one request. `signal` is only heard between two chunks. */
  async answer(
    request: Request,
    tell: (progress: Progress) => void,
    signal?: AbortSignal,
  ): Promise<Answers[keyof Answers]> {
    switch (request.kind) {
      case "analyze":
        return this.#analyze(request.source, request.options, tell, signal);
      case "reanalyze":
        return this.#reanalyze(request.source, request.options, tell, signal);
      case "calculate":
        return calculate(request.formula, request.inputs);
      case "formulas":
        return formulas();
      case "fit":
        return fit(request.request);
      case "project":
        return project(request.scenario);
    }
  }

  async #analyze(
    source: Blob,
    options: AnalyzeOptions,
    tell: (progress: Progress) => void,
    signal?: AbortSignal,
  ): Promise<Report> {
    this.#close();
    const gzip = await isGzip(source);
    const session = new Session(withContainer(options, gzip));
    const opened: Opened = { session, encoding: options.encoding, gzip };
    try {
      const outcome = await readThrough(opened, source, { pass: 1, tell, signal });
      const report = await settle(opened, outcome, source, { pass: 1, tell, signal });
      this.#opened = opened;
      return report;
    } catch (thrown) {
      freeQuietly(opened.session);
      throw thrown;
    }
  }

  async #reanalyze(
    source: Blob,
    options: AnalyzeOptions,
    tell: (progress: Progress) => void,
    signal?: AbortSignal,
  ): Promise<Report> {
    const opened = this.#opened;
    // After a restart there is no session, and another encoding means other bytes.
    if (opened === null || opened.encoding !== options.encoding) {
      return this.#analyze(source, options, tell, signal);
    }
    const outcome = opened.session.reanalyze(withContainer(options, opened.gzip));
    return settle(opened, outcome, source, { pass: 0, tell, signal });
  }

  #close(): void {
    if (this.#opened !== null) {
      freeQuietly(this.#opened.session);
      this.#opened = null;
    }
  }
}

interface Pass {
  pass: number;
  why?: string;
  tell: (progress: Progress) => void;
  signal: AbortSignal | undefined;
}

/** Reads the file as often as the core asks for it. */
async function settle(
  opened: Opened,
  outcome: Outcome,
  source: Blob,
  first: Pass,
): Promise<Report> {
  let { pass } = first;
  let current = outcome;
  while (current.kind === "readAgain") {
    pass += 1;
    if (PASSES_MAX < pass) {
      throw new RetentionError(
        "read-again-without-end",
        "The file did not come out the same when it was read again. If it is still being written, wait and choose it again.",
      );
    }
    current = await readThrough(opened, source, { ...first, pass, why: current.why });
  }
  const { report } = current;
  if (0 < pass) {
    // While a file is read its last rows are still open; here they are all counted.
    first.tell({ bytes: source.size, total: source.size, rows: report.input.rows.read, pass });
  }
  return report;
}

/** One pass over the whole file. */
async function readThrough(opened: Opened, source: Blob, pass: Pass): Promise<Outcome> {
  const { session, gzip, encoding } = opened;
  const total = source.size;
  const why = pass.why === undefined ? {} : { why: pass.why };
  let told = Number.NEGATIVE_INFINITY;
  const tell = (bytes: number) =>
    pass.tell({ bytes, total, rows: session.rows(), pass: Math.max(pass.pass, 1), ...why });
  for await (const { bytes, position } of readChunks(source, { gzip, encoding })) {
    pass.signal?.throwIfAborted();
    session.push(bytes);
    const now = performance.now();
    if (PROGRESS_EVERY_MS <= now - told) {
      told = now;
      tell(position);
    }
  }
  tell(total);
  return session.finish();
}

/** The options with what was done to the bytes before the core sees them. */
function withContainer(options: AnalyzeOptions, gzip: boolean): AnalyzeOptions {
  return gzip ? { ...options, container: "gzip" } : options;
}

/** A session of a core that has crashed cannot be freed, and need not be. */
function freeQuietly(session: Session): void {
  try {
    session.free();
  } catch {
    // The core is gone, and the session with it.
  }
}
