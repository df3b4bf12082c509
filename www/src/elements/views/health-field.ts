/**
 * A number in a cell of a table that can be typed over, and a small mark for a level.
 *
 * It keeps no state and judges no number: the core says what cannot be meant.
 */

import { css, html, nothing, type TemplateResult } from "lit";
import type { RiskLevel } from "../../engine/core.ts";
import type { NumberKind } from "../format.ts";
import { asEntry, readEntry } from "../number-entry.ts";
import { LEVELS } from "./health-words.ts";

/** What is typed in one field, and what is wrong with it, for as long as it is. */
export type Typing = Readonly<Record<string, { text: string; problem?: string }>>;

/** One number that can be typed over. */
export interface CellField {
  /** Unique inside the shadow root that shows it. */
  id: string;
  /** Read out; the table says it to the eye. */
  label: string;
  value: number | null;
  kind: NumberKind;
  unit?: string | undefined;
  locale: string | undefined;
  typing: Typing;
  /** Whether the field may be empty. */
  isOptional?: boolean;
  onTyping(typing: Typing): void;
  onValue(value: number | null): void;
}

/** The field. */
export function cellField(field: CellField): TemplateResult {
  const { id, label, value, kind, unit, locale, typing } = field;
  const own = typing[id];
  const text = own?.text ?? (value === null ? "" : asEntry(value, kind, locale));
  const problem = own?.problem;
  const input = (event: InputEvent) => {
    const typed = (event.target as HTMLInputElement).value;
    const entry = readEntry(typed, kind, locale);
    if (entry !== null && "problem" in entry) {
      field.onTyping({ ...typing, [id]: { text: typed, problem: entry.problem } });
    } else if (entry === null && field.isOptional !== true) {
      field.onTyping({ ...typing, [id]: { text: typed, problem: "Type a number." } });
    } else {
      field.onTyping({ ...typing, [id]: { text: typed } });
      field.onValue(entry === null ? null : entry.value);
    }
  };
  const leave = () => {
    if (own !== undefined && problem === undefined) {
      const { [id]: _left, ...others } = typing;
      field.onTyping(others);
    }
  };
  return html`
    <span class="cell-field">
      <input
        id=${id}
        type="text"
        inputmode="decimal"
        autocomplete="off"
        spellcheck="false"
        aria-label=${label}
        aria-invalid=${problem === undefined ? "false" : "true"}
        aria-describedby=${problem === undefined ? nothing : `${id}-problem`}
        .value=${text}
        @input=${input}
        @blur=${leave}
      />${unit === undefined ? nothing : html`<span class="unit-after">${unit}</span>`}
      ${problem === undefined ? nothing : html`<span class="problem" id="${id}-problem">${problem}</span>`}
    </span>
  `;
}

/** The word of a level with marks that tell it without colour: four for critical, none for unknown. */
export function levelMark(level: RiskLevel): TemplateResult {
  const { name, marks } = LEVELS[level];
  return html`<span class="level ${level}"><span class="marks" aria-hidden="true">${[
    1, 2, 3, 4,
  ].map((mark) => html`<i class=${mark <= marks ? "on" : ""}></i>`)}</span>${name}</span>`;
}

/** Their look. */
export const healthFieldStyles = css`
  .cell-field {
    display: inline-flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px var(--rc-space-half);
  }

  .cell-field input {
    inline-size: 5.5em;
    min-block-size: 32px;
    padding: 0 var(--rc-space-1);
    font-size: var(--rc-text-s);
  }

  .cell-field .unit-after {
    font-size: var(--rc-text-s);
    color: var(--rc-text-muted);
  }

  .cell-field .problem {
    flex-basis: 100%;
    max-inline-size: 22em;
    white-space: normal;
    text-align: start;
    font-size: var(--rc-text-s);
    color: var(--rc-error-text);
  }

  .level {
    display: inline-flex;
    align-items: center;
    gap: var(--rc-space-1);
    white-space: nowrap;
  }

  .marks {
    display: inline-flex;
    gap: 2px;
  }

  .marks i {
    inline-size: 5px;
    block-size: 12px;
    border: 1px solid var(--rc-line-strong);
  }

  .marks i.on {
    border-color: var(--rc-loss);
    background: var(--rc-loss);
  }

  .level.low .marks i.on {
    border-color: var(--rc-gain);
    background: var(--rc-gain);
  }

  .level.critical,
  .level.high {
    font-weight: 600;
  }

  .level.unknown {
    color: var(--rc-text-muted);
  }

  @media (pointer: coarse) {
    .cell-field input {
      min-block-size: 40px;
    }
  }
`;
