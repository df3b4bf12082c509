/**
 * Where the core runs: in a worker made from the text in this script, or in the page itself where
 * the host's policy forbids that.
 *
 * A worker is never loaded by an address: it would take its policy from there instead of this page.
 */

import coreCharacters from "virtual:core-wasm";
import workerText from "virtual:engine-worker";
import { Handler } from "./handler.ts";
import { memoryBytesMax } from "./memory-limit.ts";
import type { Answers, FromWorker, Progress, Request, ToWorker } from "./protocol.ts";
import { flatten, isFatal, RetentionError } from "./retention-error.ts";
import { requireSimd } from "./simd.ts";
import { WorkerHost } from "./worker-host.ts";

/** Something that answers one request at a time. */
export interface Host {
  /** The answer to a request. */
  answer(
    request: Request,
    tell: (progress: Progress) => void,
    signal: AbortSignal | undefined,
  ): Promise<Answers[keyof Answers]>;
  /** Whether it has crashed, so that another one is needed. */
  readonly isDown: boolean;
  /** Whether it holds so much memory that the next file should have another one. */
  readonly isSpent: boolean;
  /** Gives up whatever it is doing. */
  stop(): void;
}

/** The name that the page's `trusted-types` directive allows. */
const POLICY_NAME = "retention-calculator";

interface ScriptUrlPolicy {
  createScriptURL(url: string): string;
}

interface TrustedTypesFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptUrlPolicy;
}

let workerUrl: string | null = null;
let policy: ScriptUrlPolicy | null = null;

/** The address of our own blob, and of nothing else, as a trusted script. */
function trustedWorkerUrl(): string {
  workerUrl ??= URL.createObjectURL(new Blob([workerText], { type: "text/javascript" }));
  const factory = (globalThis as { trustedTypes?: TrustedTypesFactory }).trustedTypes;
  if (factory === undefined) {
    return workerUrl;
  }
  policy ??= factory.createPolicy(POLICY_NAME, {
    createScriptURL(url) {
      if (url !== workerUrl) {
        throw new TypeError("only the calculator's own worker may be started");
      }
      return url;
    },
  });
  return policy.createScriptURL(workerUrl);
}

let coreBytes: Uint8Array<ArrayBuffer> | null = null;

function core(): Uint8Array<ArrayBuffer> {
  // Named once: the bundler would write the whole text out again at each further place.
  coreBytes ??= bytesOf(coreCharacters);
  return coreBytes;
}

function bytesOf(characters: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(characters.length);
  for (let at = 0; at < bytes.length; at += 1) {
    bytes[at] = characters.charCodeAt(at);
  }
  return bytes;
}

/** The core as the first worker compiled it: to hand it on costs nothing. */
let compiled: WebAssembly.Module | null = null;

/** What the core may take in this tab. */
function limit(): number {
  return memoryBytesMax((navigator as { deviceMemory?: number }).deviceMemory);
}

/** Starts the core, in a worker if that can be had. */
export async function startHost(): Promise<Host> {
  requireSimd();
  const worker = await startWorker();
  return worker === null
    ? startInPage()
    : new WorkerHost(worker, startAnother, navigator.hardwareConcurrency);
}

/** Starts a worker for a part of a file, where the first one has one already. */
async function startAnother(): Promise<Worker> {
  const worker = await startWorker();
  if (worker === null) {
    throw new RetentionError("no-worker", "No further worker can be had.");
  }
  return worker;
}

/** A worker with the core in it; nothing where none can be had. */
async function startWorker(): Promise<Worker | null> {
  let worker: Worker;
  try {
    worker = new Worker(trustedWorkerUrl(), { name: "retention-calculator" });
  } catch {
    // The host forbids blob workers, or our policy for making one.
    return null;
  }
  const first = await firstMessage(worker);
  if (first?.kind === "ready") {
    compiled = first.module;
    return worker;
  }
  worker.terminate();
  if (first?.kind === "not-ready") {
    throw RetentionError.from(first.error);
  }
  return null;
}

/** What the worker says once it has the core; nothing where it could not be loaded. */
function firstMessage(worker: Worker): Promise<FromWorker | null> {
  return new Promise((resolve) => {
    worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => resolve(data), {
      once: true,
    });
    worker.addEventListener(
      "error",
      (event) => {
        event.preventDefault();
        resolve(null);
      },
      { once: true },
    );
    worker.postMessage({
      kind: "start",
      wasm: compiled ?? core(),
      memoryBytesMax: limit(),
    } satisfies ToWorker);
  });
}

async function startInPage(): Promise<Host> {
  try {
    compiled ??= await WebAssembly.compile(core());
    return new PageHost(new Handler(compiled, limit()));
  } catch (thrown) {
    throw RetentionError.from(flatten(thrown));
  }
}

/** The core in the page itself. */
class PageHost implements Host {
  readonly #handler: Handler;
  /** Its memory is the page's: another one would only be added to it. */
  readonly isSpent = false;
  #isDown = false;

  constructor(handler: Handler) {
    this.#handler = handler;
  }

  get isDown(): boolean {
    return this.#isDown;
  }

  async answer(
    request: Request,
    tell: (progress: Progress) => void,
    signal: AbortSignal | undefined,
  ): Promise<Answers[keyof Answers]> {
    try {
      return await this.#handler.answer(request, { tell, signal });
    } catch (thrown) {
      this.#isDown = isFatal(thrown);
      throw signal?.aborted ? signal.reason : RetentionError.from(flatten(thrown));
    }
  }

  stop(): void {
    // The request ends by its own signal at the next chunk; the core stays usable.
  }
}
