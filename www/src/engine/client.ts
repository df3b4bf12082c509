/**
 * The engine as the elements see it: promises, progress and cancelling.
 *
 * It sends one request at a time and starts the core only when the first one comes. Cancelling stops
 * the worker: nothing else stops a running core.
 */

import type {
  AnalyzeOptions as CoreOptions,
  Figure,
  Fit,
  FitRequest,
  FormulaId,
  FormulaInfo,
  Projection,
  Report,
  Scenario,
} from "./core.ts";
import type { Host } from "./host.ts";
import type { Answers, AnswerTo, Progress, Request } from "./protocol.ts";
import { RetentionError } from "./retention-error.ts";

export type { CoreOptions };

/** What a file can be given as. */
export type Source = string | Blob | ArrayBuffer;

/** How a request is watched and cancelled. */
export interface Watch {
  /** Cancels the request; its promise is rejected with the reason of the signal. */
  signal?: AbortSignal | undefined;
  /** Told how far the reading has come, at most twenty times a second. */
  onProgress?: ((progress: Progress) => void) | undefined;
}

/** How a file is read and analysed. Everything left out is detected, and said in the report. */
export interface AnalyzeOptions extends CoreOptions, Watch {}

interface Waiting {
  request: Request;
  watch: Watch;
  resolve(answer: Answers[keyof Answers]): void;
  reject(reason: unknown): void;
}

/** The options without what only the page understands, and without what is not set. */
export function coreOptions(options: AnalyzeOptions): CoreOptions {
  const { signal: _signal, onProgress: _onProgress, ...core } = options;
  return Object.fromEntries(
    Object.entries(core).filter(([, value]) => value !== undefined && value !== null),
  );
}

/** A source as something that can be read in chunks. */
export function asBlob(source: Source): Blob {
  return source instanceof Blob ? source : new Blob([source]);
}

/** The core, behind a queue of one. */
export class Engine {
  readonly #start: () => Promise<Host>;
  #host: Promise<Host> | null = null;
  #current: Waiting | null = null;
  #queue: Waiting[] = [];
  #catalogue: Promise<FormulaInfo[]> | null = null;

  /** `start` starts the core; it is called with the first request and after each crash. */
  constructor(start: () => Promise<Host>) {
    this.#start = start;
  }

  /** Reads a file and reports on it. */
  analyze(source: Source, options: AnalyzeOptions = {}): Promise<Report> {
    return this.#ask(
      { kind: "analyze", source: asBlob(source), options: coreOptions(options) },
      options,
    );
  }

  /** Reports on the file read last with other options, reading it again only where it must. */
  reanalyze(source: Blob, options: AnalyzeOptions = {}): Promise<Report> {
    return this.#ask({ kind: "reanalyze", source, options: coreOptions(options) }, options);
  }

  /** One formula on plain numbers. */
  calculate(
    formula: FormulaId,
    inputs: Record<string, number>,
    watch: Watch = {},
  ): Promise<Figure> {
    return this.#ask({ kind: "calculate", formula, inputs }, watch);
  }

  /** The catalogue of formulas; asked for once. */
  formulas(): Promise<FormulaInfo[]> {
    this.#catalogue ??= this.#ask({ kind: "formulas" }, {}).catch((reason: unknown) => {
      this.#catalogue = null;
      throw reason;
    });
    return this.#catalogue;
  }

  /** A lifespan model on counts, durations or purchases. */
  fit(request: FitRequest, watch: Watch = {}): Promise<Fit> {
    return this.#ask({ kind: "fit", request }, watch);
  }

  /** What becomes of the customers under a scenario. */
  project(scenario: Scenario, watch: Watch = {}): Promise<Projection> {
    return this.#ask({ kind: "project", scenario }, watch);
  }

  /** Stops the core and rejects what is under way. It starts again with the next request. */
  close(): void {
    const closed = new DOMException("The calculator was closed.", "AbortError");
    const waiting = this.#current === null ? this.#queue : [this.#current, ...this.#queue];
    this.#current = null;
    this.#queue = [];
    this.#stopHost();
    for (const one of waiting) {
      one.reject(closed);
    }
  }

  #ask<R extends Request>(request: R, watch: Watch): Promise<AnswerTo<R>> {
    const { signal } = watch;
    return new Promise<AnswerTo<R>>((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const waiting: Waiting = {
        request,
        watch,
        resolve: (answer) => resolve(answer as AnswerTo<R>),
        reject,
      };
      signal?.addEventListener("abort", () => this.#abort(waiting, signal.reason), { once: true });
      this.#queue.push(waiting);
      void this.#next();
    });
  }

  async #next(): Promise<void> {
    if (this.#current !== null) {
      return;
    }
    const waiting = this.#queue.shift();
    if (waiting === undefined) {
      return;
    }
    this.#current = waiting;
    try {
      this.#host ??= this.#start();
      const host = await this.#host;
      if (this.#current !== waiting) {
        return;
      }
      const answer = await host.answer(
        waiting.request,
        (progress) => {
          if (this.#current === waiting) {
            waiting.watch.onProgress?.(progress);
          }
        },
        waiting.watch.signal,
      );
      waiting.resolve(answer);
    } catch (thrown) {
      waiting.reject(
        thrown instanceof Error ? thrown : new RetentionError("unexpected", String(thrown)),
      );
      await this.#dropHostIfDown();
    } finally {
      if (this.#current === waiting) {
        this.#current = null;
        void this.#next();
      }
    }
  }

  #abort(waiting: Waiting, reason: unknown): void {
    waiting.reject(reason);
    if (this.#current === waiting) {
      this.#current = null;
      this.#stopHost();
      void this.#next();
    } else {
      this.#queue = this.#queue.filter((one) => one !== waiting);
    }
  }

  #stopHost(): void {
    const host = this.#host;
    this.#host = null;
    host?.then(
      (started) => started.stop(),
      () => undefined,
    );
  }

  async #dropHostIfDown(): Promise<void> {
    const host = this.#host;
    if (host === null) {
      return;
    }
    const isDown = await host.then(
      (started) => started.isDown,
      () => true,
    );
    if (isDown && this.#host === host) {
      this.#stopHost();
    }
  }
}
