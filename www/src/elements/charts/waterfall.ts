/**
 * `<rc-waterfall>`: how one level became another, movement by movement.
 *
 * It adds nothing up for the reader: the movements come from the report, and the drawing says so
 * where they do not tie. Wide it stands in columns, narrow it lies in rows.
 */

import { scaleLinear } from "d3-scale";
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
import {
  type Movement,
  type Step,
  ties,
  type Waterfall,
  waterfall,
  waterfallAxis,
} from "./waterfall-steps.ts";

const COLUMNS_FROM = 600;
const HEIGHT = 300;
const ROW = 46;

/** How far the ticks of an axis lie apart. */
function tickStep([first = 0, second = first]: readonly number[]): number {
  return Math.abs(second - first);
}

/** A waterfall of amounts. */
export class WaterfallElement extends ChartElement {
  static override properties = {
    ...ChartElement.properties,
    movements: { attribute: false },
    unit: {},
    missing: {},
  };

  static override styles = [
    ...ChartElement.styles,
    css`
      rect.level {
        fill: var(--rc-mark-quiet);
      }
      rect.gain {
        fill: var(--rc-gain);
      }
      rect.loss {
        fill: var(--rc-loss);
      }
      /* The box around the bar shows the focus. */
      .hit:focus-visible {
        outline: 0;
      }
      .link {
        stroke: var(--rc-line-strong);
        shape-rendering: crispEdges;
      }
    `,
  ];

  /** Levels and what lies between them, in order. */
  declare movements: readonly Movement[];
  /** What is counted. */
  declare unit: "money" | "customers";
  /** Why there is nothing to draw. */
  declare missing: string;

  #waterfall: Waterfall = { steps: [], gap: 0 };

