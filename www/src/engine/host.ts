/**
 * Where a core runs: in a worker made from the text in this script, or in the page itself where the
 * host's policy forbids that.
 *
 * A worker is never loaded by an address: it would take its policy from there instead of this page.
 */

import workerText from "virtual:files-worker";
import { arrived, arrivedLast, lastOnTheirWay } from "./arrived.ts";
import { Handler } from "./handler.ts";
import { memoryBytesMax } from "./memory-limit.ts";
import { startInPage } from "./page-host.ts";
import type { Answers, FromWorker, Progress, Request, ToWorker } from "./protocol.ts";
import { RetentionError } from "./retention-error.ts";
import type { Make } from "./serving.ts";
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
  /** The rest of it, where it stands in two parts. */
  rest?(): Promise<string>;
  /** The script of its worker. */
  workerText: string;
  /** What answers where there is no worker. */
  make: Make;
  /** How many processors it can make use of. */
  nCores: number;
}

/**
 * A core that is started, in a worker if that can be had.
 *
 * Where it stands in two parts, the first worker begins without the rest, which is sent after it.
 * All others have the whole: the rest is there by then, or is what they are started for.
 */
export class Starter {
  readonly #packed: Packed;
  #workerUrl: string | null = null;
  /** The core as the first worker compiled it: to hand it on costs nothing. */
  #compiled: WebAssembly.Module | null = null;
  #compiledRest: WebAssembly.Module | null = null;
  #hasStarted = false;

  constructor(packed: Packed) {
    this.#packed = packed;
  }

  async start(): Promise<Host> {
    requireSimd();
    const { characters, rest, make, nCores } = this.#packed;
    const worker = await this.#startWorker();
    return worker === null
      ? startInPage(
          await characters(),
          (module, more) => make(module, limit(), more),
          await rest?.(),
        )
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
    const { characters, rest } = this.#packed;
    const isFirst = !this.#hasStarted;
    this.#hasStarted = true;
    const answer = this.#firstMessage(worker);
    try {
      worker.postMessage({
        kind: "start",
        wasm: this.#compiled ?? (await characters()),
        rest: isFirst ? undefined : (this.#compiledRest ?? (await rest?.())),
        memoryBytesMax: limit(),
      } satisfies ToWorker);
    } catch (thrown) {
      worker.terminate();
      throw thrown;
    }
    const first = await answer;
    if (first?.kind === "ready") {
      this.#compiled = first.module;
      this.#compiledRest ??= first.rest ?? null;
      if (isFirst && rest !== undefined) {
        void this.#sendRest(worker, rest);
      }
      return worker;
    }
    worker.terminate();
    if (first?.kind === "not-ready") {
      throw RetentionError.from(first.error);
    }
    return null;
  }

  /** Sends the first worker the rest of its core, once it is there. */
  async #sendRest(worker: Worker, rest: () => Promise<string>): Promise<void> {
    worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
      if (data.kind === "whole") {
        this.#compiledRest = data.rest;
      }
    });
    await lastOnTheirWay();
    try {
      worker.postMessage({ kind: "rest", rest: await rest() } satisfies ToWorker);
    } catch {
      // Whoever needs it starts another worker, and hears there why it has not come.
    }
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
  rest: async () => (await arrivedLast(() => import("./files-rest.ts"))).characters,
  make: (module, bytesMax, rest) => new Handler(module, bytesMax, rest),
  nCores: navigator.hardwareConcurrency,
});

/** Starts the core that reads files. */
export function startFiles(): Promise<Host> {
  return files.start();
}
