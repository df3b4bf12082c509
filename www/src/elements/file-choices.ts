/**
 * What is decided about one of several files, as options of that file and back.
 *
 * It knows no element and reads no file.
 */

import type { GivenFile } from "../engine/client.ts";
import type { FileReport } from "../engine/core.ts";
import type { OptionsEvent, ReaderOptions } from "./inward-events.ts";

/** Options on their way to a file. */
type Changes = OptionsEvent["options"];

/** The options that each file has of its own. */
const OWN = ["dateOrder", "decimal", "encoding", "delimiter", "hasHeader"] as const;

/** The kinds of files that stand beside a history. */
const BESIDE: ReadonlySet<string> = new Set(["customers", "events", "unused"]);

/** A file under other options; what is set to `undefined` goes back to "detect". */
export function changedFile(file: GivenFile, changes: Changes): GivenFile {
  const own: [string, unknown][] = OWN.filter((option) => option in changes).map((option) => [
    option,
    changes[option],
  ]);
  if ("shape" in changes) {
    own.push(["kind", changes.shape]);
  }
  if ("roles" in changes) {
    own.push(["roles", changes.roles]);
  }
  return { ...file, ...Object.fromEntries(own) };
}

/** The files under other options for their history: its kind and the roles of its columns. */
export function changedFiles(
  files: readonly GivenFile[],
  reports: readonly FileReport[],
  changes: Changes,
): GivenFile[] {
  const own: Changes = {
    ...("shape" in changes ? { shape: changes.shape } : {}),
    ...("roles" in changes ? { roles: changes.roles } : {}),
  };
  const isMeant = (index: number) => {
    const report = reports[index];
    return report !== undefined && !BESIDE.has(report.kind);
  };
  return files.map((file, index) => (isMeant(index) ? changedFile(file, own) : file));
}

/** The options in force as the mapping of one file shows them. */
export function mappingOptions(
  options: ReaderOptions,
  file: GivenFile,
  isBeside: boolean,
): ReaderOptions {
  const { rules: _rules, matchIds: _matchIds, reactivations: _reactivations, ...shared } = options;
  const own = questionOptions(file);
  return isBeside ? own : { ...shared, ...own };
}

/** The options in force of one file. */
export function questionOptions(file: GivenFile): ReaderOptions {
  const own: [string, unknown][] = OWN.map((option) => [option, file[option]]);
  own.push(["shape", file.kind], ["roles", file.roles]);
  return Object.fromEntries(own.filter(([, value]) => value !== undefined));
}
