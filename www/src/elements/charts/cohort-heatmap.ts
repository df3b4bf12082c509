/**
 * `<rc-cohort-heatmap>`: how much of each cohort is left at each age, as a table whose cells are
 * shaded by their value.
 *
 * Dark means much and not good. What the data do not reach is hatched, what they reach in part has
 * a dashed edge and is left out of the mean. Of very many cohorts it shows a window.
 */

import {
  css,
  html,
  nothing,
  type PropertyValues,
  render,
  svg,
  type TemplateResult,
  unsafeCSS,
} from "lit";
import type { Figure } from "../../engine/core.ts";
import { intervalWords } from "../views/figure-words.ts";
import { whyWords } from "../words.ts";
import {
  ChartElement,
  ChartOpenEvent,
  type ChartTable,
  type NamedTable,
  type TableCell,
} from "./chart-element.ts";
import {
  type Age,
  type Cell,
  type Cohort,
  cohortGrid,
  FIRST_STRONG_SHADE,
  type GridRow,
  type Measure,
  SHADE_PERCENT,
  shadeOf,
  shadeRange,
  windowOf,
} from "./cohort-grid.ts";

const ROWS = 36;
const AGES = 48;
/** The rows of the head, as rows that can be read. */
const MEAN = -2;
const STEP = -1;
/** The column of sizes, as one that can be read. */
const SIZE = -1;
const shadeStyles = unsafeCSS(
  SHADE_PERCENT.light
    .map((percent, shade) => {
      const mix = (of: number): string =>
        `color-mix(in oklab, var(--rc-heat-high) ${of}%, var(--rc-heat-low))`;
      const ink = FIRST_STRONG_SHADE <= shade ? "--rc-on-heat" : "--rc-text";
      return `.shade-${shade} { --shade: light-dark(${mix(percent)}, ${mix(SHADE_PERCENT.dark[shade] ?? 0)}); --ink: var(${ink}); }`;
    })
    .join("\n"),
);

/** A cohort table shaded by value. */
export class CohortHeatmapElement extends ChartElement {
  static override properties = {
    ...ChartElement.properties,
    cohorts: { attribute: false },
    ages: { attribute: false },
    means: { attribute: false },
    steps: { attribute: false },
    measure: {},
    granularity: {},
    firstRow: { state: true },
    firstAge: { state: true },
    at: { state: true },
  };

