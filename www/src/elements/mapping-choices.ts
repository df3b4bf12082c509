/**
 * The choices of the mapping and the answers to questions as options of the analysis.
 *
 * It knows no element; it only says what a set of choices means.
 */

import type { CoreOptions } from "../engine/client.ts";
import type { ColumnReport } from "../engine/core.ts";
import type { OptionsEvent } from "./inward-events.ts";

/** Options on their way out. */
export type Choices = OptionsEvent["options"];

/**
 * The roles to ask for after some columns were given other roles.
 *
 * A role that lost its column is asked for with no column, so that it is not simply detected again.
 */
export function roleOptions(
  columns: readonly ColumnReport[],
  chosen: ReadonlyMap<number, string>,
  inForce: Readonly<Record<string, string>>,
): Record<string, string> {
  const roles: Record<string, string> = { ...inForce };
  for (const { index, role } of columns) {
    if (role !== null && chosen.has(index) && chosen.get(index) !== role) {
      roles[role] = "";
    }
  }
  for (const { index, name } of columns) {
    const role = chosen.get(index);
    if (role !== undefined && role !== "") {
      roles[role] = name;
    }
  }
  return roles;
}

/** An answer as the option that it goes into. */
export function answerAsOptions(answerTo: string, option: string, current: CoreOptions): Choices {
  const role = /^roles\.(\w+)$/.exec(answerTo)?.[1];
  if (role !== undefined) {
    return { roles: { ...current.roles, [role]: option } };
  }
  return { [answerTo]: option === "true" ? true : option === "false" ? false : option };
}
