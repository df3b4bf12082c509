/**
 * A file read by several workers at once: into how many parts it goes, and those who read all but
 * the first.
 *
 * It parses nothing and puts nothing together: the worker of the first part does, in the file's order.
 */

import type { AnalyzeOptions } from "./core.ts";
import type { FromWorker, Progress, ToWorker } from "./protocol.ts";

/** A file smaller than this is read before a second worker would be of use. */
const SPLIT_FROM_BYTES = 64 * 1024 ** 2;

/** Each part is at least this long. */
const PART_BYTES_MIN = 32 * 1024 ** 2;

/** With fewer logical processors than this, the browser and the system need the rest. */
const SPLIT_FROM_CORES = 4;

/** Each worker has a memory of its own, and its ledger is merged by one. */
const PARTS_MAX = 4;

/** Into how many parts a file is split; `asked` is what the caller wants. */
export function plannedParts(bytes: number, nCores: number, asked?: number): number {
  if (asked !== undefined) {
    return Math.max(1, Math.min(PARTS_MAX, Math.floor(asked), bytes));
  }
  return nCores < SPLIT_FROM_CORES || bytes < SPLIT_FROM_BYTES
    ? 1
    : Math.min(PARTS_MAX, Math.floor(nCores / 2), Math.floor(bytes / PART_BYTES_MIN));
}

/** The part of a file from one byte up to another; the last one has no end of its own. */
export interface Range {
  from: number;
  until: number | null;
}

/** A file of that many bytes, split evenly. */
export function rangesOf(bytes: number, nParts: number): Range[] {
  const borders = Array.from({ length: nParts }, (_, part) => Math.floor((part * bytes) / nParts));
  return borders.map((from, part) => ({ from, until: borders[part + 1] ?? null }));
}

/** A worker with a core, as far as it is needed to talk to it. */
export interface Peer {
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
  postMessage(message: ToWorker, transfer?: Transferable[]): void;
  terminate(): void;
}

/** Where the ledger of a part goes; nothing where that part could not be read by itself. */
export type Deliver = (index: number, ledger: Uint8Array | null) => void;

type Share = Pick<Progress, "bytes" | "rows">;

/** The readers of all parts but the first. */
export class PartReaders {
  readonly #start: () => Promise<Peer>;
  readonly #source: Blob;
  readonly #options: AnalyzeOptions;
  readonly #ranges: readonly Range[];
  readonly #deliver: Deliver;
  readonly #tell: () => void;
  readonly #shares: Share[];
  readonly #peers = new Set<Peer>();
  #isStopped = false;

  /** `tell` is called whenever one has come further. */
  constructor(
    start: () => Promise<Peer>,
    file: { source: Blob; options: AnalyzeOptions; nParts: number },
    deliver: Deliver,
    tell: () => void,
  ) {
    this.#start = start;
    this.#source = file.source;
    this.#options = file.options;
    this.#ranges = rangesOf(file.source.size, file.nParts);
    this.#deliver = deliver;
    this.#tell = tell;
    this.#shares = this.#ranges.map(() => ({ bytes: 0, rows: 0 }));
  }

  /** How many parts there are, with the first. */
  get nParts(): number {
    return this.#ranges.length;
  }

  /** Where the first part ends. */
  get until(): number {
    return this.#ranges[0]?.until ?? this.#source.size;
  }

  /** Starts a worker for each part. */
  begin(): void {
    for (const [index, range] of this.#ranges.entries()) {
      if (0 < index) {
        void this.#read(index, range);
      }
    }
  }

  /** What all of them have read so far. */
  get sum(): Share {
    return this.#shares.reduce((sum, share) => ({
      bytes: sum.bytes + share.bytes,
      rows: sum.rows + share.rows,
    }));
  }

  /** Ends those that still read. */
  stop(): void {
    this.#isStopped = true;
    for (const peer of this.#peers) {
      peer.terminate();
    }
    this.#peers.clear();
  }

  async #read(index: number, range: Range): Promise<void> {
    let peer: Peer;
    try {
      peer = await this.#start();
    } catch {
      this.#end(index, null, null);
      return;
    }
    if (this.#isStopped) {
      peer.terminate();
      return;
    }
    this.#peers.add(peer);
    peer.onmessage = ({ data: message }) => {
      if (message.kind === "progress") {
        const { bytes, rows } = message.progress;
        this.#shares[index] = { bytes, rows };
        this.#tell();
      } else if (message.kind === "done") {
        this.#end(index, peer, message.answer instanceof Uint8Array ? message.answer : null);
      } else if (message.kind === "failed") {
        this.#end(index, peer, null);
      }
    };
    peer.onerror = (event) => {
      event.preventDefault();
      this.#end(index, peer, null);
    };
    peer.onmessageerror = () => this.#end(index, peer, null);
    const request = {
      kind: "part",
      source: this.#source,
      options: this.#options,
      ...range,
    } as const;
    peer.postMessage({ kind: "request", id: 1, request });
  }

  #end(index: number, peer: Peer | null, ledger: Uint8Array | null): void {
    if (peer !== null) {
      // Its memory is free as soon as its ledger is here.
      peer.terminate();
      this.#peers.delete(peer);
    }
    if (!this.#isStopped) {
      this.#deliver(index, ledger);
    }
  }
}
