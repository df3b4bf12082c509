/**
 * A core in a worker of its own, with the workers that read further parts of a large file.
 *
 * It starts no worker itself and knows no address.
 */

import type { Host } from "./host.ts";
import { PartReaders, type Peer, plannedParts } from "./parts.ts";
import type { Answers, Progress, Request, Split } from "./protocol.ts";
import { RetentionError } from "./retention-error.ts";

/**
 * Memory that a worker may keep for the next file; a core never gives any back. A new worker takes some
 * 30 ms for memory that this one has already.
 */
const KEPT_BYTES_MAX = 128 * 1024 ** 2;

/** How often at most progress is passed on. */
const PROGRESS_EVERY_MS = 90;

export class WorkerHost implements Host {
  readonly #worker: Peer;
  readonly #startAnother: () => Promise<Peer>;
  readonly #nCores: number;
  #nAsked = 0;
  #isDown = false;
  #isSpent = false;
  #readers: PartReaders | null = null;

  /** `startAnother` starts a worker with a core of its own; `nCores` are the processors it can have. */
  constructor(worker: Peer, startAnother: () => Promise<Peer>, nCores: number) {
    this.#worker = worker;
    this.#startAnother = startAnother;
    this.#nCores = nCores;
  }

  get isDown(): boolean {
    return this.#isDown;
  }

  get isSpent(): boolean {
    return this.#isSpent;
  }

  answer(request: Request, tell: (progress: Progress) => void): Promise<Answers[keyof Answers]> {
    this.#nAsked += 1;
    const id = this.#nAsked;
    return new Promise<Answers[keyof Answers]>((resolve, reject) => {
      const progress = new Together(tell);
      const readers = this.#readersFor(request, id, progress);
      this.#worker.onmessage = ({ data: message }) => {
        if (!("id" in message) || message.id !== id) {
          return;
        }
        switch (message.kind) {
          case "progress":
            progress.first(message.progress, message.isShare);
            break;
          case "split":
            readers?.begin();
            break;
          case "alone":
            this.#endReaders();
            break;
          case "done":
            this.#weigh(message.memoryBytes);
            resolve(message.answer);
            break;
          case "failed":
            this.#weigh(message.memoryBytes);
            this.#isDown = message.fatal;
            // What was refused for its memory has taken it.
            this.#isSpent ||= message.error.code === "file-too-large";
            reject(RetentionError.from(message.error));
            break;
        }
      };
      const crash = () => {
        this.#isDown = true;
        reject(
          new RetentionError(
            "engine-crashed",
            "The calculation stopped unexpectedly. Your file is unchanged; try again, or with fewer rows.",
          ),
        );
      };
      this.#worker.onerror = (event) => {
        event.preventDefault();
        crash();
      };
      this.#worker.onmessageerror = crash;
      const split: Split | undefined =
        readers === null ? undefined : { nParts: readers.nParts, until: readers.until };
      this.#worker.postMessage({ kind: "request", id, request, split });
    }).finally(() => this.#endReaders());
  }

  stop(): void {
    this.#isDown = true;
    this.#worker.terminate();
    this.#endReaders();
  }

  #readersFor(request: Request, id: number, progress: Together): PartReaders | null {
    if (request.kind !== "analyze" || request.several !== undefined) {
      return null;
    }
    const { source, options, workers } = request;
    const nParts = plannedParts(source.size, this.#nCores, workers);
    if (nParts < 2) {
      return null;
    }
    const readers = new PartReaders(
      this.#startAnother,
      { source, options, nParts },
      (index, ledger) =>
        this.#worker.postMessage(
          { kind: "part", id, index, ledger },
          ledger === null ? [] : [ledger.buffer],
        ),
      () => progress.others(readers.sum),
    );
    this.#readers = readers;
    return readers;
  }

  #endReaders(): void {
    this.#readers?.stop();
    this.#readers = null;
  }

  #weigh(memoryBytes: number): void {
    this.#isSpent ||= KEPT_BYTES_MAX < memoryBytes;
  }
}

/** Progress of all workers as one. */
class Together {
  readonly #tell: (progress: Progress) => void;
  #first: Progress | null = null;
  #others = { bytes: 0, rows: 0 };
  #isShared = false;
  #told = Number.NEGATIVE_INFINITY;

  constructor(tell: (progress: Progress) => void) {
    this.#tell = tell;
  }

  /** What the worker of the first part says, of that part or of the whole. */
  first(progress: Progress, isShare: boolean): void {
    this.#first = progress;
    this.#isShared = isShare;
    this.#pass();
  }

  /** What all the others have read. */
  others(sum: { bytes: number; rows: number }): void {
    this.#others = sum;
    this.#pass();
  }

  #pass(): void {
    const first = this.#first;
    if (first === null) {
      return;
    }
    const progress = this.#isShared
      ? {
          ...first,
          bytes: first.bytes + this.#others.bytes,
          rows: first.rows + this.#others.rows,
        }
      : first;
    const now = performance.now();
    const isEnd = progress.total <= progress.bytes;
    if (isEnd || PROGRESS_EVERY_MS <= now - this.#told) {
      this.#told = now;
      this.#tell(progress);
    }
  }
}
