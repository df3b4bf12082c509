/**
 * The worker's side of the protocol: a message comes, the core answers, the parts of a file are
 * handed on.
 *
 * It knows neither the core nor the thread that it runs in.
 */

import type { OtherParts, Way } from "./file-work.ts";
import { Ledgers } from "./ledgers.ts";
import type { Answers, FromWorker, Request, Split, ToWorker } from "./protocol.ts";
import { flatten, isFatal } from "./retention-error.ts";
import { unpacked } from "./unpacked.ts";

/** What answers. */
export interface Answering {
  answer(request: Request, way: Way): Promise<Answers[keyof Answers]>;
  readonly memoryBytes: number;
}

export class Serving {
  readonly #make: (module: WebAssembly.Module, memoryBytesMax: number) => Answering;
  readonly #send: (message: FromWorker, transfer: Transferable[]) => void;
  #answering: Answering | null = null;
  #ledgers = new Ledgers();

  /** `make` makes what answers, once the core has come. */
  constructor(
    make: (module: WebAssembly.Module, memoryBytesMax: number) => Answering,
    send: (message: FromWorker, transfer: Transferable[]) => void,
  ) {
    this.#make = make;
    this.#send = send;
  }

  /** Takes a message of the page. */
  take(message: ToWorker): void {
    switch (message.kind) {
      case "start":
        this.#start(message);
        break;
      case "part":
        this.#ledgers.put(message.index, message.ledger);
        break;
      case "request":
        void this.#answer(message);
        break;
    }
  }

  #start({ wasm, memoryBytesMax }: ToWorker & { kind: "start" }): void {
    try {
      const module = typeof wasm === "string" ? new WebAssembly.Module(unpacked(wasm)) : wasm;
      this.#answering = this.#make(module, memoryBytesMax);
      this.#send({ kind: "ready", module }, []);
    } catch (thrown) {
      this.#send({ kind: "not-ready", error: flatten(thrown) }, []);
    }
  }

  async #answer({ id, request, split }: ToWorker & { kind: "request" }): Promise<void> {
    const answering = this.#answering;
    this.#ledgers = new Ledgers();
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
      this.#send(
        { kind: "failed", id, error: flatten(thrown), fatal: isFatal(thrown), memoryBytes },
        [],
      );
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
