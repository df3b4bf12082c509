/**
 * What could not be read, where, and what to do; with the two choices that most often help.
 *
 * It tries nothing again by itself.
 */

import {
  css,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from "lit";
import type { FlatError } from "../engine/retention-error.ts";
import { controls } from "./controls.styles.ts";
import { ENCODINGS } from "./encodings.ts";
import { formatFor } from "./format.ts";
import { OptionsEvent } from "./inward-events.ts";
import { cell, quoting } from "./text.ts";
import { asShape, roleName, SHAPES } from "./words.ts";

/** After these, reading the same bytes in another way can help. */
const WORTH_ANOTHER_TRY =
  /column|header|shape|encoding|kind|missing|required|ambiguous|role|no-rows-used|nothing-used/;

/** After these, the same rows summed up before may be read. */
const WORTH_SUMMING_UP = new Set(["file-too-large", "out-of-memory", "gzip-too-large"]);

/** How a database sums up payments; the names are for the reader to replace. */
const SUMMED_UP = `SELECT customer_id,
  date_trunc('month', paid_at) AS month,
  sum(amount) AS amount
FROM payments
GROUP BY 1, 2`;

export class Failure extends LitElement {
  static override properties: PropertyDeclarations = {
    error: { attribute: false },
    name: {},
    locale: {},
    canRetry: { attribute: false },
  };

  declare error: Pick<FlatError, "code" | "message" | "row" | "column" | "columns"> | null;
  /** What it is about, as the page names it. */
  declare name: string;
  declare locale: string;
  /** Whether there is a file to read in another way. */
  declare canRetry: boolean;

  constructor() {
    super();
    this.error = null;
    this.name = "";
    this.locale = "";
    this.canRetry = false;
  }

  /** Puts the focus on what went wrong, so that what can be done about it is next. */
  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector("h2")?.focus(options);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { error } = this;
    if (error === null) {
      return nothing;
    }
    const place = this.#place(error);
    return html`
      <section role="alert" data-code=${error.code}>
        <h2 tabindex="-1">
          ${this.name === "" ? "That did not work" : html`<bdi>${cell(this.name)}</bdi> could not be read`}
        </h2>
        <p>${place === "" ? nothing : html`<strong>${place}: </strong>`}<bdi>${quoting(error.message)}</bdi></p>
        ${
          WORTH_SUMMING_UP.has(error.code)
            ? html`
              <p id="summed">One row per customer and month, as most databases write it:</p>
              <pre tabindex="0" role="region" aria-labelledby="summed">${SUMMED_UP}</pre>
            `
            : nothing
        }
        ${this.canRetry && WORTH_ANOTHER_TRY.test(error.code) ? this.#renderRetry() : nothing}
      </section>
    `;
  }

  #place({ row, column }: { row?: number; column?: string }): string {
    if (this.#missing !== null) {
      // The place of what is not there would mislead.
      return "";
    }
    const parts = [
      ...(row === undefined ? [] : [`Row ${formatFor(this.locale).count(row)}`]),
      ...(column === undefined ? [] : [`column ${cell(column)}`]),
    ];
    const place = parts.join(", ");
    return place.charAt(0).toUpperCase() + place.slice(1);
  }

  /** The role that no column was found for. */
  get #missing(): string | null {
    const { error } = this;
    return error?.code.startsWith("column-missing-") ? (error.column ?? null) : null;
  }

  #renderRetry(): TemplateResult {
    const missing = this.#missing;
    const columns = this.error?.columns ?? [];
    return html`
      <form @submit=${this.#retry}>
        ${
          missing === null
            ? nothing
            : html`
              <div>
                <label for="column">Column to use as “${roleName(missing)}”</label>
                <select id="column" name="column">
                  <option value="">Choose a column</option>
                  ${columns.map((name) => html`<option value=${name}>${cell(name)}</option>`)}
                </select>
              </div>
            `
        }
        <div>
          <label for="shape">Read it as</label>
          <select id="shape" name="shape">
            <option value="">Detect the kind of file</option>
            ${Object.entries(SHAPES).map(
              ([id, { name, hint }]) => html`<option value=${id}>${name}: ${hint}</option>`,
            )}
          </select>
        </div>
        <div>
          <label for="encoding">Encoding</label>
          <select id="encoding" name="encoding">
            <option value="">Detect</option>
            ${ENCODINGS.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}
          </select>
        </div>
        <div class="row">
          <button class="primary">Try again</button>
          ${
            missing === "amount"
              ? html`<button type="button" @click=${this.#withoutAmount}>There is none, count customers only</button>`
              : nothing
          }
        </div>
      </form>
    `;
  }

  #retry(event: SubmitEvent): void {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const chosen = (name: string) => String(data.get(name) ?? "");
    const missing = this.#missing;
    const column = chosen("column");
    this.dispatchEvent(
      new OptionsEvent({
        shape: asShape(chosen("shape")),
        encoding: chosen("encoding") || undefined,
        roles: missing === null || column === "" ? undefined : { [missing]: column },
      }),
    );
  }

  #withoutAmount(): void {
    this.dispatchEvent(new OptionsEvent({ roles: { amount: "" } }));
  }

  static override styles = [
    controls,
    css`
      section {
        display: grid;
        gap: var(--rc-space-1);
        padding: var(--rc-space-2);
        border-radius: var(--rc-radius);
        background: var(--rc-error-soft);
      }

      h2 {
        font-size: var(--rc-text-m);
        color: var(--rc-error-text);
      }

      /* It takes the focus only so that it is read out, and what can be done comes next. */
      h2:focus-visible {
        outline: none;
      }

      pre {
        margin: 0;
        padding: var(--rc-space-1);
        overflow-x: auto;
        border-radius: var(--rc-radius);
        background: var(--rc-surface);
        font-size: var(--rc-text-s);
      }

      form {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(200px, 1fr));
        gap: var(--rc-space-2);
        align-items: end;
        margin-block-start: var(--rc-space-1);
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        gap: var(--rc-space-1);
        grid-column: 1 / -1;
      }
    `,
  ];
}
