/**
 * Tables as CSV text that a spreadsheet opens as data and never as a formula.
 *
 * It reads no CSV and formats no number: numbers are written in full, with a point.
 */

/** One value of a cell: numbers stay numbers, text is guarded, nothing is an empty field. */
export type CsvCell = string | number | null;

/**
 * First characters that make a spreadsheet evaluate a cell: the four operators, also in their
 * full-width forms, and the control characters that are skipped before one.
 */
const EVALUATED = /^[=+\-@\t\r\n\0\uFF1D\uFF0B\uFF0D\uFF20]/u;

/** Text with an apostrophe before it where a spreadsheet would evaluate it (OWASP ASVS 1.2.10). */
export function guardText(text: string): string {
  return EVALUATED.test(text) ? `'${text}` : text;
}

/** One field: quoted where RFC 4180 asks for it, and always where it had to be guarded. */
export function csvField(cell: CsvCell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return Number.isFinite(cell) ? String(cell) : "";
  const text = guardText(cell);
  return text !== cell || /[",\r\n;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A header and rows as CSV by RFC 4180, with a byte order mark so that Excel reads it as UTF-8. */
export function toCsv(header: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  const lines = [header, ...rows].map((row) => row.map(csvField).join(","));
  return `\uFEFF${lines.join("\r\n")}\r\n`;
}
