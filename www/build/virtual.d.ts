// Modules that the build makes. It deliberately declares nothing that a file could hold.

declare module "virtual:core-wasm" {
  /**
   * The core, one character from U+0000 to U+00FF for each byte of the module.
   *
   * Compressed on its way, that is a quarter smaller than base64, which hides the bytes' patterns.
   */
  const characters: string;
  export default characters;
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
