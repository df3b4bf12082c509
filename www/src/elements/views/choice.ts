/**
 * A choice of few as radio buttons that read as one row.
 *
 * It keeps no state: what is chosen is told to it. Its look is in `view.styles.ts`.
 */

import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";

/** The choice; a legend that the eye does not need is read out only. */
export function choiceOf<Value extends string>(
  legend: string,
  name: string,
  current: string,
  options: readonly (readonly [value: Value, label: string | TemplateResult])[],
  choose: (value: Value) => void,
  { isLegendSeen = true } = {},
): TemplateResult {
  return html`
    <fieldset class="switch">
      <legend class=${isLegendSeen ? "" : "visually-hidden"}>${legend}</legend>
      ${options.map(
        ([value, label]) => html`<label>
          <input type="radio" name=${name} value=${value} .checked=${live(value === current)} @change=${() => choose(value)} />
          ${label}
        </label>`,
      )}
    </fieldset>
  `;
}
