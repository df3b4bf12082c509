/**
 * The worker: owns the core and the file's session, and answers one request at a time.
 *
 * It has no state but the handler, and it opens no address: the core comes by message.
 */

import { Handler } from "./handler.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";
import { flatten, isFatal } from "./retention-error.ts";

declare const self: DedicatedWorkerGlobalScope;

let handler: Handler | null = null;

function send(message: FromWorker): void {
  self.postMessage(message);
}

self.addEventListener("message", async ({ data: message }: MessageEvent<ToWorker>) => {
  if (message.kind === "start") {
    try {
      handler = new Handler(message.wasm);
      send({ kind: "ready" });
    } catch (thrown) {
      send({ kind: "not-ready", error: flatten(thrown) });
    }
    return;
  }
  const { id, request } = message;
  try {
    if (handler === null) {
      throw new Error("a request came before the start");
    }
    const answer = await handler.answer(request, (progress) =>
      send({ kind: "progress", id, progress }),
    );
    send({ kind: "done", id, answer });
  } catch (thrown) {
    send({ kind: "failed", id, error: flatten(thrown), fatal: isFatal(thrown) });
  }
});
