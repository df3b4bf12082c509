/**
 * What a reader types as a number, read the way the reader's language writes it.
 *
 * It reads; it does not judge whether a number makes sense for a formula, which the core does and
 * says at the input.
 */

import { type NumberKind, usableLocale } from "./format.ts";
import { isolated } from "./text.ts";

/** A number, nothing where the field is empty, or what is wrong and what to do. */
export type Entry = { value: number } | { problem: string } | null;

const SPACES = /[\s\u00a0\u202f\u2009]/gu;
const DRESSING = /^[\p{Sc}A-Z]{0,3}|[\p{Sc}%]$|[A-Z]{3}$/gu;
const PLAIN = /^[+-]?\d+(\.\d+)?$/;

/** The decimal sign of a language. */
function decimalSign(locale: string | undefined): "." | "," {
  const part = new Intl.NumberFormat(usableLocale(locale))
    .formatToParts(1.5)
    .find(({ type }) => type === "decimal");
  return part?.value === "," ? "," : ".";
}

/** The digits with a point for the decimal sign, or nothing where that cannot be told. */
function normalised(text: string, locale: string | undefined): string | null {
  const bare = text
    .replaceAll(SPACES, "")
    .replaceAll(/['\u2019]/g, "")
    .replaceAll(/[\u2212\u2013]/g, "-")
    .replaceAll(DRESSING, "");
  const lastPoint = bare.lastIndexOf(".");
  const lastComma = bare.lastIndexOf(",");
  if (lastPoint === -1 && lastComma === -1) {
    return bare;
  }
  if (lastPoint !== -1 && lastComma !== -1) {
    // With both, the last one is the decimal sign and the other one groups.
    const [decimal, group] = lastPoint < lastComma ? [",", "."] : [".", ","];
    return bare.replaceAll(group, "").replace(decimal, ".");
  }
  const sign = lastPoint === -1 ? "," : ".";
  const grouped = new RegExp(`^[+-]?\\d{1,3}(\\${sign}\\d{3})+$`).test(bare);
  const isDecimal = sign === decimalSign(locale);
  const nSigns = bare.split(sign).length - 1;
  if (grouped && (!isDecimal || 1 < nSigns)) {
    return bare.replaceAll(sign, "");
  }
  return nSigns === 1 ? bare.replace(sign, ".") : null;
}

/** Reads what was typed for an input of a kind. */
export function readEntry(text: string, kind: NumberKind, locale?: string): Entry {
  const trimmed = text.trim();
  if (trimmed === "") {
    return null;
  }
  const plain = normalised(trimmed, locale);
  if (plain === null || !PLAIN.test(plain)) {
    return { problem: `${isolated(trimmed)} is not a number. Type digits only, such as 1234.5.` };
  }
  if (kind === "count" && !Number.isInteger(Number(plain))) {
    return /^\d{1,3}[.,]\d{3}$/.test(trimmed)
      ? { problem: `${isolated(trimmed)} can be read in two ways. Type it without a separator.` }
      : { problem: `${isolated(trimmed)} is not a whole number. Count whole customers.` };
  }
  // Moving the decimal point in the text keeps 28.7 % the same number as 0.287.
  const value = Number(kind === "share" ? `${plain}e-2` : plain);
  return Number.isFinite(value)
    ? { value }
    : { problem: `${isolated(trimmed)} is too large. Use a larger unit, such as thousands.` };
}

/** The formats of fields by kind and locale: to make one takes longer than all that is done with it. */
const ENTRIES = new Map<string, Intl.NumberFormat>();

/** A number as it stands in a field of that kind, to begin with. */
export function asEntry(value: number, kind: NumberKind, locale?: string): string {
  const key = `${kind === "share"}/${locale ?? ""}`;
  const format =
    ENTRIES.get(key) ??
    new Intl.NumberFormat(usableLocale(locale), {
      useGrouping: false,
      maximumFractionDigits: 10,
      ...(kind === "share" ? { style: "percent" } : {}),
    });
  ENTRIES.set(key, format);
  return format
    .formatToParts(value)
    .filter(({ type }) => type !== "percentSign" && type !== "literal")
    .map((part) => part.value)
    .join("");
}
