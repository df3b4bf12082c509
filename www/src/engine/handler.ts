/**
 * Answers requests about a file with the core: the same in the worker and, where a host forbids
 * workers, in the page itself.
 *
 * It does not know how the messages travel, and it computes nothing itself.
 */

import { initSync, Session } from "../../pkg/files.js";
import { FileWork, type Sessions, type Way } from "./file-work.ts";
import type { Answers, Request } from "./protocol.ts";

/** Answers requests, one at a time. */
export class Handler {
  readonly #file: FileWork;

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
      default:
        throw new Error(`another core answers ${request.kind}`);
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