  constructor() {
    super();
    this.movements = [];
    this.unit = "money";
    this.missing = "";
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has("movements")) this.#waterfall = waterfall(this.movements);
  }

  protected override reasonForNone(): string | null {
    return this.movements.length === 0 ? this.missing || "There is nothing to draw." : null;
  }

  protected override footnote(): string {
    const parts: string[] = [];
    const axis = waterfallAxis(this.#waterfall, 4);
    if (axis.isCut) {
      parts.push(
        `The scale starts at ${this.#tick(axis.low, tickStep(axis.ticks))}, not at zero, so that the movements can be seen; the levels are marked as lines.`,
      );
    }
    if (!ties(this.#waterfall, this.unit === "money" ? 0.005 : 0)) {
      parts.push(
        `The movements do not add up to the level at the end: ${this.#signed(this.#waterfall.gap)} is not explained by them.`,
      );
    }
    return parts.join(" ");
  }

  protected override restingReadout(): string {
    const levels = this.#waterfall.steps.filter(({ kind }) => kind === "level");
    const [first, last] = [levels[0], levels.at(-1)];
    return first && last && first !== last
      ? `From start to end: ${this.#signedFull(last.amount - first.amount)}`
      : "";
  }

  protected override drawing(): TemplateResult {
    return COLUMNS_FROM <= this.width ? this.#columns() : this.#rows();
  }

  protected override get readsBy(): "x" | "y" {
    return COLUMNS_FROM <= this.width ? "x" : "y";
  }

  protected override points(): readonly ChartPoint[] {
    const { steps } = this.#waterfall;
    const slot = this.#slot();
    return steps.map((step, index) => ({
      x: slot.left + (index + 0.5) * slot.width,
      y: (index + 0.5) * ROW,
      key: step.key,
      name: step.label,
      says: step.kind === "level" ? this.#full(step.amount) : this.#signedFull(step.change),
    }));
  }

  protected override table(): ChartTable {
    return {
      columns: ["Movement", this.unit === "money" ? "Revenue per month" : "Customers"],
      rows: this.#waterfall.steps.map((step) => {
        const value = step.kind === "level" ? step.amount : step.change;
        const text = step.kind === "level" ? this.#full(value) : this.#signedFull(value);
        return [
          { text: step.label, value: step.label },
          { text, value },
        ];
      }),
    };
  }

  #slot(): { left: number; width: number } {
    const left = 64;
    return { left, width: (this.width - left) / Math.max(1, this.#waterfall.steps.length) };
  }

  #columns(): TemplateResult {
    const { steps } = this.#waterfall;
    const axis = waterfallAxis(this.#waterfall, 4);
    const slot = this.#slot();
    const [top, bottom] = [22, HEIGHT - 28];
    const y = scaleLinear([axis.low, axis.high], [bottom, top]);
    const bar = Math.min(88, slot.width * 0.68);
    return html`
      <svg viewBox="0 0 ${this.width} ${HEIGHT}" role="img" aria-labelledby="title desc">
        ${this.#described()}
        ${axis.ticks.map(
          (tick) => svg`
            <line class=${tick === 0 ? "axis" : "grid"} x1=${slot.left} x2=${this.width} y1=${y(tick)} y2=${y(tick)} />
            <text x=${slot.left - 8} y=${y(tick) + 4} text-anchor="end">${this.#tick(tick, tickStep(axis.ticks))}</text>`,
        )}
        ${steps.map((step, index) => {
          const centre = slot.left + (index + 0.5) * slot.width;
          const [high, low] = [y(Math.max(step.from, step.to)), y(Math.min(step.from, step.to))];
          const isPosition = step.kind === "level" && axis.isCut;
          const labelY = step.to < step.from && step.kind !== "level" ? low + 15 : high - 7;
          return svg`
            ${
              index + 1 < steps.length
                ? svg`<line class="link" x1=${centre + bar / 2} x2=${centre + slot.width - bar / 2} y1=${y(step.to)} y2=${y(step.to)} />`
                : nothing
            }
            ${
              isPosition
                ? svg`<rect class="level" x=${centre - bar / 2} width=${bar} y=${y(step.to) - 2} height="4" />`
                : svg`<rect class=${classOf(step)} x=${centre - bar / 2} width=${bar} y=${high} height=${Math.max(1, low - high)} />`
            }
            ${this.focused === index ? svg`<rect class="focus-box" data-screen-only x=${centre - bar / 2 - 3} width=${bar + 6} y=${(isPosition ? y(step.to) - 2 : high) - 3} height=${(isPosition ? 4 : Math.max(1, low - high)) + 6} />` : nothing}
            <text class=${`strong ${signClass(step)}`} x=${centre} y=${labelY} text-anchor="middle">${this.#label(step)}</text>
            <text class="label" x=${centre} y=${HEIGHT - 6} text-anchor="middle">${step.label}</text>`;
        })}
      </svg>
    `;
  }

  #rows(): TemplateResult {
    const { steps } = this.#waterfall;
    const axis = waterfallAxis(this.#waterfall, 4);
    const height = steps.length * ROW;
    const x = scaleLinear([axis.low, axis.high], [0, this.width]);
    return html`
      <svg viewBox="0 0 ${this.width} ${height}" role="img" aria-labelledby="title desc">
        ${this.#described()}
        ${axis.isCut ? nothing : svg`<line class="axis" x1=${x(0)} x2=${x(0)} y1="0" y2=${height} />`}
        ${steps.map((step, index) => {
          const top = index * ROW;
          const [left, right] = [x(Math.min(step.from, step.to)), x(Math.max(step.from, step.to))];
          const isPosition = step.kind === "level" && axis.isCut;
          return svg`
            <text class="label over" x="0" y=${top + 15}>${step.label}</text>
            <text class=${`strong ${signClass(step)}`} x=${this.width} y=${top + 15} text-anchor="end">${this.#label(step)}</text>
            ${
              isPosition
                ? svg`<rect class="level" x=${x(step.to) - 2} width="4" y=${top + 22} height="16" />`
                : svg`<rect class=${classOf(step)} x=${left} width=${Math.max(1, right - left)} y=${top + 22} height="16" />`
            }
            ${
              index + 1 < steps.length
                ? svg`<line class="link" x1=${x(step.to)} x2=${x(step.to)} y1=${top + 38} y2=${top + ROW + 22} />`
                : nothing
            }
            ${this.focused === index ? svg`<rect class="focus-box" data-screen-only x="-4" width=${this.width + 8} y=${top} height=${ROW - 3} />` : nothing}`;
        })}
      </svg>
    `;
  }

  #described(): SVGTemplateResult {
    const says = this.#waterfall.steps
      .map((step) => `${step.label} ${this.#label(step)}`)
      .join("; ");
    return svg`<title id="title">${this.heading}</title><desc id="desc">${this.subheading} ${says}.</desc>`;
  }

  #label(step: Step): string {
    if (step.kind !== "level") return this.#signed(step.change);
    // On a cut scale the levels differ by little: as many digits as it takes to see that.
    const axis = waterfallAxis(this.#waterfall, 4);
    return axis.isCut && this.unit === "money"
      ? this.format.axisMoney(step.amount, tickStep(axis.ticks) / 10)
      : this.#short(step.amount);
  }

  #short(value: number): string {
    return this.unit === "money"
      ? this.format.compactMoney(value)
      : this.format.compactCount(value);
  }

  #tick(value: number, step: number): string {
    return this.unit === "money"
      ? this.format.axisMoney(value, step)
      : this.format.compactCount(value);
  }

  #signed(value: number): string {
    if (value === 0) return this.#short(0);
    return `${value < 0 ? "\u2212" : "+"}${this.#short(Math.abs(value))}`;
  }

  #full(value: number): string {
    return this.unit === "money" ? this.format.money(value) : this.format.count(value);
  }

  #signedFull(value: number): string {
    return this.unit === "money" ? this.format.signedMoney(value) : this.format.signedCount(value);
  }
}

function classOf(step: Step): string {
  if (step.kind === "level") return "level";
  return step.change < 0 ? "loss" : "gain";
}

function signClass(step: Step): string {
  if (step.kind === "level" || step.change === 0) return "";
  return step.change < 0 ? "loss" : "gain";
}
