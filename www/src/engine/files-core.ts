/**
 * The first part of the core that reads files, as text: a script of its own, so that its worker
 * starts meanwhile.
 *
 * It starts nothing.
 */

export { default as characters } from "virtual:files-wasm";
