/**
 * `<rc-curve-comparison>`: what was, and two ways on from here: as today, and under a scenario.
 *
 * It projects nothing. What was observed is solid; what is expected is dashed.
 */

import { scaleLinear } from "d3-scale";
import { area, line } from "d3-shape";
import { css, html, nothing, svg, type TemplateResult } from "lit";
import { ChartElement, type ChartPoint, type ChartTable } from "./chart-element.ts";
import { axisFromZero, spreadLabels } from "./domain.ts";
import { timeTicks } from "./time-ticks.ts";

const LEFT = 56;
const HEIGHT = 280;

type At = readonly [period: number, value: number];

/** Two curves over the same periods. */
export class CurveComparisonElement extends ChartElement {
  static override properties = {
    ...ChartElement.properties,
    history: { attribute: false },
    today: { attribute: false },
    scenario: { attribute: false },
    band: { attribute: false },
    uncertainty: {},
    unit: {},
    measure: {},
    periodName: { attribute: "period-name" },
    missing: {},
  };

  static override styles = [
    ...ChartElement.styles,
    css`
      text.scenario {
        font-size: 13px;
        font-weight: 600;
        fill: var(--rc-accent);
      }
      text.today {
        font-size: 13px;
        fill: var(--rc-text-muted);
      }
      .between {
        fill: var(--rc-hover);
      }
    `,
  ];

  /** Observed values, oldest first; the last one is now. */
  declare history: readonly number[];
  /** Values from now (index 0) on, if all stays as it is. */
  declare today: readonly number[];
  /** Values from now on under the scenario. */
  declare scenario: readonly number[];
  /** Where the scenario likely lies, from now on; empty where no uncertainty is known. */
  declare band: readonly (readonly [low: number, high: number])[];
  /** What the band rests on, or why there is none. */
  declare uncertainty: string;
  declare unit: "share" | "count" | "money";
  /** What is drawn: "Customers". */
  declare measure: string;
  /** What one period is: "month". */
  declare periodName: string;
  declare missing: string;

  constructor() {
    super();
    this.history = [];
    this.today = [];
    this.scenario = [];
    this.band = [];
    this.uncertainty = "";
    this.unit = "count";
    this.measure = "Customers";
    this.periodName = "month";
    this.missing = "";
  }

  protected override reasonForNone(): string | null {
    return this.today.length === 0 ? this.missing || "There is nothing to project from." : null;
  }

  protected override footnote(): string {
    const lines =
      1 < this.history.length
        ? "Solid: observed. Dashed: expected, if the levers stay where they are."
        : "Dashed: expected, if the levers stay where they are.";
    return `${lines} ${this.uncertainty}`.trim();
  }

  protected override restingReadout(): string {
    const last = this.points().at(-1);
    return last ? `${last.name}: ${last.says}` : "";
  }

  protected override points(): readonly ChartPoint[] {
    const x = this.#x();
    return this.today.map((value, index) => {
      const scenario = this.scenario[index];
      return {
        x: x(index),
        y: 0,
        name: index === 0 ? "Now" : `In ${this.#periods(index)}`,
        says:
          scenario === undefined
            ? `as today ${this.#full(value)}${this.#likely(index)}`
            : `scenario ${this.#full(scenario)}${this.#likely(index)}, as today ${this.#full(value)}`,
      };
    });
  }

  protected override table(): ChartTable {
    return {
      columns: [
        `Period (${this.periodName}s from now)`,
        `${this.measure}, as today`,
        `${this.measure}, scenario`,
        ...(0 < this.band.length ? ["Likely from", "Likely to"] : []),
      ],
      rows: this.today.map((value, index) => [
        { text: this.format.count(index), value: index },
        ...[
          value,
          this.scenario[index] ?? null,
          ...(0 < this.band.length ? (this.band[index] ?? [null, null]) : []),
        ].map((one) => ({
          text: one === null ? "–" : this.#full(one),
          value: one,
        })),
      ]),
    };
  }

