/**
 * Answers requests about a file with the core: the same in the worker and, where a host forbids
 * workers, in the page itself.
 *
 * It does not know how the messages travel, and it computes nothing itself.
 */

import { Files, initSync, Session } from "../../pkg/files.js";
import { type FileSession, FileWork, type Sessions, type Way } from "./file-work.ts";
import { type FilesSession, type FilesSessions, FilesWork } from "./files-work.ts";
import type { Answers, Given, Request } from "./protocol.ts";
import type { Answering } from "./serving.ts";

/** Answers requests, one at a time. */
export class Handler implements Answering {
  readonly #exports: WebAssembly.Exports;
  readonly #file: FileWork;
  readonly #files: FilesWork;
  #isWhole = false;

  /** `rest` where it is there: it can be taken in later. */
  constructor(module: WebAssembly.Module, memoryBytesMax: number, rest?: WebAssembly.Module) {
    const exports = initSync({ module });
    this.#exports = exports as unknown as WebAssembly.Exports;
    if (rest !== undefined) {
      this.complete(rest);
    }
    const sessions = sessionsIn(exports.memory);
    this.#file = new FileWork(sessions, memoryBytesMax);
    this.#files = new FilesWork(sessions, memoryBytesMax);
  }

  /** What the core takes now. */
  get memoryBytes(): number {
    return this.#file.memoryBytes;
  }

  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Takes in the rest of the core: it puts its functions where the first part looks for them. */
  complete(rest: WebAssembly.Module): void {
    if (!this.#isWhole) {
      new WebAssembly.Instance(rest, { first: this.#exports });
      this.#isWhole = true;
    }
  }

  /** The answer to one request. */
  async answer(request: Request, way: Way): Promise<Answers[keyof Answers]> {
    switch (request.kind) {
      case "analyze":
        // One report at a time: what was read before would only take memory.
        this.#file.close();
        this.#files.close();
        return request.several === undefined
          ? this.#file.analyze(request.source, request.options, request.why, way)
          : this.#files.analyze(request.several, request.why, way);
      case "reanalyze":
        return request.several === undefined
          ? this.#file.reanalyze(request.source, request.options, way)
          : this.#files.reanalyze(request.several, way);
      case "part":
        return this.#file.part(request.source, request.options, request, way);
      case "customers":
        return this.#ask(request, way, (session) => session.customers(request.query));
      case "customersCsv":
        return this.#ask(
          request,
          way,
          (session) => session.customersCsv(request.query) as Uint8Array<ArrayBuffer>,
        );
      case "customer":
        return this.#ask(request, way, (session) => session.customer(request.customer));
      case "lifetimes":
        return this.#ask(request, way, (session) => session.lifetimes() ?? null);
      case "outlook":
        return this.#ask(request, way, (session) => session.outlook(request.query));
      default:
        throw new Error(`another core answers ${request.kind}`);
    }
  }

  /** Asks about what was read last, one file or several. */
  #ask<T>(
    { source, options, several }: Given,
    way: Way,
    question: (session: FileSession | FilesSession) => T,
  ): Promise<T> {
    return several === undefined
      ? this.#file.ask(source, options, way, question)
      : this.#files.ask(several, way, question);
  }
}

function sessionsIn(memory: WebAssembly.Memory): Sessions & FilesSessions {
  const pageBytes = 65_536;
  return {
    whole: (options) => new Session(options),
    files: (options) => new Files(options),
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
