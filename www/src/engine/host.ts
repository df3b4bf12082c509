/**
 * Where the core runs: in a worker made from the text in this script, or in the page itself where
 * the host's policy forbids that.
 *
 * A worker is never loaded by an address: it would take its policy from there instead of this page.
 */

import coreBase64 from "virtual:core-wasm";
import workerText from "virtual:engine-worker";
import { Handler } from "./handler.ts";
import type { Answers, FromWorker, Progress, Request, ToWorker } from "./protocol.ts";
import { flatten, isFatal, RetentionError } from "./retention-error.ts";

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
  coreBytes ??= decoded(coreBase64);
  return coreBytes;
}

function decoded(base64: string): Uint8Array<ArrayBuffer> {
  const { fromBase64 } = Uint8Array as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };
  return (
    fromBase64?.(base64) ?? Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  );
}

/** Starts the core, in a worker if that can be had. */
export async function startHost(): Promise<Host> {
  let worker: Worker;
  try {
    worker = new Worker(trustedWorkerUrl(), { name: "retention-calculator" });
  } catch {
    // The host forbids blob workers, or our policy for making one.
    return startInPage();
  }
  const first = await firstMessage(worker);
  if (first === null) {
    worker.terminate();
    return startInPage();
  }
  if (first.kind === "not-ready") {
    worker.terminate();
    throw RetentionError.from(first.error);
  }
  return new WorkerHost(worker);
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
    worker.postMessage({ kind: "start", wasm: core() } satisfies ToWorker);
  });
}

async function startInPage(): Promise<Host> {
  try {
    return new PageHost(new Handler(await WebAssembly.compile(core())));
  } catch (thrown) {
    throw RetentionError.from(flatten(thrown));
  }
}

/** The core in a worker of its own. */
class WorkerHost implements Host {
  readonly #worker: Worker;
  #nAsked = 0;
  #isDown = false;

  constructor(worker: Worker) {
    this.#worker = worker;
  }

  get isDown(): boolean {
    return this.#isDown;
  }

  answer(request: Request, tell: (progress: Progress) => void): Promise<Answers[keyof Answers]> {
    this.#nAsked += 1;
    const id = this.#nAsked;
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data: message }: MessageEvent<FromWorker>) => {
        if (!("id" in message) || message.id !== id) {
          return;
        }
        if (message.kind === "progress") {
          tell(message.progress);
        } else if (message.kind === "done") {
          resolve(message.answer);
        } else {
          this.#isDown = message.fatal;
          reject(RetentionError.from(message.error));
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
      this.#worker.postMessage({ kind: "request", id, request } satisfies ToWorker);
    });
  }

  stop(): void {
    this.#isDown = true;
    this.#worker.terminate();
  }
}

/** The core in the page itself. */
class PageHost implements Host {
  readonly #handler: Handler;
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
      return await this.#handler.answer(request, tell, signal);
    } catch (thrown) {
      this.#isDown = isFatal(thrown);
      throw signal?.aborted ? signal.reason : RetentionError.from(flatten(thrown));
    }
  }

  stop(): void {
    // The request ends by its own signal at the next chunk; the core stays usable.
  }
}
