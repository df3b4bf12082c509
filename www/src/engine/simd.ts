/**
 * Whether this browser can run the core, which is compiled to 128-bit SIMD instructions.
 *
 * It compiles nothing: a policy that forbids WebAssembly is another matter.
 */

import { RetentionError } from "./retention-error.ts";

/** A module of one function, `i32.const 0; i8x16.splat`, that answers a `v128`. */
const SPLAT = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b],
  ...[0x03, 0x02, 0x01, 0x00],
  ...[0x0a, 0x08, 0x01, 0x06, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0x0b],
);

/** Throws `browser-too-old` where the core could not run. */
export function requireSimd(): void {
  if (typeof WebAssembly !== "object" || !WebAssembly.validate(SPLAT)) {
    throw new RetentionError(
      "browser-too-old",
      "This browser cannot run the calculation: it has no WebAssembly with SIMD, or it is switched off. Chrome and Edge 111, Firefox 115, Safari 16.4 and all later ones can. Update the browser, or open this page in another.",
    );
  }
}
