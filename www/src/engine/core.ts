/**
 * The types of the core, as they are generated from Rust, under one roof.
 *
 * It declares none of its own and pulls in no code.
 */

export type * from "../../pkg/files.js";
