/**
 * Where a core runs: in a worker made from the text in this script, or in the page itself where the
 * host's policy forbids that.
 *
 * A worker is never loaded by an address: it would take its policy from there instead of this page.
 */

import workerText from "virtual:files-worker";
import { arrived } from "./arrived.ts";
import { Handler } from "./handler.ts";
import { memoryBytesMax } from "./memory-limit.ts";
import { startInPage } from "./page-host.ts";
import type { Answers, FromWorker, Progress, Request, ToWorker } from "./protocol.ts";
import { RetentionError } from "./retention-error.ts";
import type { Answering } from "./serving.ts";
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

/** The addresses of our own blobs, and no others. */
const ownUrls = new Set<string>();
let policy: ScriptUrlPolicy | null = null;

/** An address of our own as a trusted script. */
function trusted(url: string): string {
  const factory = (globalThis as { trustedTypes?: TrustedTypesFactory }).trustedTypes;
  if (factory === undefined) {
    return url;
  }
  policy ??= factory.createPolicy(POLICY_NAME, {
    createScriptURL(given) {
      if (!ownUrls.has(given)) {
        throw new TypeError("only the calculator's own workers may be started");
      }
      return given;
    },
  });
  return policy.createScriptURL(url);
}

/** What the core may take in this tab. */
function limit(): number {
  return memoryBytesMax((navigator as { deviceMemory?: number }).deviceMemory);
}

/** A core as it stands in the script. */
export interface Packed {
  /** Its module, as `unpacked.ts` understands it; the worker starts while it is still on its way. */
  characters(): Promise<string>;
  /** The script of its worker. */
  workerText: string;
  /** What answers where there is no worker. */
  make(module: WebAssembly.Module, memoryBytesMax: number): Answering;
  /** How many processors it can make use of. */
  nCores: number;
}

/** A core that is started, in a worker if that can be had. */
export class Starter {
  readonly #packed: Packed;
  #workerUrl: string | null = null;
  /** The core as the first worker compiled it: to hand it on costs nothing. */
  #compiled: WebAssembly.Module | null = null;

  constructor(packed: Packed) {
    this.#packed = packed;
  }

  async start(): Promise<Host> {
    requireSimd();
    const { characters, make, nCores } = this.#packed;
    const worker = await this.#startWorker();
    return worker === null
      ? startInPage(await characters(), (module) => make(module, limit()))
      : new WorkerHost(worker, () => this.#startAnother(), nCores);
  }

  /** Starts a worker for a part of a file, where the first one has one already. */
  async #startAnother(): Promise<Worker> {
    const worker = await this.#startWorker();
    if (worker === null) {
      throw new RetentionError("no-worker", "No further worker can be had.");
    }
    return worker;
  }

  /** A worker with the core in it; nothing where none can be had. */
  async #startWorker(): Promise<Worker | null> {
    let worker: Worker;
    try {
      worker = new Worker(this.#trustedUrl(), { name: "retention-calculator" });
    } catch {
      // The host forbids blob workers, or our policy for making one.
      return null;
    }
    const answer = this.#firstMessage(worker);
    try {
      worker.postMessage({
        kind: "start",
        wasm: this.#compiled ?? (await this.#packed.characters()),
        memoryBytesMax: limit(),
      } satisfies ToWorker);
    } catch (thrown) {
      worker.terminate();
      throw thrown;
    }
    const first = await answer;
    if (first?.kind === "ready") {
      this.#compiled = first.module;
      return worker;
    }
    worker.terminate();
    if (first?.kind === "not-ready") {
      throw RetentionError.from(first.error);
    }
    return null;
  }

  #trustedUrl(): string {
    if (this.#workerUrl === null) {
      const text = new Blob([this.#packed.workerText], { type: "text/javascript" });
      this.#workerUrl = URL.createObjectURL(text);
      ownUrls.add(this.#workerUrl);
    }
    return trusted(this.#workerUrl);
  }

  /** What the worker says once it has the core; nothing where it could not be loaded. */
  #firstMessage(worker: Worker): Promise<FromWorker | null> {
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
    });
  }
}

const files = new Starter({
  characters: async () => (await arrived(() => import("./files-core.ts"))).characters,
  workerText,
  make: (module, bytesMax) => new Handler(module, bytesMax),
  nCores: navigator.hardwareConcurrency,
});

/** Starts the core that reads files. */
export function startFiles(): Promise<Host> {
  return files.start();
}