  protected override drawing(): TemplateResult {
    const [top, bottom] = [14, HEIGHT - 42];
    const x = this.#x();
    const axis = axisFromZero(
      [...this.history, ...this.today, ...this.scenario, ...this.band.flat()],
      4,
    );
    const y = scaleLinear([axis.low, axis.high], [bottom, top]);
    const path = line<At>()
      .x(([period]) => x(period))
      .y(([, value]) => y(value));
    const from = (values: readonly number[], start: number): At[] =>
      values.map((value, index) => [start + index, value]);
    const between = area<number>()
      .x((index) => x(index))
      .y0((index) => y(this.today[index] ?? 0))
      .y1((index) => y(this.scenario[index] ?? 0));
    const likely = area<number>()
      .x((index) => x(index))
      .y0((index) => y(this.band[index]?.[0] ?? 0))
      .y1((index) => y(this.band[index]?.[1] ?? 0));
    const last = this.today.length - 1;
    const [todayY = 0, scenarioY = 0] = spreadLabels(
      [
        y(this.today[last] ?? 0) + (this.#isAlone(last) ? -10 : 20),
        y(this.scenario[last] ?? this.today[last] ?? 0) - 10,
      ],
      17,
      top + 6,
      bottom - 4,
    );
    const future = timeTicks(
      last,
      "month",
      Math.max(3, ((this.width - LEFT) * this.#futureShare()) / 56),
    );
    const past = this.history.length < 2 ? [] : [1 - this.history.length];
    return html`
      <svg viewBox="0 0 ${this.width} ${HEIGHT}" role="img" aria-labelledby="title desc">
        <title id="title">${this.heading}</title>
        <desc id="desc">${this.subheading} ${this.restingReadout()}</desc>
        ${axis.ticks.map(
          (tick) => svg`
            <line class=${tick === 0 ? "axis" : "grid"} x1=${LEFT} x2=${this.width} y1=${y(tick)} y2=${y(tick)} />
            <text x=${LEFT - 8} y=${y(tick) + 4} text-anchor="end">${this.#short(tick)}</text>`,
        )}
        ${past.length === 0 ? nothing : svg`<line class="rule" x1=${x(0)} x2=${x(0)} y1=${top} y2=${bottom} />`}
        <path class="band" d=${likely(this.band.map((_, index) => index)) ?? ""} />
        <path class="between" d=${this.scenario.length === 0 ? "" : (between(this.today.map((_, index) => index)) ?? "")} />
        <path class="line quiet" d=${path(from(this.history, 1 - this.history.length)) ?? ""} />
        <path class="line quiet projected" d=${path(from(this.today, 0)) ?? ""} />
        <path class="line projected" d=${path(from(this.scenario, 0)) ?? ""} />
        <text class="today over" x=${this.width} y=${todayY} text-anchor="end">As today</text>
        ${this.scenario.length === 0 ? nothing : svg`<text class="scenario over" x=${this.width} y=${scenarioY} text-anchor="end">Scenario</text>`}
        ${this.#focusMark(x, y, top, bottom)}
        ${[...past, ...future].map((tick) => {
          const anchor =
            x(tick) < LEFT + 12 ? "start" : this.width - 16 < x(tick) ? "end" : "middle";
          return svg`<text x=${x(tick)} y=${bottom + 17} text-anchor=${anchor}>${tick === 0 ? "now" : this.format.signedCount(tick)}</text>`;
        })}
        <text x=${this.width} y=${bottom + 36} text-anchor="end">${`${this.periodName.charAt(0).toUpperCase()}${this.periodName.slice(1)}s from now`}</text>
      </svg>
    `;
  }

  #focusMark(
    x: (period: number) => number,
    y: (value: number) => number,
    top: number,
    bottom: number,
  ) {
    if (this.focused === null) return nothing;
    const [today, scenario] = [this.today[this.focused], this.scenario[this.focused]];
    const at = x(this.focused);
    return svg`
      <line class="focus-line" data-screen-only x1=${at} x2=${at} y1=${top} y2=${bottom} />
      ${today === undefined ? nothing : svg`<circle class="dot quiet" data-screen-only r="4.5" cx=${at} cy=${y(today)} />`}
      ${scenario === undefined ? nothing : svg`<circle class="dot" data-screen-only r="4.5" cx=${at} cy=${y(scenario)} />`}`;
  }

  /** Whether today's line rises with nothing above it, so that its name belongs over it. */
  #isAlone(last: number): boolean {
    return this.scenario.length === 0 && (this.today[0] ?? 0) <= (this.today[last] ?? 0);
  }

  #futureShare(): number {
    const [past, future] = [
      Math.max(0, this.history.length - 1),
      Math.max(1, this.today.length - 1),
    ];
    return future / (past + future);
  }

  #x() {
    return scaleLinear(
      [Math.min(0, 1 - this.history.length), Math.max(1, this.today.length - 1)],
      [LEFT, this.width - 8],
    );
  }

  #periods(n: number): string {
    return this.format.counted(n, this.periodName);
  }

  #likely(index: number): string {
    const ends = this.band[index];
    return index === 0 || ends === undefined
      ? ""
      : ` (likely ${this.#full(ends[0])} to ${this.#full(ends[1])})`;
  }

  #short(value: number): string {
    if (this.unit === "money") return this.format.axisMoney(value);
    return this.unit === "share" ? this.format.share(value, 0) : this.format.compactCount(value);
  }

  #full(value: number): string {
    if (this.unit === "money") return this.format.money(value);
    return this.unit === "share" ? this.format.share(value) : this.format.count(value);
  }
}
