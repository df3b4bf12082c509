/**
 * `<rc-movement-columns>`: what came and what went in each period, stacked from zero both ways.
 *
 * It adds nothing up but the heights of its own columns. Where there are more periods than fit, it
 * draws the last ones and says so; the table has them all.
 */

import { scaleBand, scaleLinear } from "d3-scale";
import {
  css,
  html,
  nothing,
  type PropertyValues,
  type SVGTemplateResult,
  svg,
  type TemplateResult,
} from "lit";
import { ChartElement, type ChartPoint, type ChartTable } from "./chart-element.ts";
import { type Column, divergingColumn } from "./diverging-stack.ts";
import { axisFromZero, labelledIndexes } from "./domain.ts";

const HEIGHT = 280;
const LEFT = 64;
const THINNEST = 7;

/** One of the stacked series; the order is that of the stack, from zero outwards. */
export interface Series {
  readonly key: string;
  readonly label: string;
  readonly kind: "gain" | "loss";
  /** How strong its colour is among those of its kind: 1 is the strongest. */
  readonly shade: 1 | 2 | 3;
}

/** One period: amounts by series, never signed by their kind. */
export interface ColumnData {
  readonly period: string;
  readonly partial: boolean;
  readonly amounts: Readonly<Record<string, number | null>>;
}

/** Diverging columns over time. */
export class MovementColumnsElement extends ChartElement {
  static override properties = {
    ...ChartElement.properties,
    series: { attribute: false },
    columns: { attribute: false },
    unit: {},
  };

  static override styles = [
    ...ChartElement.styles,
    css`
      .gain-1 {
        fill: var(--rc-gain);
        stroke: var(--rc-gain);
      }
      .gain-2 {
        fill: color-mix(in oklab, var(--rc-gain) 58%, var(--rc-surface));
        stroke: var(--rc-gain);
      }
      .gain-3 {
        fill: color-mix(in oklab, var(--rc-gain) 16%, var(--rc-surface));
        stroke: var(--rc-gain);
      }
      .loss-1 {
        fill: var(--rc-loss);
        stroke: var(--rc-loss);
      }
      .loss-2 {
        fill: color-mix(in oklab, var(--rc-loss) 36%, var(--rc-surface));
        stroke: var(--rc-loss);
      }
      .is-partial {
        stroke-dasharray: 3 2;
        fill-opacity: 0.55;
      }
      .net {
        fill: var(--rc-text);
        stroke: var(--rc-surface);
        stroke-width: 1.5;
      }
      .focus-area {
        fill: var(--rc-hover);
      }
    `,
  ];

  declare series: readonly Series[];
  declare columns: readonly ColumnData[];
  declare unit: "money" | "customers";

  #stacked: readonly { data: ColumnData; column: Column }[] = [];

  constructor() {
    super();
    this.series = [];
    this.columns = [];
    this.unit = "money";
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (!changed.has("columns") && !changed.has("series") && !changed.has("width")) return;
    const room = Math.max(1, Math.floor((this.width - LEFT) / THINNEST));
    this.#stacked = this.columns.slice(-room).map((data) => ({ data, column: this.#stack(data) }));
  }

  protected override reasonForNone(): string | null {
    return this.columns.length === 0 ? "There is no period to draw." : null;
  }

  protected override footnote(): string {
    const parts: string[] = [];
    const hidden = this.columns.length - this.#stacked.length;
    if (0 < hidden) {
      parts.push(
        `Drawn: the last ${this.format.count(this.#stacked.length)} of ${this.format.count(this.columns.length)} periods; the table has them all.`,
      );
    }
    if (this.#stacked.some(({ data }) => data.partial)) {
      parts.push("A column with a dashed edge is a period that is not over.");
    }
    return parts.join(" ");
  }

  protected override restingReadout(): string {
    const last = this.#stacked.at(-1);
    return last
      ? `${this.format.period(last.data.period)}: ${this.#says(last.data, last.column)}`
      : "";
  }

