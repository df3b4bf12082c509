/**
 * The choices of the mapping as options of the analysis.
 *
 * It knows no element; it only says what a set of choices means.
 */

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
