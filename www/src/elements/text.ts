/**
 * Text from a file made safe to look at: cut, isolated, and with its control characters visible.
 *
 * It makes no markup: what comes out is text, and is set as text. It changes nothing in the data.
 */

/** How many characters of a cell are shown. */
export const CELL_CHARACTERS = 80;

/** Where the pictures of the control characters begin: `␀`. */
const CONTROL_PICTURES = 0x2400;
const DELETE = 0x7f;
const DELETE_PICTURE = "\u2421";

/**
 * Characters that cannot be seen and that move, hide or reorder what stands around them. The two
 * joiners are left alone: scripts and emoji need them.
 */
const INVISIBLE =
  /[\u0080-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/u;

/** The text with each control character shown as a symbol and each hidden one by its code point. */
export function visible(text: string): string {
  let shown = "";
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20) {
      shown += String.fromCodePoint(CONTROL_PICTURES + code);
    } else if (code === DELETE) {
      shown += DELETE_PICTURE;
    } else if (INVISIBLE.test(character)) {
      shown += `\u2039${code.toString(16).toUpperCase().padStart(4, "0")}\u203a`;
    } else {
      shown += character;
    }
  }
  return shown;
}

/** The first characters of a text, with an ellipsis where some are left out; never half a character. */
export function cut(text: string, characters: number = CELL_CHARACTERS): string {
  if (text.length <= characters) {
    return text;
  }
  const whole = Array.from(text);
  return whole.length <= characters ? text : `${whole.slice(0, characters - 1).join("")}…`;
}

/** A cell as it is shown inside a `<bdi>`: cut, and with what is hidden made visible. */
export function cell(text: string): string {
  // Cutting before as well bounds the work for a cell of megabytes.
  return cut(visible(text.slice(0, CELL_CHARACTERS * 4)));
}

/** A cell inside a plain string (a title, a label), so that its direction stays its own. */
export function isolated(text: string): string {
  return `\u2068${cell(text)}\u2069`;
}

/**
 * A message of the core as it is shown: what it quotes is cut and isolated already, by U+2068 and
 * U+2069, and those two stay.
 */
export function quoting(text: string): string {
  return text
    .split(/([\u2068\u2069])/)
    .map((part) => (part === "\u2068" || part === "\u2069" ? part : visible(part)))
    .join("");
}