  protected override points(): readonly ChartPoint[] {
    const x = this.#x();
    return this.#stacked.map(({ data, column }, index) => ({
      x: (x(index) ?? 0) + x.bandwidth() / 2,
      y: 0,
      key: data.period,
      name: `${this.format.period(data.period)}${data.partial ? " (not over)" : ""}`,
      says: this.#says(data, column),
    }));
  }

  protected override table(): ChartTable {
    return {
      columns: ["Period", ...this.series.map((one) => one.label), "Net"],
      rows: this.columns.map((data) => {
        const { net } = this.#stack(data);
        const cells = this.series.map((one) => {
          const amount = data.amounts[one.key] ?? null;
          return this.#cell(amount === null || one.kind === "gain" ? amount : -amount);
        });
        return [
          { text: this.format.period(data.period), value: data.period },
          ...cells,
          this.#cell(net),
        ];
      }),
    };
  }

  protected override drawing(): TemplateResult {
    const legend = this.#legend();
    const [top, bottom] = [legend.height + 10, legend.height + HEIGHT - 26];
    const axis = axisFromZero(
      this.#stacked.flatMap(({ column }) => [column.top, column.bottom]),
      5,
    );
    const y = scaleLinear([axis.low, axis.high], [bottom, top]);
    const x = this.#x();
    const isThin = x.bandwidth() < 9;
    const labels = labelledIndexes(this.#stacked.length, (this.width - LEFT) / 84);
    return html`
      <svg viewBox="0 0 ${this.width} ${legend.height + HEIGHT}" role="img" aria-labelledby="title desc">
        <title id="title">${this.heading}</title>
        <desc id="desc">${this.subheading} ${this.restingReadout()}</desc>
        ${legend.drawing}
        ${
          this.focused === null
            ? nothing
            : svg`<rect class="focus-area" data-screen-only x=${(x(this.focused) ?? 0) - (x.step() - x.bandwidth()) / 2} width=${x.step()} y=${top} height=${bottom - top} />`
        }
        ${axis.ticks.map(
          (tick) => svg`
            <line class="grid" x1=${LEFT} x2=${this.width} y1=${y(tick)} y2=${y(tick)} />
            <text x=${LEFT - 8} y=${y(tick) + 4} text-anchor="end">${this.#short(tick)}</text>`,
        )}
        ${this.#stacked.map(({ data, column }, index) => {
          const left = x(index) ?? 0;
          return svg`
            ${column.blocks.map((block) => {
              const [high, low] = [
                y(Math.max(block.from, block.to)),
                y(Math.min(block.from, block.to)),
              ];
              const inset = low - high < 3 || isThin ? 0 : 0.5;
              return svg`<rect
                class=${`${this.#shade(block.key)}${data.partial ? " is-partial" : ""}`}
                stroke-width=${isThin ? 0 : 1}
                x=${left + inset} width=${Math.max(1, x.bandwidth() - 2 * inset)}
                y=${high + inset} height=${Math.max(0.5, low - high - 2 * inset)} />`;
            })}
            ${
              column.net === null || column.blocks.length === 0 || isThin
                ? nothing
                : svg`<circle class="net" r="3.5" cx=${left + x.bandwidth() / 2} cy=${y(column.net)} />`
            }`;
        })}
        <line class="axis" x1=${LEFT} x2=${this.width} y1=${y(0)} y2=${y(0)} />
        ${labels.map((index) => {
          const period = this.#stacked[index]?.data.period ?? "";
          const centre = (x(index) ?? 0) + x.bandwidth() / 2;
          return svg`<text x=${Math.min(centre, this.width - 28)} y=${legend.height + HEIGHT - 6} text-anchor="middle">${this.format.shortPeriod(period)}</text>`;
        })}
      </svg>
    `;
  }

  /** Swatches with names, in as many lines as they need; drawn, so that a saved picture has them. */
  #legend(): { drawing: SVGTemplateResult[]; height: number } {
    const entries = [
      ...this.series.map((one) => ({
        shade: this.#shade(one.key),
        label: one.label,
        isNet: false,
      })),
      { shade: "net", label: "Net", isNet: true },
    ];
    let x = 0;
    let line = 0;
    const drawing = entries.map(({ shade, label, isNet }) => {
      const width = 22 + label.length * 7.4 + 16;
      if (0 < x && this.width < x + width - 16) {
        x = 0;
        line += 1;
      }
      const at = x;
      x += width;
      const y = line * 20;
      return svg`
        ${isNet ? svg`<circle class="net" r="4" cx=${at + 6} cy=${y + 8} />` : svg`<rect class=${shade} x=${at + 0.5} y=${y + 2.5} width="11" height="11" />`}
        <text class="label" x=${at + 18} y=${y + 12}>${label}</text>`;
    });
    return { drawing, height: (line + 1) * 20 + 6 };
  }

  #x() {
    return scaleBand<number>(
      this.#stacked.map((_, index) => index),
      [LEFT, this.width],
    )
      .paddingInner(0.28)
      .paddingOuter(0.14);
  }

  #stack(data: ColumnData): Column {
    return divergingColumn(
      this.series.map(({ key, kind }) => {
        const amount = data.amounts[key] ?? null;
        return { key, amount: amount === null || kind === "gain" ? amount : -amount };
      }),
    );
  }

  #shade(key: string): string {
    const one = this.series.find((series) => series.key === key);
    return one ? `${one.kind}-${one.shade}` : "";
  }

  #says(data: ColumnData, column: Column): string {
    const parts = this.series.map(({ key, label, kind }) => {
      const amount = data.amounts[key] ?? null;
      if (amount === null) return `${label} not known`;
      return `${label} ${this.#signed(kind === "gain" ? amount : -amount)}`;
    });
    return `${parts.join(", ")}; net ${column.net === null ? "not known" : this.#signed(column.net)}.`;
  }

  #cell(value: number | null) {
    return value === null
      ? { text: "–", value: null, why: "Not known: the file does not give it." }
      : { text: this.#signed(value), value };
  }

  #short(value: number): string {
    return this.unit === "money" ? this.format.axisMoney(value) : this.format.compactCount(value);
  }

  #signed(value: number): string {
    return this.unit === "money" ? this.format.signedMoney(value) : this.format.signedCount(value);
  }
}
