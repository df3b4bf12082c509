/**
 * One file, from its bytes to its report: read whole, or as the first of several parts, or as a
 * further part for the worker that has the first.
 *
 * It does not know how the bytes come or where the parts go, and it computes nothing.
 */

import { blobChunks, CHUNK_BYTES } from "./blob-chunks.ts";
import { isForeignEncoding, isGzip, readChunks } from "./bytes.ts";
import type {
  AnalyzeOptions,
  CustomerHistory,
  CustomerList,
  CustomerQuery,
  LifetimesBySegment,
  Outcome,
  Outlook,
  OutlookQuery,
  Report,
} from "./core.ts";
import { MemoryWatch, outOfMemory, saysOutOfMemory, type Taken } from "./memory-limit.ts";
import type { Anew, Progress, Split } from "./protocol.ts";
import { RetentionError } from "./retention-error.ts";
import { Turns } from "./turns.ts";

/** The least time between two reports of progress. */
const PROGRESS_EVERY_MS = 100;

/** How often a file may ask to be read; more would be a fault of ours. */
const PASSES_MAX = 4;

/** How much of a file its parts read to know the table. */
const HEAD_BYTES = CHUNK_BYTES / 4;

/**
 * A file larger than this is read again as if it were another one: in a worker of its own, where the
 * one that has read it holds much memory.
 */
export const BIG_FILE_BYTES = 16 * 1024 ** 2;

/** The core's session of one file. */
export interface FileSession {
  push(bytes: Uint8Array): void;
  rows(): number;
  finish(): Outcome;
  reanalyze(options: AnalyzeOptions): Outcome;
  customers(query: CustomerQuery): CustomerList;
  customersCsv(query: CustomerQuery): Uint8Array;
  customer(id: string): CustomerHistory;
  lifetimes(): LifetimesBySegment | undefined;
  outlook(query: OutlookQuery): Outlook;
  free(): void;
}

/** The core's session of a part of a file. */
export interface PartSession extends FileSession {
  /** Whether the table is known: from here on, a further part wants its own bytes. */
  isOpen(): boolean;
  /** Whether the file can be read in parts. */
  isSplittable(): boolean;
  /** Forgets the head; the next bytes are those where the part begins. */
  jump(): void;
  /** Whether it has all rows that begin before its end. */
  isDone(): boolean;
  /** The ledger of a further part. */
  endPart(): Uint8Array;
  /** Takes in the ledger of the next part; no where it does not fit. */
  absorb(ledger: Uint8Array): boolean;
  /** Drops the end of the part, and says from which byte on the file is wanted. */
  resume(): number;
}

/** What is needed of a core. */
export interface Sessions {
  whole(options: AnalyzeOptions): FileSession;
  part(options: AnalyzeOptions, from: number, until: number | undefined): PartSession;
  /** What the core takes now. */
  memoryBytes(): number;
  /** Whether it could not have as much again. */
  isFull(): boolean;
}

/** The other parts of the file, as the worker of the first part sees them. */
export interface OtherParts extends Split {
  /** The file can be split: their readers may begin. */
  begin(): void;
  /** The ledger of one of them, once it is read; nothing where it could not be. */
  ledger(index: number): Promise<Uint8Array | null>;
  /** The rest is read here: their readers may stop. */
  giveUp(): void;
}

/** How a reading is watched, cancelled and shared. */
export interface Way {
  /** Told how far it has come; `isShare` where that is of the first part alone. */
  tell(progress: Progress, isShare: boolean): void;
  /** Heard between two chunks. */
  signal?: AbortSignal | undefined;
  others?: OtherParts | undefined;
}

/** The file that is being worked on, kept for other options. */
interface Opened {
  session: FileSession;
  encoding: string | undefined;
  gzip: boolean;
}

/** Works on one file at a time, and keeps the last one. */
export class FileWork {
  readonly #sessions: Sessions;
  readonly #memoryBytesMax: number;
  #opened: Opened | null = null;
  #taken: Taken | null = null;

  constructor(sessions: Sessions, memoryBytesMax: number) {
    this.#sessions = sessions;
    this.#memoryBytesMax = memoryBytesMax;
  }

  /** What the core takes now. */
  get memoryBytes(): number {
    return this.#sessions.memoryBytes();
  }

