/**
 * How much memory a file may take, and what is said where it would take more.
 *
 * It measures nothing itself, and it refuses nothing for its size alone: what takes memory is
 * customers, and a large file may have few.
 */

import { RetentionError } from "./retention-error.ts";

const GIB = 1024 ** 3;

/** What the addresses of WebAssembly reach, less what the report itself needs at the end. */
const ADDRESSED_BYTES_MAX = 3.6 * GIB;

/** The share of a device's memory that one tab can have before the system ends it. */
const SHARE_OF_DEVICE = 0.5;

/** From here on it is estimated what the whole file would take. */
const ESTIMATED_FROM_BYTES = 64 * 1024 ** 2;

/** From this share of the file on: before, nearly every customer is a new one. */
const ESTIMATED_FROM_SHARE = 0.05;

/** An estimate that is over by less than this may be wrong: tables grow by doubling. */
const SURELY_OVER = 2;

/** What the core may take on this device, which says how many GiB it has, or does not. */
export function memoryBytesMax(deviceGib: number | undefined): number {
  return deviceGib === undefined
    ? ADDRESSED_BYTES_MAX
    : Math.min(ADDRESSED_BYTES_MAX, deviceGib * GIB * SHARE_OF_DEVICE);
}

/** How far a reading has come, and what it has taken. */
export interface Taken {
  memoryBytes: number;
  bytes: number;
  total: number;
  rows: number;
}

const ADVICE =
  "Sum it up first: one row per customer and month, made by the database that the file comes from, keeps the monthly figures. Or export less of it: fewer years, or one group of customers at a time.";

/** Looks at the memory of one reading, and refuses the file in time. */
export class MemoryWatch {
  readonly #max: number;
  /** What was taken at the last bytes of which each are twice as many as the ones before. */
  #doublings: Taken[] = [];

  constructor(max: number) {
    this.#max = max;
  }

  /** Throws `file-too-large` where the rest of the file has no room. */
  look(taken: Taken): void {
    if (this.#max <= taken.memoryBytes) {
      throw this.#refusal(taken, null);
    }
    const last = this.#doublings.at(-1);
    if (taken.bytes < (last === undefined ? ESTIMATED_FROM_BYTES / 4 : 2 * last.bytes)) {
      return;
    }
    this.#doublings = [...this.#doublings, taken].slice(-3);
    const needed = this.#estimate();
    if (
      needed !== null &&
      ESTIMATED_FROM_SHARE * taken.total <= taken.bytes &&
      SURELY_OVER * this.#max < needed
    ) {
      throw this.#refusal(taken, needed);
    }
  }

  /** What the whole file would take, where its memory goes on to grow as it did at last. */
  #estimate(): number | null {
    const [before, half, now] = this.#doublings;
    if (before === undefined || half === undefined || now === undefined) {
      return null;
    }
    const grew = now.memoryBytes - half.memoryBytes;
    const grewBefore = half.memoryBytes - before.memoryBytes;
    // Twice the bytes take twice as much, or less where fewer and fewer customers are new.
    const ratio = Math.min(2, grewBefore === 0 ? 2 : grew / grewBefore);
    let needed = now.memoryBytes;
    let growth = grew;
    let { bytes } = now;
    while (bytes < now.total) {
      growth *= ratio;
      needed += growth * Math.min(1, (now.total - bytes) / bytes);
      bytes *= 2;
    }
    return needed;
  }

  #refusal({ memoryBytes, bytes, total, rows }: Taken, needed: number | null): RetentionError {
    const takes =
      needed === null
        ? `take ${size(memoryBytes)} of memory`
        : `are enough to tell that the whole file would take about ${size(needed)} of memory`;
    return new RetentionError(
      "file-too-large",
      `The file is too large for this tab. Its first ${size(bytes)} of ${size(total)}, ${rowsWords(rows)}, ${takes}, and this tab can have ${size(this.#max)}. ${ADVICE}`,
    );
  }
}

/** The error for a reading that ended for want of memory. */
export function outOfMemory(taken: Taken | null): RetentionError {
  const where =
    taken === null
      ? ""
      : ` after ${size(taken.bytes)} of ${size(taken.total)}, ${rowsWords(taken.rows)}`;
  return new RetentionError(
    "out-of-memory",
    `The memory of this tab ran out${where}. Your file is unchanged. Close other tabs and try again, or make it smaller. ${ADVICE}`,
  );
}

/** Whether an error says by itself that memory could not be had. */
export function saysOutOfMemory(thrown: unknown): boolean {
  return thrown instanceof RangeError && /memory|allocat/i.test(thrown.message);
}

function size(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

function rowsWords(rows: number): string {
  return `${rows.toLocaleString("en-US")} rows`;
}
