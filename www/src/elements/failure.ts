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
import { cell, visible } from "./text.ts";
import { asShape, SHAPES } from "./words.ts";

/** After these, reading the same bytes in another way can help. */
const WORTH_ANOTHER_TRY =
  /column|header|shape|encoding|kind|missing|required|ambiguous|role|no-rows-used|nothing-used/;

export class Failure extends LitElement {
  static override properties: PropertyDeclarations = {
    error: { attribute: false },
    name: {},
    locale: {},
    canRetry: { attribute: false },
  };

  declare error: Pick<FlatError, "code" | "message" | "row" | "column"> | null;
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

  protected override render(): TemplateResult | typeof nothing {
    const { error } = this;
    if (error === null) {
      return nothing;
    }
    const place = this.#place(error);
    return html`
      <section role="alert" data-code=${error.code}>
        <h2>
          ${this.name === "" ? "That did not work" : html`<bdi>${cell(this.name)}</bdi> could not be read`}
        </h2>
        <p>${place === "" ? nothing : html`<strong>${place}: </strong>`}<bdi>${visible(error.message)}</bdi></p>
        ${this.canRetry && WORTH_ANOTHER_TRY.test(error.code) ? this.#renderRetry() : nothing}
      </section>
    `;
  }

  #place({ row, column }: { row?: number; column?: string }): string {
    const parts = [
      ...(row === undefined ? [] : [`Row ${formatFor(this.locale).count(row)}`]),
      ...(column === undefined ? [] : [`column ${cell(column)}`]),
    ];
    const place = parts.join(", ");
    return place.charAt(0).toUpperCase() + place.slice(1);
  }

  #renderRetry(): TemplateResult {
    return html`
      <form @submit=${this.#retry}>
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
        <button>Try again</button>
      </form>
    `;
  }

  #retry(event: SubmitEvent): void {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const chosen = (name: string) => String(data.get(name) ?? "");
    this.dispatchEvent(
      new OptionsEvent({
        shape: asShape(chosen("shape")),
        encoding: chosen("encoding") || undefined,
        roles: undefined,
      }),
    );
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

      form {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(200px, 1fr));
        gap: var(--rc-space-2);
        align-items: end;
        margin-block-start: var(--rc-space-1);
      }

      button {
        justify-self: start;
      }
    `,
  ];
}
