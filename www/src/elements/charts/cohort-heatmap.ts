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
import { ChartElement, ChartOpenEvent, type ChartTable } from "./chart-element.ts";
import {
  type Cell,
  type Cohort,
  cohortGrid,
  FIRST_STRONG_SHADE,
  type GridRow,
  type Measure,
  SHADE_PERCENT,
  shadeOf,
  shadeRange,
  weightedMean,
  windowOf,
} from "./cohort-grid.ts";

const ROWS = 36;
const AGES = 48;
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
    means: { attribute: false },
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
        scroll-padding: 72px 8px 8px 116px;
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

      .heat thead tr.mean > * {
        position: sticky;
        z-index: 1;
        inset-block-start: 31px;
        border-block-end-color: var(--rc-line-strong);
        background: var(--rc-surface);
        font-weight: 600;
        color: var(--rc-text);
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
      .heat thead tr.mean > .cohort {
        z-index: 2;
      }

      .heat td.size,
      .heat th.size {
        background: var(--rc-surface);
        color: var(--rc-text-muted);
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
  /** The mean of each age as the report has it; counted here from the cells where it has none. */
  declare means: readonly (number | null)[] | null;
  declare measure: Measure;
  declare granularity: string;
  declare firstRow: number | null;
  declare firstAge: number;
  /** The cell that is being read, by row and age. */
  declare at: readonly [row: number, age: number] | null;

  #grid: readonly GridRow[] = [];
  #nAges = 0;
  #range: readonly [number, number] = [0, 1];

  constructor() {
    super();
    this.cohorts = [];
    this.means = null;
    this.measure = "customers";
    this.granularity = "month";
    this.firstRow = null;
    this.firstAge = 0;
    this.at = null;
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has("cohorts")) {
      this.firstRow = null;
      this.firstAge = 0;
    }
    if (changed.has("cohorts") || changed.has("measure")) {
      this.#grid = cohortGrid(this.cohorts, this.measure);
      this.#nAges = this.#grid[0]?.cells.length ?? 0;
      this.#range = shadeRange(this.#grid);
      this.at = null;
    }
  }

  protected override reasonForNone(): string | null {
    return this.#nAges === 0
      ? "There are no cohorts: the file has no first date per customer."
      : null;
  }

  protected override points(): [] {
    return [];
  }

  protected override footnote(): string {
    return "The stronger the colour, the larger the share. Mean: all cohorts by size, cells that are known in full.";
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
    const hasAges = AGES < this.#nAges;
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
              Ages ${this.format.count(youngest)} to ${this.format.count(oldest - 1)} of ${this.format.count(this.#nAges - 1)}
              <button type="button" ?disabled=${youngest === 0} @click=${move(0, -AGES)}>Younger</button>
              <button type="button" ?disabled=${oldest === this.#nAges} @click=${move(0, AGES)}>Older</button>
            </span>`
          : nothing
      }
    `;
  }

  protected override chartView(): TemplateResult {
    const [from, to] = this.#rows();
    const [youngest, oldest] = this.#ages();
    const ages = Array.from({ length: oldest - youngest }, (_, index) => youngest + index);
    const [atRow, atAge] = this.at ?? [from, youngest];
    const unit = this.granularity.charAt(0).toUpperCase() + this.granularity.slice(1);
    return html`
      <div class="box" part="plot" role="region" aria-label=${this.heading} tabindex="-1">
        <table class="heat" role="grid" aria-labelledby="heading" aria-describedby="subheading" @keydown=${this.#onCellKey}>
          <thead>
            <tr>
              <th scope="col" class="cohort">${unit} of start</th>
              <th scope="col" class="size">Size</th>
              ${ages.map((age) => html`<th scope="col" aria-label=${`${unit} ${age}`}>${age}</th>`)}
            </tr>
            <tr class="mean">
              <th scope="row" class="cohort">Mean</th>
              <td class="size">${this.format.compactCount(this.#grid.reduce((sum, row) => sum + row.size, 0))}</td>
              ${ages.map((age) => {
                const mean = this.#mean(age);
                return html`<td title=${mean === null ? "No cohort is known in full at this age" : nothing}>${mean === null ? "–" : this.format.share(mean)}</td>`;
              })}
            </tr>
          </thead>
          <tbody>
            ${this.#grid.slice(from, to).map((row, offset) => {
              const index = from + offset;
              return html`<tr>
                <th scope="row" class="cohort">${this.format.shortPeriod(row.cohort)}</th>
                <td class="size">${this.format.compactCount(row.size)}</td>
                ${ages.map((age) => {
                  const cell = row.cells[age];
                  if (!cell) return nothing;
                  return html`<td
                    class=${this.#classOf(cell)}
                    tabindex=${index === atRow && age === atAge ? "0" : "-1"}
                    data-row=${index}
                    data-age=${age}
                    aria-haspopup=${this.openable && cell.state !== "unreached" ? "dialog" : nothing}
                    aria-label=${cell.state === "unreached" ? "not reached yet" : nothing}
                    @focus=${this.#onCell}
                    @click=${() => this.#open(index, age)}
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

  /** Amounts in place of shares: the whole file's for saving, the window's on screen. */
  protected override table(): ChartTable {
    const isMoney = this.measure === "revenue";
    return {
      columns: [
        "Cohort",
        "Size",
        ...Array.from({ length: this.#nAges }, (_, age) => `${this.granularity} ${age}`),
      ],
      rows: this.#grid.map((row) => [
        { text: this.format.shortPeriod(row.cohort), value: row.cohort },
        { text: this.format.count(row.size), value: row.size },
        ...row.cells.map((cell) => ({
          text:
            cell.amount === null
              ? ""
              : isMoney
                ? this.format.compactMoney(cell.amount)
                : this.format.count(cell.amount),
          value: cell.amount,
        })),
      ]),
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
    const ages = Array.from({ length: oldest - youngest }, (_, index) => youngest + index);
    const full = left + ages.length * width;
    return html`
      <svg viewBox="0 0 ${full} ${(to - from + 2) * height}">
        <text x="0" y="17">Cohort</text>
        <text x=${left - 10} y="17" text-anchor="end">Size</text>
        <text x="0" y=${height + 17}>Mean</text>
        ${ages.map((age, index) => {
          const mean = this.#mean(age);
          const x = left + (index + 1) * width - 7;
          return svg`
            <text x=${x} y="17" text-anchor="end">${age}</text>
            <text x=${x} y=${height + 17} text-anchor="end">${mean === null ? "–" : this.format.share(mean)}</text>`;
        })}
        ${this.#grid.slice(from, to).map((row, offset) => {
          const top = (offset + 2) * height;
          return svg`
            <text x="0" y=${top + 17}>${this.format.shortPeriod(row.cohort)}</text>
            <text x=${left - 10} y=${top + 17} text-anchor="end">${this.format.compactCount(row.size)}</text>
            ${ages.map((age, index) => {
              const cell = row.cells[age];
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
    return cell.share === null ? "–" : this.format.share(cell.share);
  }

  #mean(age: number): number | null {
    return this.means ? (this.means[age] ?? null) : weightedMean(this.#grid, age).share;
  }

  #rows(): readonly [number, number] {
    return windowOf(this.#grid.length, ROWS, this.firstRow ?? this.#grid.length);
  }

  #ages(): readonly [number, number] {
    return windowOf(this.#nAges, AGES, this.firstAge);
  }

  #onCell(event: Event): void {
    const { row, age } = (event.currentTarget as HTMLElement).dataset;
    this.at = [Number(row), Number(age)];
  }

  /** Asks for who is behind a cell. */
  #open(row: number, age: number): void {
    const { cohort } = this.#grid[row] ?? {};
    const cell = this.#grid[row]?.cells[age];
    if (!this.openable || cohort === undefined || !cell || cell.state === "unreached") return;
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
      Home: [0, -this.#nAges],
      End: [0, this.#nAges],
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
    const row = Math.max(from, Math.min(to - 1, this.at[0] + step[0]));
    const age = Math.max(
      youngest,
      Math.min(oldest - 1, this.at[1] + (isRightToLeft ? -step[1] : step[1])),
    );
    this.renderRoot.querySelector<HTMLElement>(`td[data-row="${row}"][data-age="${age}"]`)?.focus();
  }

  #readCell(): TemplateResult | string {
    const row = this.at ? this.#grid[this.at[0]] : undefined;
    const cell = this.at ? row?.cells[this.at[1]] : undefined;
    if (!row || !cell || !this.at) return "";
    const name = `${this.format.period(row.cohort)}, ${this.granularity} ${this.at[1]}`;
    return html`<strong>${name}</strong> ${this.#says(row, cell)}`;
  }

  #says(row: GridRow, cell: Cell): string {
    const amount = (value: number): string =>
      this.measure === "customers" ? this.format.count(value) : this.format.money(value);
    if (cell.state === "unreached" || cell.amount === null)
      return "not reached yet: it lies after the data.";
    if (cell.share === null || cell.base === null) {
      return `${amount(cell.amount)}; no share, because there was no revenue at age 0.`;
    }
    const over = cell.isPartial ? " The period is not over, so this is left out of the mean." : "";
    const whole =
      this.measure === "customers"
        ? `${amount(cell.base)} customers`
        : `${amount(cell.base)} at age 0, ${this.format.counted(row.size, "customer")}`;
    return `${this.format.share(cell.share)}: ${amount(cell.amount)} of ${whole}.${over}`;
  }
}
