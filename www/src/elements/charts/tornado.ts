/**
 * `<rc-tornado>`: what each lever does to one outcome when it is moved, the strongest first.
 *
 * It computes nothing: the order, the moves and the outcomes come from the core.
 */

import { scaleLinear } from "d3-scale";
import { css, html, svg, type TemplateResult } from "lit";
import { ChartElement, type ChartPoint, type ChartTable } from "./chart-element.ts";
import { axisBetween } from "./domain.ts";

/** One lever with what it does. */
export interface TornadoRow {
  readonly name: string;
  /** Where it stands, and what it is moved to: in words. */
  readonly at: string;
  readonly lowAt: string;
  readonly highAt: string;
  /** The outcome at either; nothing where it is not defined. */
  readonly low: number | null;
  readonly high: number | null;
}

const ROW = 38;
const TOP = 8;

/** Bars to both sides of where the scenario stands. */
export class TornadoElement extends ChartElement {
  static override properties = {
    ...ChartElement.properties,
    rows: { attribute: false },
    base: { attribute: false },
    write: { attribute: false },
    writeShort: { attribute: false },
    outcome: {},
  };

  static override styles = [
    ...ChartElement.styles,
    css`
      rect.low {
        fill: var(--rc-mark-quiet);
      }
      rect.high {
        fill: var(--rc-mark);
      }
      text.low {
        fill: var(--rc-text-muted);
      }
    `,
  ];

  declare rows: readonly TornadoRow[];
  /** The outcome as the scenario stands. */
  declare base: number | null;
  /** How an outcome is written in full. */
  declare write: (value: number) => string;
  /** How it is written at the axis. */
  declare writeShort: (value: number) => string;
  /** What the outcome is called. */
  declare outcome: string;

  constructor() {
    super();
    this.rows = [];
    this.base = null;
    this.write = String;
    this.writeShort = String;
    this.outcome = "";
  }

  protected override reasonForNone(): string | null {
    return this.base === null || this.rows.length === 0
      ? "This outcome is not defined in the scenario, so nothing can be set against it."
      : null;
  }

  protected override footnote(): string {
    return "Dark: the lever moved up. Grey: moved down. The table says from where to where.";
  }

  protected override get readsBy(): "x" | "y" {
    return "y";
  }

  protected override points(): readonly ChartPoint[] {
    return this.rows.map((row, index) => ({
      x: 0,
      y: TOP + index * ROW + ROW / 2,
      name: row.name,
      says: `at ${row.lowAt} ${this.#words(row.low)}; at ${row.highAt} ${this.#words(row.high)}`,
    }));
  }

  protected override restingReadout(): string {
    return this.base === null ? "" : `As the scenario stands: ${this.write(this.base)}.`;
  }

  protected override table(): ChartTable {
    return {
      columns: ["Lever", "Stands at", "Moved down to", this.outcome, "Moved up to", this.outcome],
      rows: this.rows.map((row) => [
        { text: row.name, value: row.name },
        { text: row.at, value: row.at },
        { text: row.lowAt, value: row.lowAt },
        { text: this.#words(row.low), value: row.low },
        { text: row.highAt, value: row.highAt },
        { text: this.#words(row.high), value: row.high },
      ]),
    };
  }

  protected override drawing(): TemplateResult {
    const base = this.base ?? 0;
    const ends = this.rows.flatMap(({ low, high }) => [low, high]).filter((one) => one !== null);
    const axis = axisBetween(Math.min(base, ...ends), Math.max(base, ...ends), 4);
    const [left, right] = [4, this.width - 4];
    const x = scaleLinear(
      [axis.low, axis.high === axis.low ? axis.low + 1 : axis.high],
      [left, right],
    );
    const bottom = TOP + this.rows.length * ROW;
    const middle = x(base);
    const bar = (value: number | null, name: "low" | "high", y: number) =>
      value === null || x(value) === middle
        ? svg``
        : svg`<rect class=${name} x=${Math.min(middle, x(value))} y=${y + 18} width=${Math.abs(x(value) - middle)} height="12" />`;
    return html`
      <svg viewBox="0 0 ${this.width} ${bottom + 26}" role="img" aria-labelledby="title desc">
        <title id="title">${this.heading}</title>
        <desc id="desc">${this.subheading} ${this.restingReadout()}</desc>
        ${axis.ticks.map(
          (tick) => svg`<line class="grid" x1=${x(tick)} x2=${x(tick)} y1=${TOP} y2=${bottom} />
            <text x=${x(tick)} y=${bottom + 18} text-anchor=${x(tick) < 24 ? "start" : right - 24 < x(tick) ? "end" : "middle"}>${this.writeShort(tick)}</text>`,
        )}
        ${this.rows.map((row, index) => {
          const y = TOP + index * ROW;
          return svg`
            <text class="label over" x=${left} y=${y + 13}>${row.name} <tspan class="low">${row.lowAt} – ${row.highAt}</tspan></text>
            ${bar(row.low, "low", y)} ${bar(row.high, "high", y)}
            ${this.focused === index ? svg`<rect class="focus-box" data-screen-only x=${left - 3} y=${y} width=${right - left + 6} height=${ROW - 4} />` : svg``}`;
        })}
        <line class="axis" x1=${middle} x2=${middle} y1=${TOP} y2=${bottom} />
      </svg>
    `;
  }

  #words(value: number | null): string {
    return value === null ? "not defined" : this.write(value);
  }
}
