/**
 * `<rc-cases>`: named scenarios side by side, each with its difference from today.
 *
 * It computes nothing; each column is one projection of the core.
 */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Projection } from "../../engine/core.ts";
import { controls } from "../controls.styles.ts";
import { type Format, formatFor } from "../format.ts";
import { WideTables } from "../wide-tables.ts";
import { consequences } from "./difference.ts";
import { isForTheBetter } from "./headline.ts";
import { viewStyles } from "./view.styles.ts";

/** One scenario with what it comes to. */
export interface Column {
  readonly name: string;
  readonly projection: Projection;
}

/** The table of scenarios. */
export class CasesElement extends LitElement {
  static override properties = {
    columns: { attribute: false },
    noun: {},
    isPriced: { attribute: false },
    locale: {},
    currency: {},
  };

  static override styles = [
    controls,
    viewStyles,
    css`
      .box {
        overflow-x: auto;
        border-block: 1px solid var(--rc-line);
      }

      .box:focus-visible {
        outline-offset: -2px;
      }

      th[scope="row"] {
        position: sticky;
        inset-inline-start: 0;
        min-inline-size: 9rem;
        max-inline-size: 20rem;
        background: var(--rc-surface);
        font-weight: 400;
      }

      thead th {
        vertical-align: bottom;
      }

      td small {
        display: block;
      }

      td {
        white-space: nowrap;
        vertical-align: top;
      }

      tr:last-child > * {
        border-block-end: 0;
      }
    `,
  ];

  declare columns: readonly Column[];
  declare noun: string;
  declare isPriced: boolean;
  declare locale: string;
  declare currency: string;

  constructor() {
    super();
    new WideTables(this);
    this.columns = [];
    this.noun = "period";
    this.isPriced = true;
    this.locale = "";
    this.currency = "";
  }

  override render(): TemplateResult | typeof nothing {
    if (this.columns.length < 2) return nothing;
    const format: Format = formatFor(this.locale, this.currency);
    const all = this.columns.map(({ projection }) =>
      consequences(projection, this.noun, this.isPriced, format),
    );
    const labels = new Map(all.flat().map(({ id, label, today }) => [id, { label, today }]));
    return html`
      <section aria-labelledby="cases">
        <h3 id="cases">Side by side</h3>
        <div class="box" tabindex="0" role="region" aria-label="Table: scenarios side by side">
          <table>
            <thead>
              <tr>
                <th scope="col">Consequence</th>
                <th scope="col" class="number">As today</th>
                ${this.columns.map(({ name }) => html`<th scope="col" class="number"><bdi>${name}</bdi></th>`)}
              </tr>
            </thead>
            <tbody>
              ${[...labels].map(
                ([id, { label, today }]) => html`<tr>
                  <th scope="row">${label}</th>
                  <td class="number">${today}</td>
                  ${all.map((rows) => {
                    const one = rows.find((row) => row.id === id);
                    if (!one) return html`<td class="number">–</td>`;
                    const isBetter =
                      one.change === null || one.difference === "none"
                        ? null
                        : isForTheBetter(one.change, one.better);
                    return html`<td class="number">
                      ${one.scenario}
                      <small class=${isBetter === null ? "muted" : isBetter ? "better" : "worse"}>${one.difference || nothing}</small>
                    </td>`;
                  })}
                </tr>`,
              )}
            </tbody>
          </table>
        </div>
      </section>
    `;
  }
}
