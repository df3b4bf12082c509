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

/** Options of which a view tells one key at a time: the keys that it leaves out stay. */
const BY_KEY = ["cohorts", "reasonKinds"] as const;

/** Options under changes; what is set to `undefined` goes back to "detect". */
export function changedOptions(options: ReaderOptions, changes: Changes): ReaderOptions {
  const changed: Changes = { ...options, ...changes };
  for (const option of BY_KEY) {
    if (changes[option] !== undefined) {
      Object.assign(changed, { [option]: { ...options[option], ...changes[option] } });
    }
  }
  return changed as ReaderOptions;
}

/** A file under other options; what is set to `undefined` goes back to "detect". */
export function changedFile<File extends GivenFile>(file: File, changes: Changes): File {
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

/** The files under other options for their history: what it is and how its text is read. */
export function changedFiles<File extends GivenFile>(
  files: readonly File[],
  reports: readonly FileReport[],
  changes: Changes,
): File[] {
  return files.map((file, index) =>
    isHistory(reports[index]) ? changedFile(file, changes) : file,
  );
}

function isHistory(report: FileReport | undefined): boolean {
  return report !== undefined && !BESIDE.has(report.kind);
}

/** The file that is the history, or the first of several that are it together. */
export function historyFile<File extends GivenFile>(
  files: readonly File[],
  reports: readonly FileReport[],
): File | undefined {
  return files.find((_file, index) => isHistory(reports[index]));
}

/** What is left of changes without what belongs to a file of its own. */
export function sharedChanges(changes: Changes): Changes {
  const own: ReadonlySet<string> = new Set(["shape", "roles", ...OWN]);
  return Object.fromEntries(Object.entries(changes).filter(([option]) => !own.has(option)));
}

/** The options in force of the history and of all files together. */
export function historyOptions(
  options: ReaderOptions,
  files: readonly GivenFile[],
  reports: readonly FileReport[],
): ReaderOptions {
  const history = historyFile(files, reports);
  return history === undefined ? options : { ...options, ...questionOptions(history) };
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
