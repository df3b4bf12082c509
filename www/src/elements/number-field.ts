/**
 * A labelled field for one number, with its unit and, where something is wrong, what to do.
 *
 * It keeps no state: the element that shows it holds the text.
 */

import { css, html, nothing, type TemplateResult } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import type { NumberKind } from "./format.ts";

/** What a field shows. */
export interface NumberField {
  /** Unique inside the shadow root that shows it. */
  id: string;
  label: string;
  kind: NumberKind;
  text: string;
  /** An example, shown while the field is empty. */
  placeholder?: string | undefined;
  /** What is wrong, and what to do. */
  problem?: string | undefined;
  /** What stands before or after the number: a currency, `%`, `months`. */
  unit?: string | undefined;
  /** Whether the problem is shown by {@link numberProblem} below several fields. */
  isProblemBelow?: boolean | undefined;
  onInput(text: string): void;
}

/** The field. */
export function numberField(field: NumberField): TemplateResult {
  const { id, label, kind, text, placeholder, problem, unit } = field;
  return html`
    <div class="field" part="field">
      <label for=${id}>${label}</label>
      <div class="entry">
        <input
          id=${id}
          part="input"
          type="text"
          inputmode=${kind === "count" ? "numeric" : "decimal"}
          autocomplete="off"
          spellcheck="false"
          placeholder=${ifDefined(placeholder)}
          .value=${text}
          aria-invalid=${problem === undefined ? "false" : "true"}
          aria-describedby=${ifDefined(problem === undefined ? undefined : `${id}-problem`)}
          @input=${(event: InputEvent) => field.onInput((event.target as HTMLInputElement).value)}
        />
        ${unit === undefined ? nothing : html`<span class="unit" aria-hidden="true">${unit}</span>`}
      </div>
      ${field.isProblemBelow ? nothing : numberProblem(field)}
    </div>
  `;
}

/** What is wrong with a field, and what to do. */
export function numberProblem({ id, problem }: NumberField): TemplateResult | typeof nothing {
  return problem === undefined
    ? nothing
    : html`<p class="problem" id="${id}-problem">${problem}</p>`;
}

/** Its look. */
export const numberFieldStyles = css`
  .field {
    display: grid;
    align-content: start;
    gap: var(--rc-space-half);
    min-inline-size: 0;
  }

  .entry {
    display: flex;
    align-items: center;
    position: relative;
  }

  .entry input::placeholder {
    color: var(--rc-text-faint);
    opacity: 1;
  }

  .entry:has(.unit) input {
    padding-inline-end: calc(12px + 2.2em);
  }

  .unit {
    position: absolute;
    inset-inline-end: 12px;
    font-size: var(--rc-text-s);
    color: var(--rc-text-muted);
    pointer-events: none;
  }

  .problem {
    font-size: var(--rc-text-s);
    color: var(--rc-error-text);
  }
`;
