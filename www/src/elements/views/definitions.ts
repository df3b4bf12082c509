/**
 * `<rc-definitions>`: the section that puts definitions side by side, one metric at a time.
 *
 * It computes nothing and draws no table itself.
 */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Definition, Report } from "../../engine/core.ts";
import { controls } from "../controls.styles.ts";
import { type Format, formatFor } from "../format.ts";
import type { CustomerSource } from "./behind.ts";
import { choiceOf } from "./choice.ts";
import { definedMetrics, definitionsOf, metricName, spreadSentence } from "./definition-words.ts";
import { viewStyles } from "./view.styles.ts";

/** The section. */
export class DefinitionsElement extends LitElement {
  static override properties = {
    report: { attribute: false },
    format: { attribute: false },
    engine: { attribute: false },
    chosen: { state: true },
  };

  static override styles = [
    controls,
    viewStyles,
    css`
      .intro {
        color: var(--rc-text-muted);
      }
    `,
  ];

  declare report: Report | null;
  declare format: Format;
  declare engine: CustomerSource | null;
  /** The metric that is shown. */
  declare protected chosen: string;

  constructor() {
    super();
    this.report = null;
    this.format = formatFor();
    this.engine = null;
    this.chosen = "";
  }

  override render(): TemplateResult | typeof nothing {
    const definitions = this.report?.definitions ?? [];
    const metrics = definedMetrics(definitions);
    const metric = metrics.includes(this.chosen) ? this.chosen : metrics[0];
    if (metric === undefined) return nothing;
    const shown: Definition[] = definitionsOf(definitions, metric);
    return html`
      <section aria-labelledby="side-by-side">
        <h2 id="side-by-side">Definitions side by side</h2>
        <p class="intro">${spreadSentence(shown, metric, this.format)} A rate means little without its definition: before you hold yours against another, see that both are worked out alike.</p>
        ${
          metrics.length < 2
            ? nothing
            : choiceOf(
                "Metric",
                "metric",
                metric,
                metrics.map((one) => [one, metricName(one)]),
                (value) => {
                  this.chosen = value;
                },
                { isLegendSeen: false },
              )
        }
        <rc-definitions-table
          .definitions=${shown}
          .format=${this.format}
          .engine=${this.engine}
        ></rc-definitions-table>
      </section>
    `;
  }
}