  static override styles = [
    ...ChartElement.styles,
    css`
      ${shadeStyles}

      .above {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--rc-space-1) var(--rc-space-3);
        margin-block-end: var(--rc-space-1);
        font-size: var(--rc-text-s);
        color: var(--rc-text-muted);
      }

      .scale {
        display: flex;
        align-items: center;
        gap: var(--rc-space-1);
        font-variant-numeric: tabular-nums;
      }

      .scale svg {
        inline-size: 144px;
        block-size: 12px;
        direction: ltr;
      }

      .scale rect {
        fill: var(--shade);
      }

      .window {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--rc-space-1);
      }

      .window button {
        min-block-size: 32px;
        padding: 0 10px;
        font-size: var(--rc-text-s);
      }

      .box {
        max-block-size: min(80vh, 44rem);
        overflow: auto;
        overscroll-behavior-x: contain;
        scroll-padding: 102px 8px 8px 116px;
        border-block: 1px solid var(--rc-line);
      }

      .heat {
        inline-size: auto;
        border-collapse: separate;
        border-spacing: 0;
        font-size: 12px;
        font-variant-numeric: tabular-nums;
      }

      .heat th,
      .heat td {
        block-size: 30px;
        padding: 0 6px;
        border: 0;
        border-inline-end: 1px solid var(--rc-surface);
        border-block-end: 1px solid var(--rc-surface);
        text-align: end;
        white-space: nowrap;
        vertical-align: middle;
      }

      .heat td {
        min-inline-size: 54px;
        background: var(--shade);
        color: var(--ink);
      }

      .heat thead th {
        position: sticky;
        z-index: 1;
        inset-block-start: 0;
        background: var(--rc-surface);
        font-weight: 500;
        color: var(--rc-text-muted);
      }

      .heat thead tr.mean > *,
      .heat thead tr.step > * {
        position: sticky;
        z-index: 1;
        inset-block-start: 31px;
        background: var(--rc-surface);
        font-weight: 600;
        color: var(--rc-text);
      }

      .heat thead tr.step > * {
        inset-block-start: 62px;
        font-weight: 400;
        color: var(--rc-text-muted);
      }

      .heat thead tr:last-child > * {
        border-block-end-color: var(--rc-line-strong);
      }

      .heat th.cohort {
        position: sticky;
        z-index: 1;
        inset-inline-start: 0;
        min-inline-size: 76px;
        padding-inline-start: 0;
        background: var(--rc-surface);
        font-weight: 500;
        text-align: start;
      }

      .heat thead th.cohort,
      .heat thead tr.mean > .cohort,
      .heat thead tr.step > .cohort {
        z-index: 2;
      }

      .heat td.size,
      .heat th.size {
        background: var(--rc-surface);
        color: var(--rc-text-muted);
      }

      .heat td[aria-haspopup] {
        cursor: pointer;
      }

      .heat td.unreached {
        background: repeating-linear-gradient(
          -45deg,
          transparent 0 4px,
          var(--rc-line) 4px 5px
        );
      }

      .heat td.undefined {
        color: var(--rc-text-muted);
      }

      .heat td.partial {
        outline: 1.5px dashed currentcolor;
        outline-offset: -3px;
      }

      .heat td:focus-visible {
        position: relative;
        z-index: 1;
        outline: 2px solid var(--rc-focus);
        outline-offset: 0;
        box-shadow: inset 0 0 0 2px var(--rc-surface);
      }

      .key {
        display: inline-flex;
        align-items: center;
        gap: 6px;
      }

      .key svg {
        inline-size: 18px;
        block-size: 14px;
      }

      .key .hatch {
        stroke: var(--rc-line-strong);
      }

      .key .edge {
        fill: none;
        stroke: var(--rc-text-muted);
        stroke-width: 1.5;
        stroke-dasharray: 3 2;
      }

      .saved rect.cell {
        fill: var(--shade);
      }

      .saved text {
        fill: var(--ink, var(--rc-text));
      }

      .saved .unreached {
        stroke: var(--rc-line);
      }

      @media print {
        .box {
          max-block-size: none;
          overflow: visible;
        }
        .heat td,
        .scale rect {
          print-color-adjust: exact;
        }
      }
    `,
  ];

  declare cohorts: readonly Cohort[];
  /** The columns. */
  declare ages: readonly Age[];
  /** The mean of each age, by its place in the rows; none where amounts are shown. */
  declare means: readonly Figure[];
  /** Of those there one age before, the share still there, by the same places. */
  declare steps: readonly Figure[];
  declare measure: Measure;
  declare granularity: string;
  declare firstRow: number | null;
  declare firstAge: number;
  /** The cell that is being read, by row (the mean is -2, the step -1) and place of the column. */
  declare at: readonly [row: number, age: number] | null;

  #grid: readonly GridRow[] = [];
  #range: readonly [number, number] = [0, 1];

