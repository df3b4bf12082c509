// Modules that the build makes. It deliberately declares nothing that a file could hold.

declare module "virtual:core-wasm" {
  /** The core as base64: the module after `wasm-opt`, ready for `initSync({ module })`. */
  const base64: string;
  export default base64;
}

declare module "virtual:engine-worker" {
  /** `src/engine/worker.ts` and all that it imports, as the text of one classic script. */
  const text: string;
  export default text;
}

declare module "*.csv?raw" {
  /** The file as text. */
  const text: string;
  export default text;
}
