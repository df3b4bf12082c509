/**
 * The core for typed numbers: small, in the page itself, and there from the beginning.
 *
 * It reads no file; what a formula takes is a few microseconds.
 */

import characters from "virtual:formulas-wasm";
import { calculate, formulas, initSync } from "../../pkg/formulas.js";
import type { Host } from "./host.ts";
import { startInPage } from "./page-host.ts";
import type { Answers, Request } from "./protocol.ts";
import type { Answering } from "./serving.ts";
import { requireSimd } from "./simd.ts";

/** Starts it. */
export async function startFormulas(): Promise<Host> {
  requireSimd();
  return startInPage(characters, (module) => new FormulasHandler(module));
}

class FormulasHandler implements Answering {
  readonly #memory: WebAssembly.Memory;

  constructor(module: WebAssembly.Module) {
    this.#memory = initSync({ module }).memory;
  }

  get memoryBytes(): number {
    return this.#memory.buffer.byteLength;
  }

  async answer(request: Request): Promise<Answers[keyof Answers]> {
    switch (request.kind) {
      case "calculate":
        return calculate(request.formula, request.inputs);
      case "formulas":
        return formulas();
      default:
        throw new Error(`another core answers ${request.kind}`);
    }
  }
}
