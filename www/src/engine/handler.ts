/**
 * Answers requests with the core: the same in the worker and, where a host forbids workers, in the
 * page itself.
 *
 * It does not know how the messages travel, and it computes nothing itself.
 */

import {
  calculate,
  claims,
  fit,
  formulas,
  initSync,
  project,
  ScoreSession,
  Session,
  seek,
} from "../../pkg/retention_calculator.js";
import { FileWork, type Sessions, type Way } from "./file-work.ts";
import type { Answers, Request } from "./protocol.ts";
import { ScoreWork } from "./score-work.ts";

/** Answers requests, one at a time. */
export class Handler {
  readonly #file: FileWork;
  readonly #scores = new ScoreWork((options) => new ScoreSession(options));

  constructor(module: WebAssembly.Module, memoryBytesMax: number) {
    const { memory } = initSync({ module });
    this.#file = new FileWork(sessionsIn(memory), memoryBytesMax);
  }

  /** What the core takes now. */
  get memoryBytes(): number {
    return this.#file.memoryBytes;
  }

  /** The answer to one request. */
  async answer(request: Request, way: Way): Promise<Answers[keyof Answers]> {
    switch (request.kind) {
      case "analyze":
        return this.#file.analyze(request.source, request.options, request.why, way);
      case "reanalyze":
        return this.#file.reanalyze(request.source, request.options, way);
      case "part":
        return this.#file.part(request.source, request.options, request, way);
      case "customers":
        return this.#file.ask(request.source, request.options, way, (session) =>
          session.customers(request.query),
        );
      case "customersCsv":
        return this.#file.ask(
          request.source,
          request.options,
          way,
          (session) => session.customersCsv(request.query) as Uint8Array<ArrayBuffer>,
        );
      case "customer":
        return this.#file.ask(request.source, request.options, way, (session) =>
          session.customer(request.customer),
        );
      case "calculate":
        return calculate(request.formula, request.inputs);
      case "formulas":
        return formulas();
      case "fit":
        return fit(request.request);
      case "project":
        return project(request.scenario);
      case "seek":
        return seek(request.goal);
      case "claims":
        return claims();
      case "score":
        return this.#scores.score(request.source, request.options, way.signal);
      case "rescore":
        return this.#scores.rescore(request.source, request.options, way.signal);
    }
  }
}

function sessionsIn(memory: WebAssembly.Memory): Sessions {
  const pageBytes = 65_536;
  return {
    whole: (options) => new Session(options),
    part: (options, from, until) => Session.forPart(options, from, until),
    memoryBytes: () => memory.buffer.byteLength,
    isFull() {
      try {
        memory.grow(memory.buffer.byteLength / pageBytes);
        return false;
      } catch {
        return true;
      }
    },
  };
}
