/**
 * The choices of the mapping and the answers to questions as options of the analysis.
 *
 * It knows no element; it only says what a set of choices means.
 */

import type { CoreOptions } from "../engine/client.ts";
import type { ColumnReport, Question } from "../engine/core.ts";
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

/** The role that a question about columns of one name decides; nothing where none of them has one. */
function roleInQuestion(question: Question, columns: readonly ColumnReport[]): string | null {
  const named = columns.filter(
    ({ name, role }) => role !== null && question.options.includes(name),
  );
  const assumed = named.find(({ name }) => name === question.assumed);
  return (assumed ?? named[0])?.role ?? null;
}

/** The questions that are still open: not answered by an option, and about something that is used. */
export function openQuestions(
  questions: readonly Question[],
  options: CoreOptions,
  columns: readonly ColumnReport[],
): Question[] {
  return questions.filter((question) => {
    if (question.answerTo === "roles") {
      const chosen = Object.values(options.roles ?? {});
      return (
        roleInQuestion(question, columns) !== null &&
        !question.options.some((option) => chosen.includes(option))
      );
    }
    const answer = (options as Readonly<Record<string, unknown>>)[question.answerTo];
    return answer === undefined || !question.options.includes(String(answer));
  });
}

/** An answer as the option that it goes into; nothing where there is none to set. */
export function answerAsOptions(
  question: Question,
  option: string,
  inForce: CoreOptions,
  columns: readonly ColumnReport[],
): Choices | null {
  if (question.answerTo === "") {
    return null;
  }
  if (question.answerTo === "roles") {
    const role = roleInQuestion(question, columns);
    return role === null ? null : { roles: { ...inForce.roles, [role]: option } };
  }
  const value = option === "true" ? true : option === "false" ? false : option;
  return { [question.answerTo]: value };
}
