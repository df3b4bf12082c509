/**
 * The rest of the core that reads files, as text: what a first report seldom calls.
 *
 * It starts nothing.
 */

export { default as characters } from "virtual:files-rest";
