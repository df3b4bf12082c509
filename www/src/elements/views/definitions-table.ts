/**
 * `<rc-definitions-table>`: the definitions of one metric side by side, each with its arithmetic in
 * this file's numbers, what it gives, what that differs by, and the customers who make it differ.
 *
 * It computes nothing.
 */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { CustomerQuery, Definition } from "../../engine/core.ts";
import { controls } from "../controls.styles.ts";
import { type Format, formatFor } from "../format.ts";
import { cell } from "../text.ts";
import type { CustomerSource } from "./behind.ts";
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
    engine: { attribute: false },
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
        padding: 10px 0 10px var(--rc-space-2);
      }

      thead th {
        vertical-align: bottom;
      }

      tbody th {
        font-weight: 400;
      }

      /* Where there is room for less than five columns, the arithmetic has a line of its own. */
      @container (min-width: 720px) and (max-width: 979px) {
        table,
        thead,
        tbody,
        caption {
          display: block;
        }

        tr {
          display: grid;
          grid-template-columns: minmax(0, 1fr) 10rem 10.5rem 7.5rem;
          gap: 4px 0;
          padding-block: 10px;
          border-block-end: 1px solid var(--rc-line);
        }

        tr > :is(th, td, .number) {
          display: block;
          padding-block: 0;
          border: 0;
          white-space: normal;
        }

        thead th:nth-child(2) {
          position: absolute;
          inline-size: 1px;
          block-size: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }

        thead th {
          align-self: end;
        }

        td.arithmetic {
          grid-column: 1 / -1;
          grid-row: 2;
          padding-inline: 0;
        }

        td.why {
          grid-column: 2 / -1;
        }

        tr:has(+ tr.who) {
          border-block-end: 0;
        }

        tr.who,
        tr.who > td {
          display: block;
          padding-inline: 0;
        }
      }

      /* Beside each other where there is room; in the narrowest, each definition is a block of its own. */
      @container (max-width: 719px) {
        table,
        tbody,
        caption {
          display: block;
        }

        thead {
          display: none;
        }

        tbody tr {
          display: grid;
          grid-template:
            "head result" auto
            "arithmetic arithmetic" auto
            "difference link" auto / minmax(0, 1fr) auto;
          gap: 4px var(--rc-space-2);
          padding-block: 12px;
          border-block-end: 1px solid var(--rc-line);
        }

        tbody th,
        tbody td {
          display: block;
          padding: 0;
          border: 0;
        }

        tbody th {
          grid-area: head;
        }

        td.result {
          grid-area: result;
        }

        td.arithmetic {
          grid-area: arithmetic;
        }

        td.difference {
          grid-area: difference;
          display: flex;
          flex-wrap: wrap;
          align-items: baseline;
          gap: 0 var(--rc-space-1);
          text-align: start;
        }

        td.difference:has(.main)::before {
          content: "Differs by";
          font-size: 13px;
          color: var(--rc-text-muted);
        }

        td.link {
          grid-area: link;
        }

        td.why {
          grid-column: 1 / -1;
        }

        tr.who {
          display: block;
        }
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
        font-size: 13px;
        line-height: 1.4;
        color: var(--rc-text-muted);
      }

      .numbers {
        color: var(--rc-text);
        font-variant-numeric: tabular-nums;
      }

      .number .main {
        display: block;
        font-weight: 500;
      }

      .default .number .main {
        font-weight: var(--rc-weight-strong);
      }

      button.worked {
        font-size: var(--rc-text-s);
        white-space: nowrap;
      }

      td.why {
        color: var(--rc-text-muted);
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
  /** What lists the customers; without it only the first of them are named. */
  declare engine: CustomerSource | null;
  /** The name of the definition whose customers are listed. */
  declare protected opened: string | null;

  constructor() {
    super();
    this.definitions = [];
    this.format = formatFor();
    this.engine = null;
    this.opened = null;
  }

  // Roles are said outright: what is laid out as a block is no table to every browser.
  override render(): TemplateResult | typeof nothing {
    const [first] = this.definitions;
    if (!first) return nothing;
    const span = this.definitions.find(({ period }) => period !== "")?.period ?? "";
    return html`
      <table role="table">
        <caption class="small">${metricName(first.metric)}, ${spanWords(span, this.format)}</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">Definition</th>
            <th role="columnheader" scope="col">Arithmetic</th>
            <th role="columnheader" scope="col" class="number">Result</th>
            <th role="columnheader" scope="col" class="number">Difference</th>
            <th role="columnheader" scope="col" class="number">Counted otherwise</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
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
      <tr role="row" class=${one.isDefault ? "default" : ""} data-definition=${name}>
        <th role="rowheader" scope="row">
          <span class="title">${one.title}${one.isDefault ? html` <span class="muted">(used here)</span>` : nothing}</span>
          <span class="line">${one.source}</span>
        </th>
        ${
          figure.value === null
            ? html`<td role="cell" class="why" colspan="4">${reasonSentence(figure)}</td>`
            : html`
              <td role="cell" class="arithmetic">
                <span class="line">${this.#expression(one)}</span>
                ${numbers === "" ? nothing : html`<span class="line numbers">${numbers}</span>`}
              </td>
              <td role="cell" class="number result">
                <span class="main">${valueWords(figure.value, definitionKind(one), format)}</span>
                <span class="line">${intervalWords(figure, definitionKind(one), format)}</span>
              </td>
              <td role="cell" class="number difference">${this.#difference(one)}</td>
              <td role="cell" class="number link">${this.#link(one, isOpen)}</td>
            `
        }
      </tr>
      ${
        isOpen
          ? html`<tr role="row" class="who"><td role="cell" colspan="5">${this.#customers(one)}</td></tr>`
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

  #difference(one: Definition): TemplateResult | typeof nothing {
    if (one.isDefault || one.difference == null) return nothing;
    const money = differenceMoneyWords(one, this.format);
    return html`<span class="main">${differenceWords(one, this.format)}</span>${
      money === "" ? nothing : html`<span class="line">${money}</span>`
    }`;
  }

  #link(one: Definition, isOpen: boolean): TemplateResult | typeof nothing {
    if (one.nDiffers === 0) return nothing;
    return html`<button
      type="button"
      class="worked"
      aria-expanded=${isOpen ? "true" : "false"}
      @click=${() => this.#toggle(one.name)}
    >${this.format.counted(one.nDiffers, "customer")}</button>`;
  }

  #customers(one: Definition): TemplateResult {
    const { engine, format } = this;
    if (engine) {
      const { metric, name } = one;
      return html`<rc-customers-behind
        .query=${{ of: { kind: "definition", metric, name }, sort: "change" } satisfies CustomerQuery}
        .engine=${engine}
        .format=${format}
        .label=${`Customers that ${one.title} counts otherwise`}
      ></rc-customers-behind>`;
    }
    const rest = one.nDiffers - one.differs.length;
    return html`
      <p class="line">Most money first</p>
      <ul class="ids">
        ${one.differs.map((id) => html`<li><bdi>${cell(id)}</bdi></li>`)}
        ${0 < rest ? html`<li class="muted">and ${format.count(rest)} more</li>` : nothing}
      </ul>
    `;
  }

  #toggle(name: string): void {
    this.opened = this.opened === name ? null : name;
  }
}
