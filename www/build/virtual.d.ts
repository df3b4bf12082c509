// Modules that the build makes. It deliberately declares nothing that a file could hold.

declare module "virtual:formulas-wasm" {
  /** The core for typed numbers, as `src/engine/unpacked.ts` understands it. */
  const characters: string;
  export default characters;
}

declare module "virtual:files-wasm" {
  /** The first part of the core that reads files. */
  const characters: string;
  export default characters;
}

declare module "virtual:files-rest" {
  /** The rest of it. */
  const characters: string;
  export default characters;
}

declare module "virtual:models-wasm" {
  /** The core for lifespan models, projections and the health of accounts. */
  const characters: string;
  export default characters;
}

declare module "virtual:files-worker" {
  /** `src/engine/worker.ts` and all that it imports, as the text of one classic script. */
  const text: string;
  export default text;
}

declare module "virtual:models-worker" {
  /** `src/engine/models-worker.ts` and all that it imports. */
  const text: string;
  export default text;
}

declare module "*.csv?raw" {
  /** The file as text. */
  const text: string;
  export default text;
}
