/**
 * Several files, from their bytes to one report.
 *
 * The core says which file it wants next: first the beginning of each, then each in full. It does not
 * know how the bytes come, and it computes nothing.
 */

import { isGzip, readChunks } from "./bytes.ts";
import type {
  CustomerHistory,
  CustomerList,
  CustomerQuery,
  FilesOptions,
  LifetimesBySegment,
  Outcome,
  Outlook,
  OutlookQuery,
  Report,
} from "./core.ts";
import { BIG_FILE_BYTES, type Way } from "./file-work.ts";
import { MemoryWatch, outOfMemory, saysOutOfMemory, type Taken } from "./memory-limit.ts";
import type { Anew, Several } from "./protocol.ts";
import { RetentionError } from "./retention-error.ts";
import { Turns } from "./turns.ts";

/** The least time between two reports of progress. */
const PROGRESS_EVERY_MS = 100;

/** How often one file may be wanted; more would be a fault of ours. */
const WANTED_MAX = 8;

/** The core's session of several files. */
export interface FilesSession {
  nextFile(): number | undefined;
  isReading(): boolean;
  isReadingAgain(): boolean;
  push(bytes: Uint8Array): boolean;
  end(): void;
  rows(): number;
  report(): Outcome;
  reanalyze(options: FilesOptions): Outcome;
  customers(query: CustomerQuery): CustomerList;
  customersCsv(query: CustomerQuery): Uint8Array;
  customer(id: string): CustomerHistory;
  lifetimes(): LifetimesBySegment | undefined;
  outlook(query: OutlookQuery): Outlook;
  free(): void;
}

/** What is needed of a core. */
export interface FilesSessions {
  files(options: FilesOptions): FilesSession;
  memoryBytes(): number;
  isFull(): boolean;
}

/** Works on one set of files at a time, and keeps the last one. */
export class FilesWork {
  readonly #sessions: FilesSessions;
  readonly #memoryBytesMax: number;
  #opened: { session: FilesSession; encodings: string } | null = null;
  #taken: Taken | null = null;

  constructor(sessions: FilesSessions, memoryBytesMax: number) {
    this.#sessions = sessions;
    this.#memoryBytesMax = memoryBytesMax;
  }

