/**
 * A stand-in for the core in tests: its rows are lines, and its report is the rows in their order.
 *
 * It understands no quotes and no roles; what it shares with the core is how it is talked to.
 */

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
import type { PartSession, Sessions } from "./file-work.ts";

/** How a stand-in behaves. */
export interface Temper {
  /** Whether its files can be split. */
  isSplittable?: boolean;
  /** The first part refuses these. */
  refuses?: (ledger: string) => boolean;
  /** Why it wants to read the file again, once. */
  again?: string;
  /** The table is known after that many bytes. */
  opensAfter?: number;
  /** What it takes. */
  memoryBytes?: () => number;
  isFull?: () => boolean;
  /** Called with each push; may throw. */
  onPush?: (bytes: Uint8Array) => void;
}

const NEWLINE = 10;

/** The rows that a report of the stand-in holds. */
export function rowsOf(report: Report): string[] {
  return (report as unknown as { rows: string[] }).rows;
}

class Lines implements PartSession {
  readonly #temper: Temper;
  readonly #from: number;
  #until: number;
  #position = 0;
  #rowAt = 0;
  #row: number[] = [];
  #isSkipping = false;
  #nHead = 0;
  #rows: string[] = [];
  #again: string | undefined;
  isFree = false;

  constructor(temper: Temper, from: number, until: number) {
    this.#temper = temper;
    this.#from = from;
    this.#until = until;
    this.#again = temper.again;
  }

  push(bytes: Uint8Array): void {
    this.#temper.onPush?.(bytes);
    this.#nHead += bytes.length;
    for (const byte of bytes) {
      this.#take(byte);
    }
  }

  /** A row belongs to the part in which the line end before it lies. */
  #take(byte: number): void {
    this.#position += 1;
    if (byte !== NEWLINE) {
      this.#row.push(byte);
      return;
    }
    this.#endRow();
    this.#rowAt = this.#position;
  }

  #endRow(): void {
    if (!this.#isSkipping && this.#rowAt <= this.#until && this.#row.length > 0) {
      this.#rows.push(String.fromCharCode(...this.#row));
    }
    this.#isSkipping = false;
    this.#row = [];
  }

  rows(): number {
    return this.#rows.length;
  }

  finish(): Outcome {
    this.#endRow();
    if (this.#again !== undefined) {
      const why = this.#again;
      this.#again = undefined;
      this.#start(0);
      this.#until = Number.POSITIVE_INFINITY;
      return { kind: "readAgain", why };
    }
    return this.#report();
  }

  reanalyze(options: AnalyzeOptions): Outcome {
    if (options.delimiter === undefined) {
      return this.#report();
    }
    this.#start(0);
    return { kind: "readAgain", why: "another separator" };
  }

  #start(at: number): void {
    this.#position = at;
    this.#rowAt = at;
    this.#row = [];
    this.#rows = [];
  }

  #report(): Outcome {
    const report = { input: { rows: { read: this.#rows.length } }, rows: this.#rows };
    return { kind: "report", report: report as unknown as Report };
  }

  customers(query: CustomerQuery): CustomerList {
    const found = this.#rows.filter((row) => row.includes(query.search ?? ""));
    return { total: found.length, members: this.#rows.length } as unknown as CustomerList;
  }

  customersCsv(): Uint8Array {
    return new TextEncoder().encode(this.#rows.join("\n"));
  }

  customer(id: string): CustomerHistory {
    return { row: { customer: id } } as unknown as CustomerHistory;
  }

  lifetimes(): LifetimesBySegment | undefined {
    return undefined;
  }

  outlook({ horizonDays }: OutlookQuery): Outlook {
    return { horizonDays } as unknown as Outlook;
  }

  isOpen(): boolean {
    return (this.#temper.opensAfter ?? 1) <= this.#nHead;
  }

  isSplittable(): boolean {
    return this.#temper.isSplittable ?? true;
  }

  jump(): void {
    this.#start(this.#from);
    this.#isSkipping = true;
  }

  isDone(): boolean {
    return this.#until < this.#rowAt;
  }

  endPart(): Uint8Array {
    this.#endRow();
    return new TextEncoder().encode(JSON.stringify(this.#rows));
  }

  absorb(ledger: Uint8Array): boolean {
    const rows = new TextDecoder().decode(ledger);
    if (this.#temper.refuses?.(rows) === true) {
      return false;
    }
    // The row that this part began may be one of the next part's; it is theirs.
    this.#row = [];
    this.#rows.push(...(JSON.parse(rows) as string[]));
    return true;
  }

  resume(): number {
    // The stand-in forgets what it knows: what matters is that the rest comes from where it says.
    const at = this.#rowsEnd();
    this.#until = Number.POSITIVE_INFINITY;
    this.#position = at;
    this.#rowAt = at;
    this.#row = [];
    return at;
  }

  /** The end of the last row that it has: all rows before it, each with its line end. */
  #rowsEnd(): number {
    return this.#rows.reduce((bytes, row) => bytes + row.length + 1, 0);
  }

  free(): void {
    this.isFree = true;
  }
}

/** The sessions of a stand-in, with all that were made. */
export function fakeSessions(temper: Temper = {}): Sessions & { readonly made: Lines[] } {
  const made: Lines[] = [];
  const make = (from: number, until: number) => {
    const session = new Lines(temper, from, until);
    made.push(session);
    return session;
  };
  return {
    made,
    whole: () => make(0, Number.POSITIVE_INFINITY),
    part: (_options, from, until) => make(from, until ?? Number.POSITIVE_INFINITY),
    memoryBytes: () => temper.memoryBytes?.() ?? 1_000_000,
    isFull: () => temper.isFull?.() ?? false,
  };
}
