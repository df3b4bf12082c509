/**
 * `<rc-benchmark-list>`: every published range of a metric with its source, and how this file's
 * figure of the same length of time lies to it.
 *
 * It judges nothing: the verdicts come with the report. It merges no ranges; they contradict each
 * other, and which of them is about a business like the reader's only the reader knows.
 */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Benchmark, Stage } from "../../engine/core.ts";
import { controls } from "../controls.styles.ts";
import { type Format, formatFor } from "../format.ts";
import { capitalised, whyWords } from "../words.ts";
import { perWords, rangeWords } from "./benchmark-words.ts";
import { metricName, spanWords } from "./definition-words.ts";
import { intervalWords } from "./figure-words.ts";

const VERDICTS: Readonly<Record<string, string>> = {
  below: "below it",
  within: "within it",
  above: "above it",
  uncertain: "too uncertain to say",
};

/** The list. */
export class BenchmarkListElement extends LitElement {
  static override properties = {
    benchmarks: { attribute: false },
    stages: { attribute: false },
    format: { attribute: false },
    segment: { state: true },
    stage: { state: true },
  };

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: var(--rc-space-1);
      }

      .choices {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: var(--rc-space-1);
      }

      select {
        font-size: var(--rc-text-s);
      }

      h3 {
        margin-block-start: var(--rc-space-1);
        text-wrap: pretty;
      }

      ul {
        display: grid;
      }

      li {
        display: grid;
        gap: 2px;
        padding-block: var(--rc-space-1);
        border-block-start: 1px solid var(--rc-line);
        font-size: var(--rc-text-s);
      }

      .head {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 0 var(--rc-space-2);
      }

      .range {
        font-weight: 500;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  declare benchmarks: readonly Benchmark[];
  declare stages: readonly Stage[];
  declare format: Format;
  /** The segment whose ranges are shown; all without one. */
  declare protected segment: string;
  declare protected stage: string;

  constructor() {
    super();
    this.benchmarks = [];
    this.stages = [];
    this.format = formatFor();
    this.segment = "";
    this.stage = "";
  }

  override render(): TemplateResult | typeof nothing {
    const { benchmarks } = this;
    if (benchmarks.length === 0) return nothing;
    const segments = [...new Set(benchmarks.map(({ segment }) => segment))];
    const segment = segments.includes(this.segment) ? this.segment : "";
    const shown = benchmarks.filter((one) => segment === "" || one.segment === segment);
    return html`
      <div class="choices">
        <label>
          For whom
          <select @change=${this.#chooseSegment}>
            <option value="" ?selected=${segment === ""}>All segments</option>
            ${segments.map((one) => html`<option value=${one} ?selected=${one === segment}>${one}</option>`)}
          </select>
        </label>
        <label>
          Stage of the company
          <select @change=${this.#chooseStage}>
            <option value="" ?selected=${this.stage === ""}>Any stage</option>
            ${this.stages.map(({ stage }) => html`<option value=${stage} ?selected=${stage === this.stage}>${capitalised(stage)}</option>`)}
          </select>
        </label>
      </div>
      ${this.#stageSentence()}
      ${this.#yours(shown)}
      ${[...new Set(shown.map(({ source }) => source))].map(
        (source) => html`
          <h3 class="small">${source}</h3>
          <ul>
            ${shown.filter((one) => one.source === source).map((one) => this.#range(one))}
          </ul>
        `,
      )}
    `;
  }

  #stageSentence(): TemplateResult | typeof nothing {
    const stage = this.stages.find(({ stage }) => stage === this.stage);
    if (!stage) return nothing;
    const isAmong = this.benchmarks.some(({ metric }) => stage.metrics.includes(metric));
    const names = stage.metrics.map((metric) => lowered(metricName(metric)));
    return html`<p class="small">From ${stage.stage}, the articles look at ${this.format.list(names)} first${isAmong ? "" : ", not at this figure"}. None of their ranges is for one stage only.</p>`;
  }

  /** What of this file is held against the ranges, once for each length of time. */
  #yours(shown: readonly Benchmark[]): TemplateResult[] {
    const { format } = this;
    const said = new Map<string, string>();
    for (const { metric, per, figure, period, why } of shown) {
      const name = `${metricName(metric)} over ${perWords(per)}`;
      const words =
        figure?.value == null
          ? `cannot be said: ${whyWords(why ?? undefined)}`
          : `yours is ${format.share(figure.value)}${bracketed(intervalWords(figure, "share", format))}, ${spanWords(period ?? "", format)}`;
      said.set(name, words);
    }
    return [...said].map(([name, words]) => html`<p class="small">${name}: ${words}.</p>`);
  }

  #range(one: Benchmark): TemplateResult {
    const unit = `${lowered(metricName(one.metric))}, ${perWords(one.per)}`;
    return html`
      <li data-verdict=${one.why === null ? one.verdict : "none"}>
        <span class="head">
          <span><span class="range">${rangeWords(one, this.format)}</span> ${one.label}</span>
          <span>${one.why === null ? `Yours is ${VERDICTS[one.verdict] ?? one.verdict}` : "Not compared"}</span>
        </span>
        <span class="muted">${one.segment}; ${unit}${one.place === null ? "" : `; ${one.place}`}</span>
        ${one.unverified === null ? nothing : html`<span><strong>Not verified</strong>: ${one.unverified}</span>`}
        ${one.note === null ? nothing : html`<span>${capitalised(one.note)}</span>`}
      </li>
    `;
  }

  #chooseSegment(event: Event): void {
    this.segment = (event.currentTarget as HTMLSelectElement).value;
  }

  #chooseStage(event: Event): void {
    this.stage = (event.currentTarget as HTMLSelectElement).value;
  }
}

function lowered(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function bracketed(words: string): string {
  return words === "" ? "" : ` (${words})`;
}