  /** Reads all files and reports on them. */
  async analyze(several: Several, why: string | undefined, way: Way): Promise<Report> {
    this.close();
    return this.#explained(async () => {
      const options = await withContainers(several);
      const session = this.#sessions.files(options);
      try {
        await this.#read(session, several, why, way);
        const report = reportOf(session.report());
        this.#opened = { session, encodings: encodingsOf(several) };
        return report;
      } catch (thrown) {
        freeQuietly(session);
        throw thrown;
      }
    });
  }

  /** Reports on the files read last with other options. */
  async reanalyze(several: Several, way: Way): Promise<Report | Anew> {
    const opened = this.#opened;
    const isBig = BIG_FILE_BYTES < sizeOf(several);
    if (opened === null || opened.encodings !== encodingsOf(several)) {
      return opened !== null && isBig
        ? { kind: "anew", why: "another encoding changes how a file is read" }
        : this.analyze(several, undefined, way);
    }
    return this.#explained(async () => {
      const outcome = opened.session.reanalyze(await withContainers(several));
      if (outcome.kind === "report") {
        return outcome.report;
      }
      if (isBig) {
        return { kind: "anew", why: outcome.why };
      }
      await this.#read(opened.session, several, outcome.why, way);
      return reportOf(opened.session.report());
    });
  }

  /** Asks about the files read last, which are read again where the core has lost them. */
  async ask<T>(several: Several, way: Way, question: (session: FilesSession) => T): Promise<T> {
    if (this.#opened === null) {
      await this.analyze(several, undefined, way);
    }
    const { session } = this.#opened ?? {};
    if (session === undefined) {
      throw new RetentionError("nothing-read", "There are no files to ask about. Give them first.");
    }
    return this.#explained(async () => question(session));
  }

  /** Lets go of what was read. */
  close(): void {
    if (this.#opened !== null) {
      freeQuietly(this.#opened.session);
      this.#opened = null;
    }
  }

  /** Reads whatever the core wants, until it wants no more. */
  async #read(
    session: FilesSession,
    several: Several,
    why: string | undefined,
    way: Way,
  ): Promise<void> {
    const total = sizeOf(several);
    const done = several.sources.map(() => 0);
    const wanted = several.sources.map(() => 0);
    const rows = several.sources.map(() => 0);
    const watch = new MemoryWatch(this.#memoryBytesMax);
    const turns = new Turns();
    let told = Number.NEGATIVE_INFINITY;
    const tell = (pass: number): void => {
      const progress = { bytes: sum(done), total, rows: sum(rows), pass };
      way.tell({ ...progress, ...(why === undefined ? {} : { why }) }, false);
    };
    let pass = why === undefined ? 1 : 2;
    for (let index = session.nextFile(); index !== undefined; index = session.nextFile()) {
      const source = several.sources[index];
      wanted[index] = (wanted[index] ?? 0) + 1;
      if (source === undefined || WANTED_MAX < (wanted[index] ?? 0)) {
        throw new RetentionError(
          "read-again-without-end",
          "The files did not come out the same when they were read again. If one is still being written, wait and choose it again.",
        );
      }
      const isReading = session.isReading();
      pass = session.isReadingAgain() ? 2 : pass;
      done[index] = 0;
      const gzip = await isGzip(source);
      const encoding = several.options.files?.[index]?.encoding;
      for await (const { bytes, position } of readChunks(source, { gzip, encoding })) {
        way.signal?.throwIfAborted();
        const wantsMore = session.push(bytes);
        if (!isReading && !wantsMore) {
          break;
        }
        if (isReading) {
          done[index] = position;
          rows[index] = session.rows();
          this.#look(watch, { bytes: sum(done), total, rows: sum(rows) });
          if (PROGRESS_EVERY_MS <= performance.now() - told) {
            told = performance.now();
            tell(pass);
          }
        }
        await turns.take();
      }
      session.end();
      if (isReading) {
        done[index] = source.size;
      }
    }
    tell(pass);
  }

  #look(watch: MemoryWatch, taken: Omit<Taken, "memoryBytes">): void {
    this.#taken = { ...taken, memoryBytes: this.#sessions.memoryBytes() };
    watch.look(this.#taken);
  }

  /** Does the work, and says so where it ends for want of memory. */
  async #explained<T>(work: () => Promise<T>): Promise<T> {
    this.#taken = null;
    try {
      return await work();
    } catch (thrown) {
      const isTrap = thrown instanceof WebAssembly.RuntimeError;
      if (saysOutOfMemory(thrown) || (isTrap && this.#sessions.isFull())) {
        throw outOfMemory(this.#taken);
      }
      throw thrown;
    }
  }
}

/** How many bytes all files have. */
export function sizeOf({ sources }: Several): number {
  return sum(sources.map(({ size }) => size));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

function encodingsOf({ options }: Several): string {
  return (options.files ?? []).map(({ encoding }) => encoding ?? "").join(" ");
}

/** The options with what was done to the bytes before the core sees them. */
async function withContainers({ sources, options }: Several): Promise<FilesOptions> {
  const files = await Promise.all(
    (options.files ?? []).map(async (file, index) => {
      const source = sources[index];
      return source !== undefined && (await isGzip(source))
        ? { ...file, container: "gzip" as const }
        : file;
    }),
  );
  return { ...options, files };
}

function reportOf(outcome: Outcome): Report {
  if (outcome.kind === "report") {
    return outcome.report;
  }
  throw new RetentionError("read-again-without-end", "The files could not be read to their end.");
}

/** A session of a core that has crashed cannot be freed, and need not be. */
function freeQuietly(session: FilesSession): void {
  try {
    session.free();
  } catch {
    // The core is gone, and the session with it.
  }
}
