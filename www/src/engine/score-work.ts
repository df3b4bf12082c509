/**
 * The health of the accounts of one file, kept for another sheet, playbook or date.
 *
 * It does not know how the bytes come, and it scores nothing itself.
 */

import { isForeignEncoding, isGzip, readChunks } from "./bytes.ts";
import type { RiskReport, ScoreOptions, ScoreOutcome } from "./core.ts";
import { Turns } from "./turns.ts";

/** The core's session of one file of accounts. */
export interface AccountsSession {
  push(bytes: Uint8Array): void;
  finish(): RiskReport;
  rescore(options: ScoreOptions): ScoreOutcome;
  free(): void;
}

/** The accounts that were read last. */
interface Read {
  session: AccountsSession;
  encoding: string | undefined;
}

/** Scores one file at a time, and keeps its accounts. */
export class ScoreWork {
  readonly #open: (options: ScoreOptions) => AccountsSession;
  #read: Read | null = null;

  constructor(open: (options: ScoreOptions) => AccountsSession) {
    this.#open = open;
  }

  /** Reads a file and scores its accounts. */
  async score(
    source: Blob,
    options: ScoreOptions,
    signal: AbortSignal | undefined,
  ): Promise<RiskReport> {
    this.#close();
    const gzip = await isGzip(source);
    const given: ScoreOptions = gzip ? { ...options, container: "gzip" } : options;
    const session = this.#open(given);
    try {
      const report = await pushAll(session, source, options.encoding, gzip, signal);
      this.#read = { session, encoding: options.encoding };
      return report;
    } catch (thrown) {
      freeQuietly(session);
      throw thrown;
    }
  }

  /** Scores the accounts read last with other options. */
  async rescore(
    source: Blob,
    options: ScoreOptions,
    signal: AbortSignal | undefined,
  ): Promise<RiskReport> {
    const read = this.#read;
    // After a restart there is no session, and another encoding means other bytes.
    if (read === null || read.encoding !== options.encoding) {
      return this.score(source, options, signal);
    }
    const outcome = read.session.rescore(options);
    return outcome.kind === "scored" ? outcome.report : this.score(source, options, signal);
  }

  #close(): void {
    if (this.#read !== null) {
      freeQuietly(this.#read.session);
      this.#read = null;
    }
  }
}

async function pushAll(
  session: AccountsSession,
  source: Blob,
  encoding: string | undefined,
  gzip: boolean,
  signal: AbortSignal | undefined,
): Promise<RiskReport> {
  const turns = new Turns();
  const decoded = isForeignEncoding(encoding) ? encoding : undefined;
  for await (const { bytes } of readChunks(source, { encoding: decoded, gzip })) {
    signal?.throwIfAborted();
    session.push(bytes);
    await turns.take();
  }
  return session.finish();
}

/** A session of a core that has crashed cannot be freed, and need not be. */
function freeQuietly(session: AccountsSession): void {
  try {
    session.free();
  } catch {
    // The core is gone, and the session with it.
  }
}