  constructor() {
    super();
    this.cohorts = [];
    this.ages = [];
    this.means = [];
    this.steps = [];
    this.measure = "customers";
    this.granularity = "month";
    this.firstRow = null;
    this.firstAge = 0;
    this.at = null;
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has("cohorts") || changed.has("ages")) {
      this.firstRow = null;
      this.firstAge = 0;
      this.at = null;
    }
    if (changed.has("cohorts") || changed.has("measure")) {
      this.#grid = cohortGrid(this.cohorts, this.measure);
      this.#range = shadeRange(this.#grid);
      this.at = null;
    }
  }

  protected override reasonForNone(): string | null {
    if (this.cohorts.length === 0)
      return "There are no cohorts: the file has no first date per customer.";
    return this.ages.length === 0 ? "No cohort is old enough for any of these ages." : null;
  }

  protected override points(): [] {
    return [];
  }

  protected override footnote(): string {
    const colour =
      this.measure === "revenue"
        ? "The stronger the colour, the larger the share of the revenue at the first age."
        : "The stronger the colour, the larger the share.";
    const mean =
      0 < this.means.length ? " Mean: all cohorts by size, cells that are known in full." : "";
    const step =
      0 < this.steps.length ? " Step: of those there one age before, the share still there." : "";
    return `${colour}${mean}${step}`;
  }

  protected override footnoteToSave(): string {
    const isPartial = this.cohorts.some((row) => row.partial?.some(Boolean));
    return `${this.footnote()} Hatched: not reached yet.${isPartial ? " *: the period is not over." : ""}`;
  }

  protected override restingReadout(): string {
    return "";
  }

  protected override above(): TemplateResult {
    const [low, high] = this.#range;
    return html`
      <div class="above">
        <span class="scale">
          ${this.format.share(low, 0)}
          <svg viewBox="0 0 144 12" preserveAspectRatio="none" aria-hidden="true">
            ${SHADE_PERCENT.light.map((_, shade) => svg`<rect class=${`shade-${shade}`} x=${shade * 12} width="12" height="12" />`)}
          </svg>
          ${this.format.share(high, 0)}
        </span>
        <span class="key">
          <svg viewBox="0 0 18 14" aria-hidden="true"><path class="hatch" d="M0,14L14,0M6,14L18,2M0,8L8,0M12,14L18,8" /></svg>
          not reached yet
        </span>
        ${
          this.cohorts.some((row) => row.partial?.some(Boolean))
            ? html`<span class="key">
                <svg viewBox="0 0 18 14" aria-hidden="true"><rect class="edge" x="1" y="1" width="16" height="12" /></svg>
                period not over
              </span>`
            : nothing
        }
        ${this.#windowControls()}
      </div>
    `;
  }

  #windowControls(): TemplateResult | typeof nothing {
    const [from, to] = this.#rows();
    const [youngest, oldest] = this.#ages();
    const hasRows = ROWS < this.#grid.length;
    const hasAges = AGES < this.ages.length;
    if (!hasRows && !hasAges) return nothing;
    const move = (rows: number, ages: number) => () => {
      this.firstRow = from + rows;
      this.firstAge = youngest + ages;
      this.at = null;
    };
    return html`
      ${
        hasRows
          ? html`<span class="window">
              Cohorts ${this.format.count(from + 1)} to ${this.format.count(to)} of ${this.format.count(this.#grid.length)}
              <button type="button" ?disabled=${from === 0} @click=${move(-ROWS, 0)}>Earlier</button>
              <button type="button" ?disabled=${to === this.#grid.length} @click=${move(ROWS, 0)}>Later</button>
            </span>`
          : nothing
      }
      ${
        hasAges
          ? html`<span class="window">
              Ages ${this.ages[youngest]?.label} to ${this.ages[oldest - 1]?.label} of ${this.ages.at(-1)?.label}
              <button type="button" ?disabled=${youngest === 0} @click=${move(0, -AGES)}>Younger</button>
              <button type="button" ?disabled=${oldest === this.ages.length} @click=${move(0, AGES)}>Older</button>
            </span>`
          : nothing
      }
    `;
  }

  protected override chartView(): TemplateResult {
    const [from, to] = this.#rows();
    const [youngest, oldest] = this.#ages();
    const places = Array.from({ length: oldest - youngest }, (_, index) => youngest + index);
    const [atRow, atPlace] = this.at ?? [from, youngest];
    const unit = this.granularity.charAt(0).toUpperCase() + this.granularity.slice(1);
    const cellAt = (row: number, place: number) => ({
      tabindex: row === atRow && place === atPlace ? "0" : "-1",
    });
    return html`
      <div class="box" part="plot" role="region" aria-label=${this.heading} tabindex="-1">
        <table class="heat" role="grid" aria-labelledby="heading" aria-describedby="subheading" @keydown=${this.#onCellKey}>
          <thead>
            <tr>
              <th scope="col" class="cohort">${unit} of start</th>
              <th scope="col" class="size">Size</th>
              ${places.map((place) => html`<th scope="col" aria-label=${this.ages[place]?.name ?? ""}>${this.ages[place]?.label}</th>`)}
            </tr>
            ${this.#summaryRow(MEAN, "Mean", this.means, places, cellAt)}
            ${this.#summaryRow(STEP, "Step", this.steps, places, cellAt)}
          </thead>
          <tbody>
            ${this.#grid.slice(from, to).map((row, offset) => {
              const index = from + offset;
              return html`<tr>
                <th scope="row" class="cohort">${this.format.shortPeriod(row.cohort)}</th>
                ${this.#sizeCell(index, row.size, cellAt(index, SIZE).tabindex)}
                ${places.map((place) => {
                  const cell = row.cells[this.ages[place]?.age ?? 0];
                  if (!cell) return nothing;
                  return html`<td
                    class=${this.#classOf(cell)}
                    tabindex=${cellAt(index, place).tabindex}
                    data-row=${index}
                    data-age=${place}
                    aria-haspopup=${this.openable && cell.state !== "unreached" ? "dialog" : nothing}
                    aria-label=${cell.state === "unreached" ? "not reached yet" : nothing}
                    @focus=${this.#onCell}
                    @click=${() => this.#open(index, place)}
                    @pointerenter=${this.#onCell}
                  >${this.#text(cell)}</td>`;
                })}
              </tr>`;
            })}
          </tbody>
        </table>
      </div>
      <output class="readout" aria-live="polite">${this.#readCell()}</output>
    `;
  }

  /** The means, or the steps between them, in the head of the table. */
  #summaryRow(
    row: number,
    name: string,
    figures: readonly Figure[],
    places: readonly number[],
    cellAt: (row: number, place: number) => { tabindex: string },
  ): TemplateResult | typeof nothing {
    if (figures.length === 0) return nothing;
    const size = this.#size();
    return html`<tr class=${row === MEAN ? "mean" : "step"}>
      <th scope="row" class="cohort">${name}</th>
      ${row === MEAN ? this.#sizeCell(row, size, cellAt(row, SIZE).tabindex) : html`<td class="size"></td>`}
      ${places.map(
        (place) => html`<td
          tabindex=${cellAt(row, place).tabindex}
          data-row=${row}
          data-age=${place}
          aria-haspopup=${this.openable && this.#figureAt(row, place) ? "dialog" : nothing}
          @focus=${this.#onCell}
          @click=${() => this.#open(row, place)}
          @pointerenter=${this.#onCell}
        >${this.#figureText(this.#figureAt(row, place))}</td>`,
      )}
    </tr>`;
  }

  /** How many a cohort has, or all of them. */
  #sizeCell(row: number, size: number, tabindex: string): TemplateResult {
    return html`<td
      class="size"
      tabindex=${tabindex}
      data-row=${row}
      data-age=${SIZE}
      aria-haspopup=${this.openable ? "dialog" : nothing}
      @focus=${this.#onCell}
      @click=${() => this.#open(row, SIZE)}
      @pointerenter=${this.#onCell}
    >${this.format.compactCount(size)}</td>`;
  }

  /** The figure in the head at a place. */
  #figureAt(row: number, place: number): Figure | undefined {
    return (row === MEAN ? this.means : this.steps)[this.ages[place]?.age ?? 0];
  }

  #figureText(figure: Figure | undefined): string {
    return figure?.value == null ? "–" : this.format.share(figure.value);
  }

  /** Amounts of customers and of money, and shares where shares are chosen; of all cohorts. */
  protected override table(): ChartTable {
    const isShare = this.measure === "net" || this.measure === "gross";
    return {
      columns: ["Cohort", "Size", ...this.ages.map(({ name }) => name)],
      rows: this.#grid.map((row) => [
        { text: this.format.shortPeriod(row.cohort), value: row.cohort },
        { text: this.format.count(row.size), value: row.size },
        ...this.ages.map(({ age }) => {
          const cell = row.cells[age];
          const value = (isShare ? cell?.share : cell?.amount) ?? null;
          if (value === null) return { text: "", value };
          const text = isShare
            ? this.format.share(value)
            : this.measure === "revenue"
              ? this.format.compactMoney(value)
              : this.format.count(value);
          return { text, value };
        }),
      ]),
    };
  }

  /** The table as it is shown, and one with a row for each cell and all that is known of it. */
  protected override tablesToSave(): readonly NamedTable[] {
    return [
      { name: "CSV, a row per cohort", table: this.table() },
      { name: "CSV, a row per cell", table: this.#longTable() },
    ];
  }

  #longTable(): ChartTable {
    const plain = (value: string | number | boolean | null): TableCell => ({
      text: String(value ?? ""),
      value: typeof value === "boolean" ? (value ? "yes" : "no") : value,
    });
    return {
      columns: [
        "cohort",
        "size",
        "age",
        "age_name",
        "reached",
        "complete",
        "customers",
        "customer_retention",
        "step_retention",
        "revenue",
        "revenue_at_age_0",
        "net_revenue_retention",
        "gross_revenue_retention",
      ],
      rows: this.cohorts.flatMap((row) =>
        this.ages
          .filter(({ age }) => row.customers[age] != null)
          .map(({ age, name }) =>
            [
              row.cohort,
              row.size,
              age,
              name,
              row.reached[age] ?? null,
              !row.partial?.[age],
              row.customers[age] ?? null,
              row.retention[age] ?? null,
              row.stepRetention[age] ?? null,
              row.revenue[age] ?? null,
              row.baseRevenue[age] ?? null,
              row.netRevenueRetention[age] ?? null,
              row.grossRevenueRetention[age] ?? null,
            ].map(plain),
          ),
      ),
    };
  }

  protected override tableView(): TemplateResult {
    const [from, to] = this.#rows();
    const [youngest, oldest] = this.#ages();
    const { columns, rows } = this.table();
    const pick = <T>(cells: readonly T[]): T[] => [
      ...cells.slice(0, 2),
      ...cells.slice(2 + youngest, 2 + oldest),
    ];
    return this.nativeTable({ columns: pick(columns), rows: rows.slice(from, to).map(pick) });
  }

  /** The window as a drawing, made only to be saved. */
  protected override drawingToSave(): SVGSVGElement | null {
    const holder = document.createElement("div");
    holder.className = "saved";
    holder.hidden = true;
    this.renderRoot.querySelector(".body")?.append(holder);
    render(this.drawing(), holder);
    // It has to be in the tree while its looks are read, and no longer.
    setTimeout(() => holder.remove());
    return holder.querySelector("svg");
  }

  protected override drawing(): TemplateResult {
    const [from, to] = this.#rows();
    const [youngest, oldest] = this.#ages();
    const [left, width, height] = [132, 54, 26];
    const places = Array.from({ length: oldest - youngest }, (_, index) => youngest + index);
    const full = left + places.length * width;
    const summaries = [
      { row: MEAN, name: "Mean", figures: this.means },
      { row: STEP, name: "Step", figures: this.steps },
    ].filter(({ figures }) => 0 < figures.length);
    const above = summaries.length + 1;
    return html`
      <svg viewBox="0 0 ${full} ${(to - from + above) * height}">
        <text x="0" y="17">Cohort</text>
        <text x=${left - 10} y="17" text-anchor="end">Size</text>
        ${places.map((place, index) => {
          const x = left + (index + 1) * width - 7;
          return svg`<text x=${x} y="17" text-anchor="end">${this.ages[place]?.label}</text>`;
        })}
        ${summaries.map(({ row, name }, line) => {
          const y = (line + 1) * height + 17;
          return svg`<text x="0" y=${y}>${name}</text>${places.map(
            (place, index) =>
              svg`<text x=${left + (index + 1) * width - 7} y=${y} text-anchor="end">${this.#figureText(this.#figureAt(row, place))}</text>`,
          )}`;
        })}
        ${this.#grid.slice(from, to).map((row, offset) => {
          const top = (offset + above) * height;
          return svg`
            <text x="0" y=${top + 17}>${this.format.shortPeriod(row.cohort)}</text>
            <text x=${left - 10} y=${top + 17} text-anchor="end">${this.format.compactCount(row.size)}</text>
            ${places.map((place, index) => {
              const cell = row.cells[this.ages[place]?.age ?? 0];
              const x = left + index * width;
              if (!cell) return nothing;
              if (cell.state === "unreached") {
                return svg`<path class="unreached" d=${`M${x},${top + height - 1}l${height - 1},${1 - height}M${x + width / 2},${top + height - 1}l${height - 1},${1 - height}`} />`;
              }
              return svg`<g class=${this.#classOf(cell)}>
                ${cell.share === null ? nothing : svg`<rect class="cell" x=${x} y=${top} width=${width - 1} height=${height - 1} />`}
                <text x=${x + width - 7} y=${top + 17} text-anchor="end">${this.#text(cell)}${cell.isPartial ? "*" : ""}</text>
              </g>`;
            })}`;
        })}
      </svg>
    `;
  }

  #classOf(cell: Cell): string {
    if (cell.share === null) return cell.state;
    return `shade-${shadeOf(cell.share, this.#range)}${cell.isPartial ? " partial" : ""}`;
  }

  #text(cell: Cell): string {
    if (cell.state === "unreached") return "";
    if (this.measure === "revenue" && cell.amount !== null)
      return this.format.compactMoney(cell.amount);
    return cell.share === null ? "–" : this.format.share(cell.share);
  }

  #rows(): readonly [number, number] {
    return windowOf(this.#grid.length, ROWS, this.firstRow ?? this.#grid.length);
  }

  #ages(): readonly [number, number] {
    return windowOf(this.ages.length, AGES, this.firstAge);
  }

  #onCell(event: Event): void {
    const { row, age } = (event.currentTarget as HTMLElement).dataset;
    this.at = [Number(row), Number(age)];
  }

  /** Opens a cell by what it is known by: `2026-03/4`, and `mean/4` or `step/4` in the head, `…/size` for how many began. */
  #open(row: number, place: number): void {
    if (place === SIZE) {
      const of = row === MEAN ? "mean" : this.#grid[row]?.cohort;
      if (this.openable && of) this.dispatchEvent(new ChartOpenEvent(`${of}/size`));
      return;
    }
    const { age } = this.ages[place] ?? {};
    if (!this.openable || age === undefined) return;
    if (row < 0) {
      if (this.#figureAt(row, place))
        this.dispatchEvent(new ChartOpenEvent(`${row === MEAN ? "mean" : "step"}/${age}`));
      return;
    }
    const { cohort, cells } = this.#grid[row] ?? {};
    const cell = cells?.[age];
    if (cohort === undefined || !cell || cell.state === "unreached") return;
    this.dispatchEvent(new ChartOpenEvent(`${cohort}/${age}`));
  }

  #onCellKey(event: KeyboardEvent): void {
    if ((event.key === "Enter" || event.key === " ") && this.at) {
      event.preventDefault();
      this.#open(this.at[0], this.at[1]);
      return;
    }
    const steps: Record<string, readonly [number, number]> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      Home: [0, -this.ages.length],
      End: [0, this.ages.length],
      PageUp: [-12, 0],
      PageDown: [12, 0],
    };
    const step = steps[event.key];
    if (!step || !this.at) return;
    event.preventDefault();
    const isRightToLeft =
      getComputedStyle(this).direction === "rtl" && event.key.startsWith("Arrow");
    const [from, to] = this.#rows();
    const [youngest, oldest] = this.#ages();
    const top = 0 < this.means.length ? MEAN : from;
    // The rows in the head come right above the first one shown.
    const line = this.at[0] < 0 ? this.at[0] + from : this.at[0];
    const moved = Math.max(top < 0 ? top + from : top, Math.min(to - 1, line + step[0]));
    // Sizes stand right before the youngest age that is shown.
    const column = this.at[1] === SIZE ? youngest - 1 : this.at[1];
    const aside = column + (isRightToLeft ? -step[1] : step[1]);
    const toward = Math.max(youngest - 1, Math.min(oldest - 1, aside));
    const age = toward < youngest ? SIZE : toward;
    const reached = moved < from ? moved - from : moved;
    // Of a step there is no size.
    const row = age === SIZE && reached === STEP ? (step[0] < 0 ? MEAN : from) : reached;
    this.renderRoot.querySelector<HTMLElement>(`td[data-row="${row}"][data-age="${age}"]`)?.focus();
  }

  #readCell(): TemplateResult | string {
    if (!this.at) return "";
    const [index, place] = this.at;
    if (place === SIZE) return this.#readSize(index);
    const age = this.ages[place];
    if (!age) return "";
    if (index < 0) {
      const name = `${index === MEAN ? "Mean" : "Step to"}, ${age.name.toLowerCase()}`;
      return html`<strong>${name}</strong> ${this.#saysOfAll(this.#figureAt(index, place))}`;
    }
    const row = this.#grid[index];
    const cell = row?.cells[age.age];
    if (!row || !cell) return "";
    const name = `${this.format.period(row.cohort)}, ${age.name.toLowerCase()}`;
    return html`<strong>${name}</strong> ${this.#says(row, cell)}`;
  }

  #readSize(index: number): TemplateResult | string {
    const row = this.#grid[index];
    if (index === MEAN)
      return html`<strong>All cohorts</strong> ${this.format.counted(this.#size(), "customer")}.`;
    return row
      ? html`<strong>${this.format.period(row.cohort)}</strong> ${this.format.counted(row.size, "customer")} began.`
      : "";
  }

  #size(): number {
    return this.#grid.reduce((sum, { size }) => sum + size, 0);
  }

  #saysOfAll(figure: Figure | undefined): string {
    if (!figure) return "no cohort is known in full at this age.";
    if (figure.value === null) return `${whyWords(figure.why)}.`;
    const { start, end } = figure.inputs;
    const interval = intervalWords(figure, "share", this.format);
    const likely = interval ? ` (${interval})` : "";
    const share = `${this.format.share(figure.value)}${likely}`;
    if (end !== undefined && start !== undefined)
      return `${share}: ${this.format.count(end)} of ${this.format.counted(start, "customer")}.`;
    return start === undefined
      ? `${share}.`
      : `${share} of ${this.format.money(start)} at the first age.`;
  }

  #says(row: GridRow, cell: Cell): string {
    const isCount = this.measure === "customers";
    const amount = (value: number): string =>
      isCount ? this.format.count(value) : this.format.money(value);
    if (cell.state === "unreached" || cell.amount === null)
      return "not reached yet: it lies after the data.";
    if (cell.share === null || cell.base === null) {
      return `${amount(cell.amount)}; no share, because there was no revenue at the first age.`;
    }
    const over = cell.isPartial ? " It is not over for all, so it is left out of the mean." : "";
    const step =
      isCount && cell.step !== null
        ? ` Of those there one age before, ${this.format.share(cell.step)} stayed.`
        : "";
    const share = this.format.share(cell.share);
    const whole = isCount
      ? `${amount(cell.base)} customers${cell.reached !== null && cell.reached < row.size ? ` who have come this far, of ${this.format.count(row.size)}` : ""}`
      : `${amount(cell.base)} at the first age, ${this.format.counted(row.size, "customer")}`;
    const kept = { customers: "", revenue: "", net: "net, ", gross: "gross, " }[this.measure];
    if (this.measure === "gross") return `${share}: ${kept}of ${whole}.${over}`;
    return `${share}: ${kept}${amount(cell.amount)} of ${whole}.${step}${over}`;
  }
}
