/**
 * The worker's side of the protocol: a message comes, the core answers, the parts of a file are
 * handed on. A core may come in two parts, of which the first is enough to begin.
 *
 * It knows neither the core nor the thread that it runs in.
 */

import type { OtherParts, Way } from "./file-work.ts";
import { Ledgers } from "./ledgers.ts";
import {
  type Answers,
  type FromWorker,
  isSmall,
  type Request,
  type Split,
  type ToWorker,
} from "./protocol.ts";
import { coreIncomplete, flatten, isFatal } from "./retention-error.ts";
import { unpacked } from "./unpacked.ts";

/** What answers. */
export interface Answering {
  answer(request: Request, way: Way): Promise<Answers[keyof Answers]>;
  readonly memoryBytes: number;
  /** Whether it has all of its core; where nothing is said, it has. */
  readonly isWhole?: boolean;
  /** Takes in the rest of the core. */
  complete?(rest: WebAssembly.Module): void;
}

/** Makes what answers, of a core or of its first part and, where it is there, the rest. */
export type Make = (
  module: WebAssembly.Module,
  memoryBytesMax: number,
  rest: WebAssembly.Module | undefined,
) => Answering;

export class Serving {
  readonly #make: Make;
  readonly #send: (message: FromWorker, transfer: Transferable[]) => void;
  #answering: Answering | null = null;
  #ledgers = new Ledgers();
  /** Whether a small file is being read. */
  #isShort = false;
  /** The rest of the core, where it waits for that. */
  #rest: string | null = null;

  /** `make` makes what answers, once the core has come. */
  constructor(make: Make, send: (message: FromWorker, transfer: Transferable[]) => void) {
    this.#make = make;
    this.#send = send;
  }

  /** Takes a message of the page. */
  take(message: ToWorker): void {
    switch (message.kind) {
      case "start":
        this.#start(message);
        break;
      case "rest":
        this.#rest = message.rest;
        if (!this.#isShort) {
          this.#complete();
        }
        break;
      case "part":
        this.#ledgers.put(message.index, message.ledger);
        break;
      case "request":
        void this.#answer(message);
        break;
    }
  }

  #start({ wasm, rest: more, memoryBytesMax }: ToWorker & { kind: "start" }): void {
    try {
      const module = compiled(wasm);
      const rest = more === undefined ? undefined : compiled(more);
      this.#answering = this.#make(module, memoryBytesMax, rest);
      this.#send({ kind: "ready", module, rest }, []);
    } catch (thrown) {
      this.#send({ kind: "not-ready", error: flatten(thrown) }, []);
    }
  }

  #complete(): void {
    const packed = this.#rest;
    this.#rest = null;
    if (packed === null || this.#answering?.isWhole !== false) {
      return;
    }
    try {
      const rest = compiled(packed);
      this.#answering.complete?.(rest);
      this.#send({ kind: "whole", rest }, []);
    } catch {
      // Who needs it is answered by another worker, and hears there why it cannot be had.
    }
  }

  async #answer({ id, request, split }: ToWorker & { kind: "request" }): Promise<void> {
    const answering = this.#answering;
    this.#ledgers = new Ledgers();
    this.#isShort = isSmall(request);
    try {
      if (answering === null) {
        throw new Error("a request came before the start");
      }
      const answer = await answering.answer(request, {
        tell: (progress, isShare) => this.#send({ kind: "progress", id, progress, isShare }, []),
        others: split === undefined ? undefined : this.#othersOf(id, split),
      });
      const { memoryBytes } = answering;
      this.#send(
        { kind: "done", id, answer, memoryBytes },
        answer instanceof Uint8Array ? [answer.buffer] : [],
      );
    } catch (thrown) {
      const memoryBytes = answering?.memoryBytes ?? 0;
      // What is not there yet ends a core as a fault of its own would.
      const isMissing = thrown instanceof WebAssembly.RuntimeError && answering?.isWhole === false;
      const error = flatten(isMissing ? coreIncomplete() : thrown);
      this.#send({ kind: "failed", id, error, fatal: isFatal(thrown), memoryBytes }, []);
    } finally {
      this.#isShort = false;
      this.#complete();
    }
  }

  #othersOf(id: number, split: Split): OtherParts {
    const ledgers = this.#ledgers;
    return {
      ...split,
      begin: () => this.#send({ kind: "split", id }, []),
      ledger: (index) => ledgers.take(index),
      giveUp: () => this.#send({ kind: "alone", id }, []),
    };
  }
}

function compiled(wasm: string | WebAssembly.Module): WebAssembly.Module {
  return typeof wasm === "string" ? new WebAssembly.Module(unpacked(wasm)) : wasm;
}
