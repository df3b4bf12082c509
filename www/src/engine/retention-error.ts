/**
 * The error that callers see: what could not be read or computed, and what to do about it.
 *
 * It is not for findings that can be survived; those are notes in the report.
 */

/** An error as plain data, for the way out of the worker. */
export interface FlatError {
  name: string;
  message: string;
  code: string;
  row?: number;
  column?: string;
  columns?: readonly string[];
}

/** What could not be read or computed at all. The message says what to do. */
export class RetentionError extends Error {
  /** A stable kebab-case code, such as `looks-like-html`. */
  readonly code: string;
  /** The row, as a spreadsheet numbers it. */
  readonly row?: number;
  /** The column of the file, or the input of the formula. */
  readonly column?: string;
  /** The columns of the file, where choosing one of them may help. */
  readonly columns?: readonly string[];

  constructor(
    code: string,
    message: string,
    place: { row?: number; column?: string; columns?: readonly string[] } = {},
  ) {
    super(message);
    this.name = "RetentionError";
    this.code = code;
    if (place.row !== undefined) {
      this.row = place.row;
    }
    if (place.column !== undefined) {
      this.column = place.column;
    }
    if (place.columns !== undefined) {
      this.columns = place.columns;
    }
  }

  /** The error that {@link flatten} flattened. */
  static from(flat: FlatError): RetentionError {
    return new RetentionError(flat.code, flat.message, flat);
  }
}

/** What a browser throws when a file is gone or has changed since it was chosen. */
const FILE_IS_GONE = new Set(["NotReadableError", "NotFoundError"]);

/** Any thrown value as plain data, with a code and a message that says what to do. */
export function flatten(thrown: unknown): FlatError {
  if (!(thrown instanceof Error)) {
    return unexpected(String(thrown));
  }
  if (FILE_IS_GONE.has(thrown.name)) {
    return {
      name: "RetentionError",
      code: "file-not-readable",
      message: "The file was moved or changed after it was chosen. Choose it again.",
    };
  }
  if (thrown instanceof WebAssembly.RuntimeError || thrown instanceof RangeError) {
    return {
      name: "RetentionError",
      code: "engine-crashed",
      message: `The calculation stopped (${thrown.message}). Your file is unchanged; try again, or with fewer rows.`,
    };
  }
  if (thrown instanceof WebAssembly.CompileError) {
    return {
      name: "RetentionError",
      code: "wasm-blocked",
      message:
        "This page's security policy forbids WebAssembly, which the calculation runs on. Its owner can allow it with 'wasm-unsafe-eval' in script-src, or embed the calculator in an iframe.",
    };
  }
  const { code, row, column, columns } = thrown as Error & Partial<RetentionError>;
  if (typeof code !== "string") {
    return unexpected(thrown.message);
  }
  return {
    name: "RetentionError",
    code,
    message: thrown.message,
    ...(typeof row === "number" ? { row } : {}),
    ...(typeof column === "string" ? { column } : {}),
    ...(Array.isArray(columns) ? { columns: columns.map(String) } : {}),
  };
}

/** Whether the core can no longer be used after this error, so that it has to be started anew. */
export function isFatal(thrown: unknown): boolean {
  return (
    thrown instanceof WebAssembly.RuntimeError ||
    thrown instanceof RangeError ||
    (thrown instanceof RetentionError && thrown.code === "out-of-memory")
  );
}

const CORE_INCOMPLETE = "core-incomplete";

/** What a request ends with that needs more of the core than its worker has. */
export function coreIncomplete(): RetentionError {
  return new RetentionError(CORE_INCOMPLETE, "More of the calculation is needed than is there.");
}

/** Whether it was that. */
export function isCoreIncomplete(thrown: unknown): boolean {
  return thrown instanceof RetentionError && thrown.code === CORE_INCOMPLETE;
}

function unexpected(message: string): FlatError {
  return {
    name: "RetentionError",
    code: "unexpected",
    message: `The calculation failed: ${message}. Try again; if it fails again, please report it with this message.`,
  };
}
