/**
 * `<rc-definitions-table>`: the definitions of one metric side by side, each with its arithmetic in
 * this file's numbers, what it gives, what that differs by, and the customers who make it differ.
 *
 * It computes nothing.
 */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Definition } from "../../engine/core.ts";
import { controls } from "../controls.styles.ts";
import { type Format, formatFor } from "../format.ts";
import { cell } from "../text.ts";
import {
  definitionKind,
  definitionWords,
  definitionWorked,
  differenceMoneyWords,
  differenceWords,
  metricName,
  spanWords,
} from "./definition-words.ts";
import { intervalWords, reasonSentence, valueWords } from "./figure-words.ts";
import { viewStyles } from "./view.styles.ts";

/** The table. */
export class DefinitionsTableElement extends LitElement {
  static override properties = {
    definitions: { attribute: false },
    format: { attribute: false },
    opened: { state: true },
  };

  static override styles = [
    controls,
    viewStyles,
    css`
      caption {
        padding-block-end: var(--rc-space-1);
        color: var(--rc-text-muted);
      }

      th,
      td {
        padding: 10px var(--rc-space-1);
      }

      tbody th {
        min-inline-size: 9rem;
        font-weight: 400;
      }

      tr:has(+ tr.who) > * {
        border-block-end: 0;
      }

      .title {
        display: block;
        font-size: var(--rc-text-s);
        font-weight: 500;
      }

      .default .title {
        font-weight: var(--rc-weight-strong);
      }

      .line {
        display: block;
        font-size: var(--rc-text-xs, 13px);
        line-height: 1.4;
        color: var(--rc-text-muted);
      }

      .numbers {
        color: var(--rc-text);
        font-variant-numeric: tabular-nums;
      }

      td.number .main {
        display: block;
        font-weight: 500;
      }

      .default td.number .main {
        font-weight: var(--rc-weight-strong);
      }

      td.number .line {
        white-space: normal;
      }

      td.number button.worked {
        font-size: var(--rc-text-xs, 13px);
      }

      td.why {
        color: var(--rc-text-muted);
      }

      tr.who td {
        padding-block-start: 0;
      }

      ul.ids {
        display: flex;
        flex-wrap: wrap;
        gap: 4px var(--rc-space-2);
        max-block-size: 12rem;
        overflow-y: auto;
        font-size: var(--rc-text-s);
      }

      ul.ids li {
        max-inline-size: 100%;
        overflow-wrap: anywhere;
      }
    `,
  ];

  declare definitions: readonly Definition[];
  declare format: Format;
  /** The name of the definition whose customers are listed. */
  declare protected opened: string | null;

  constructor() {
    super();
    this.definitions = [];
    this.format = formatFor();
    this.opened = null;
  }

  override render(): TemplateResult | typeof nothing {
    const [first] = this.definitions;
    if (!first) return nothing;
    const span = this.definitions.find(({ period }) => period !== "")?.period ?? "";
    return html`
      <table>
        <caption class="small">${metricName(first.metric)}, ${spanWords(span, this.format)}</caption>
        <thead>
          <tr>
            <th scope="col">Definition</th>
            <th scope="col" class="number">Result</th>
            <th scope="col" class="number">Difference</th>
          </tr>
        </thead>
        <tbody>
          ${this.definitions.map((one) => this.#row(one))}
        </tbody>
      </table>
    `;
  }

  #row(one: Definition): TemplateResult {
    const { format } = this;
    const { figure, name } = one;
    const numbers = definitionWorked(one, format);
    const isOpen = this.opened === name && 0 < one.nDiffers;
    return html`
      <tr class=${one.isDefault ? "default" : ""} data-definition=${name}>
        <th scope="row">
          <span class="title">${one.title}${one.isDefault ? html` <span class="muted">(used here)</span>` : nothing}</span>
          ${one.arithmetic.expression === "" ? nothing : html`<span class="line">${this.#expression(one)}</span>`}
          ${numbers === "" ? nothing : html`<span class="line numbers">${numbers}</span>`}
          <span class="line">${one.source}</span>
        </th>
        ${
          figure.value === null
            ? html`<td class="why" colspan="2">${reasonSentence(figure)}</td>`
            : html`
              <td class="number">
                <span class="main result">${valueWords(figure.value, definitionKind(one), format)}</span>
                <span class="line">${intervalWords(figure, definitionKind(one), format)}</span>
              </td>
              <td class="number">${this.#difference(one, isOpen)}</td>
            `
        }
      </tr>
      ${
        isOpen
          ? html`<tr class="who" id="who-${name}"><td colspan="3">${this.#customers(one)}</td></tr>`
          : nothing
      }
    `;
  }

  /** Twelve factors with a label each would be a page: they are named together. */
  #expression(one: Definition): string {
    return one.name === "product-of-months"
      ? "The net revenue retention of each month, multiplied"
      : definitionWords(one);
  }

  #difference(one: Definition, isOpen: boolean): TemplateResult | typeof nothing {
    if (one.isDefault || one.difference == null) return nothing;
    const { format } = this;
    const money = differenceMoneyWords(one, format);
    return html`
      <span class="main">${differenceWords(one, format)}</span>
      ${money === "" ? nothing : html`<span class="line">${money}</span>`}
      ${
        one.nDiffers === 0
          ? nothing
          : html`<button
              type="button"
              class="worked"
              aria-expanded=${isOpen ? "true" : "false"}
              @click=${() => this.#toggle(one.name)}
            >
              ${format.counted(one.nDiffers, "customer")}
            </button>`
      }
    `;
  }

  #customers(one: Definition): TemplateResult {
    const rest = one.nDiffers - one.differs.length;
    return html`
      <p class="line">Counted otherwise than by the definition used here, most money first</p>
      <ul class="ids">
        ${one.differs.map((id) => html`<li><bdi>${cell(id)}</bdi></li>`)}
        ${0 < rest ? html`<li class="muted">and ${this.format.count(rest)} more</li>` : nothing}
      </ul>
    `;
  }

  #toggle(name: string): void {
    this.opened = this.opened === name ? null : name;
  }
}