  /** Reads a file and reports on it. */
  async analyze(
    source: Blob,
    options: AnalyzeOptions,
    why: string | undefined,
    way: Way,
  ): Promise<Report> {
    this.close();
    return this.#explained(async () => {
      const gzip = await isGzip(source);
      const first = { pass: 1, why };
      const { others } = way;
      const inParts =
        others === undefined || gzip || isForeignEncoding(options.encoding)
          ? null
          : await this.#readInParts(source, options, first, way, others);
      const opened = inParts?.opened ?? {
        session: this.#sessions.whole(withContainer(options, gzip)),
        encoding: options.encoding,
        gzip,
      };
      try {
        const outcome = inParts?.outcome ?? (await this.#readThrough(opened, source, first, way));
        const report = await this.#settle(opened, outcome, source, 1, way);
        this.#opened = opened;
        return report;
      } catch (thrown) {
        freeQuietly(opened.session);
        throw thrown;
      }
    });
  }

  /** Reports on the file read last with other options. */
  async reanalyze(source: Blob, options: AnalyzeOptions, way: Way): Promise<Report | Anew> {
    const opened = this.#opened;
    const isBig = BIG_FILE_BYTES < source.size;
    // After a restart there is no session, and another encoding means other bytes.
    if (opened === null || opened.encoding !== options.encoding) {
      return opened !== null && isBig
        ? { kind: "anew", why: "another encoding changes how the file is read" }
        : this.analyze(source, options, undefined, way);
    }
    return this.#explained(async () => {
      const outcome = opened.session.reanalyze(withContainer(options, opened.gzip));
      return outcome.kind === "readAgain" && isBig
        ? { kind: "anew", why: outcome.why }
        : this.#settle(opened, outcome, source, 0, way);
    });
  }

  /** Asks the session of the file read last, reading it again where there is none any more. */
  async ask<T>(
    source: Blob,
    options: AnalyzeOptions,
    way: Way,
    question: (session: FileSession) => T,
  ): Promise<T> {
    if (this.#opened === null) {
      await this.analyze(source, options, undefined, way);
    }
    const { session } = this.#opened ?? {};
    if (session === undefined) {
      throw new RetentionError("nothing-read", "There is no file to ask about. Give one first.");
    }
    return this.#explained(async () => question(session));
  }

  /** Reads one of the further parts of a file. */
  async part(
    source: Blob,
    options: AnalyzeOptions,
    range: { from: number; until: number | null },
    way: Way,
  ): Promise<Uint8Array | null> {
    this.close();
    const { from, until } = range;
    const session = this.#sessions.part(options, from, until ?? undefined);
    const watch = new MemoryWatch(this.#memoryBytesMax);
    const turns = new Turns();
    try {
      if (!(await opensBefore(session, source, from))) {
        return null;
      }
      session.jump();
      const total = (until ?? source.size) - from;
      const teller = new Teller((bytes, rows) =>
        way.tell({ bytes: Math.min(bytes, total), total, rows, pass: 1 }, true),
      );
      for await (const { bytes, position } of blobChunks(source, from)) {
        session.push(bytes);
        const read = position - from;
        watch.look({ memoryBytes: this.memoryBytes, bytes: read, total, rows: session.rows() });
        teller.at(read, session);
        if (session.isDone()) {
          break;
        }
        await turns.take();
      }
      teller.end(total, session);
      return session.endPart();
    } finally {
      freeQuietly(session);
    }
  }

  /** Reads the first part here and takes in the others; nothing where the file has to stay whole. */
  async #readInParts(
    source: Blob,
    options: AnalyzeOptions,
    first: Pass,
    way: Way,
    others: OtherParts,
  ): Promise<{ opened: Opened; outcome: Outcome } | null> {
    const session = this.#sessions.part(options, 0, others.until);
    const opened: Opened = { session, encoding: options.encoding, gzip: false };
    try {
      if (!(await this.#readFirstPart(opened, session, source, first, way, others))) {
        freeQuietly(session);
        return null;
      }
      for (let index = 1; index < others.nParts; index += 1) {
        const ledger = await others.ledger(index);
        if (ledger === null || !session.absorb(ledger)) {
          others.giveUp();
          await this.#readFrom(opened, source, session.resume(), first, way);
          break;
        }
      }
      tellOf(first, way)(source.size, source.size, session.rows());
      return { opened, outcome: session.finish() };
    } catch (thrown) {
      freeQuietly(session);
      throw thrown;
    }
  }

  /** Whether the first part has been read: not where its table is not known by its end. */
  async #readFirstPart(
    opened: Opened,
    session: PartSession,
    source: Blob,
    pass: Pass,
    way: Way,
    others: OtherParts,
  ): Promise<boolean> {
    const { until } = others;
    const total = source.size;
    const tell = tellOf(pass, way, true);
    const teller = new Teller((bytes, rows) => tell(Math.min(bytes, until), total, rows));
    const watch = new MemoryWatch(this.#memoryBytesMax);
    const turns = new Turns();
    let isSplit = false;
    for await (const { bytes, position } of readChunks(source, opened)) {
      session.push(bytes);
      this.#look(watch, { bytes: position, total, rows: session.rows() });
      if (!isSplit && session.isOpen()) {
        if (!session.isSplittable()) {
          return false;
        }
        isSplit = true;
        others.begin();
      }
      teller.at(position, session);
      if (isSplit && session.isDone()) {
        break;
      }
      if (!isSplit && until <= position) {
        return false;
      }
      await turns.take();
    }
    if (isSplit) {
      teller.end(until, session);
    }
    return isSplit;
  }

  /** Reads the file as often as the core asks for it. */
  async #settle(
    opened: Opened,
    outcome: Outcome,
    source: Blob,
    nPasses: number,
    way: Way,
  ): Promise<Report> {
    let pass = nPasses;
    let current = outcome;
    while (current.kind === "readAgain") {
      pass += 1;
      if (PASSES_MAX < pass) {
        throw new RetentionError(
          "read-again-without-end",
          "The file did not come out the same when it was read again. If it is still being written, wait and choose it again.",
        );
      }
      current = await this.#readThrough(opened, source, { pass, why: current.why }, way);
    }
    const { report } = current;
    if (0 < pass) {
      // While a file is read its last rows are still open; here they are all counted.
      way.tell(
        { bytes: source.size, total: source.size, rows: report.input.rows.read, pass },
        false,
      );
    }
    return report;
  }

  /** One pass over the whole file. */
  async #readThrough(opened: Opened, source: Blob, pass: Pass, way: Way): Promise<Outcome> {
    await this.#readFrom(opened, source, 0, pass, way);
    return opened.session.finish();
  }

  /** Reads the file from an offset to its end. */
  async #readFrom(opened: Opened, source: Blob, from: number, pass: Pass, way: Way): Promise<void> {
    const { session } = opened;
    const total = source.size;
    const tell = tellOf(pass, way);
    const teller = new Teller((bytes, rows) => tell(bytes, total, rows));
    const watch = new MemoryWatch(this.#memoryBytesMax);
    const turns = new Turns();
    const chunks = from === 0 ? readChunks(source, opened) : blobChunks(source, from);
    for await (const { bytes, position } of chunks) {
      way.signal?.throwIfAborted();
      session.push(bytes);
      this.#look(watch, { bytes: position, total, rows: session.rows() });
      teller.at(position, session);
      await turns.take();
    }
    teller.end(total, session);
  }

  #look(watch: MemoryWatch, taken: Omit<Taken, "memoryBytes">): void {
    this.#taken = { ...taken, memoryBytes: this.memoryBytes };
    watch.look(this.#taken);
  }

  /** Does the work, and says so where it ends for want of memory. */
  async #explained<T>(work: () => Promise<T>): Promise<T> {
    this.#taken = null;
    try {
      return await work();
    } catch (thrown) {
      // A core without memory ends by a trap like any other.
      const isTrap = thrown instanceof WebAssembly.RuntimeError;
      if (saysOutOfMemory(thrown) || (isTrap && this.#sessions.isFull())) {
        throw outOfMemory(this.#taken);
      }
      throw thrown;
    }
  }

  /** Lets go of what was read. */
  close(): void {
    if (this.#opened !== null) {
      freeQuietly(this.#opened.session);
      this.#opened = null;
    }
  }
}

interface Pass {
  pass: number;
  why: string | undefined;
}

function tellOf(
  { pass, why }: Pass,
  way: Way,
  isShare = false,
): (bytes: number, total: number, rows: number) => void {
  return (bytes, total, rows) =>
    way.tell({ bytes, total, rows, pass, ...(why === undefined ? {} : { why }) }, isShare);
}

/** Reports progress now and then. */
class Teller {
  readonly #tell: (bytes: number, rows: number) => void;
  #told = Number.NEGATIVE_INFINITY;

  constructor(tell: (bytes: number, rows: number) => void) {
    this.#tell = tell;
  }

  at(bytes: number, session: FileSession): void {
    const now = performance.now();
    if (PROGRESS_EVERY_MS <= now - this.#told) {
      this.#told = now;
      this.#tell(bytes, session.rows());
    }
  }

  end(bytes: number, session: FileSession): void {
    this.#tell(bytes, session.rows());
  }
}

/** Pushes the head of the file; whether the table is known then, and can be split, before `from`. */
async function opensBefore(session: PartSession, source: Blob, from: number): Promise<boolean> {
  // A table that opens only behind the part's own beginning would have to be read twice.
  for (let at = 0; at === 0 || at < from; at += HEAD_BYTES) {
    const head = await source.slice(at, at + HEAD_BYTES).arrayBuffer();
    session.push(new Uint8Array(head));
    if (session.isOpen()) {
      return session.isSplittable();
    }
  }
  return false;
}

/** The options with what was done to the bytes before the core sees them. */
function withContainer(options: AnalyzeOptions, gzip: boolean): AnalyzeOptions {
  return gzip ? { ...options, container: "gzip" } : options;
}

/** A session of a core that has crashed cannot be freed, and need not be. */
function freeQuietly(session: FileSession): void {
  try {
    session.free();
  } catch {
    // The core is gone, and the session with it.
  }
}
