// What `sizes.mjs` gives to the tests.

export const NEEDED: Readonly<Record<"a typed figure" | "a file's figure", readonly string[]>>;
export function brotliBytes(content: Uint8Array): number;
export function partOf(file: string): string;
