/**
 * What every chart has around its drawing: words, table, downloads, and reading it point by point.
 *
 * It draws no data; each chart does that in `drawing`. The points of a chart are read with the
 * pointer or, once the chart has the focus, with the arrow keys.
 */

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { controls } from "../controls.styles.ts";
import { type Format, formatFor } from "../format.ts";
import { cell } from "../text.ts";
import { WideTables, wideTablesStyles } from "../wide-tables.ts";
import { chartStyles } from "./chart.styles.ts";
import { type CsvCell, toCsv } from "./csv.ts";
import { fileNameOf, pngFile, saveFile, svgFile } from "./download.ts";

/** One place of a chart that can be read: where it is, what it is called and what it says. */
export interface ChartPoint {
  readonly x: number;
  readonly y: number;
  /** What it is called: a period, a movement, a time. */
  readonly name: string;
  /** Its numbers in full. */
  readonly says: string;
  /** What it is known by where it can be opened; what has none cannot. */
  readonly key?: string;
}

/** A point was chosen, to see what is behind it. */
export class ChartOpenEvent extends Event {
  static readonly type = "rc-chart-open";
  readonly key: string;

  constructor(key: string) {
    super(ChartOpenEvent.type);
    this.key = key;
  }
}

/** One cell of a chart's table: as it is shown, and as it is saved. */
export interface TableCell {
  readonly text: string;
  readonly value: CsvCell;
  /** Why there is no number. */
  readonly why?: string;
}

/** A chart's numbers: the first cell of each row names the row. */
export interface ChartTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly TableCell[])[];
}

/** Points that are a button each; more of them are one slider. */
const N_BUTTONS_MOST = 80;

/** A table to save, with the words of its button. */
export interface NamedTable {
  readonly name: string;
  readonly table: ChartTable;
}

/** Width that a chart is drawn at until its own is known. */
const UNMEASURED = 640;

/** The frame of a chart. */
export abstract class ChartElement extends LitElement {
  static override properties = {
    heading: {},
    subheading: {},
    format: { attribute: false },
    openable: { type: Boolean },
    width: { state: true },
    focused: { state: true },
    shown: { state: true },
  };

  static override styles = [controls, wideTablesStyles, chartStyles];

  /** What the chart shows, as a sentence: its finding. */
  declare heading: string;
  /** What is drawn, with its unit. */
  declare subheading: string;
  /** How numbers and dates are written. */
  declare format: Format;
  /** Whether its points are buttons that open what is behind them. */
  declare openable: boolean;
  /** The width of the drawing in CSS pixels. */
  declare protected width: number;
  /** The point that is being read. */
  declare protected focused: number | null;
  declare protected shown: "chart" | "table";

  #points: readonly ChartPoint[] = [];
  #observer: ResizeObserver | null = null;
  /** The point whose button is in the order of focus. */
  #stop: number | null = null;

  constructor() {
    super();
    new WideTables(this);
    this.heading = "";
    this.subheading = "";
    this.format = formatFor();
    this.openable = false;
    this.width = UNMEASURED;
    this.focused = null;
    this.shown = "chart";
  }

  /** The drawing as one `<svg>`, `this.width` wide. */
  protected abstract drawing(): TemplateResult;

  /** The same numbers as a table. */
  protected abstract table(): ChartTable;

  /** The tables that can be saved; the one of the chart, unless there is more to it. */
  protected tablesToSave(): readonly NamedTable[] {
    return [{ name: "CSV table", table: this.table() }];
  }

  /** What can be read, in the order of the arrow keys; called after the properties have changed. */
  protected abstract points(): readonly ChartPoint[];

  /** Why nothing can be drawn, if that is so. */
  protected reasonForNone(): string | null {
    return null;
  }

  /** What the reader must know to read the drawing rightly. */
  protected footnote(): string {
    return "";
  }

  /** The same for the picture that is saved, which has no key around it. */
  protected footnoteToSave(): string {
    return this.footnote();
  }

  /** What goes between the words and the drawing, such as a switch. */
  protected above(): TemplateResult | typeof nothing {
    return nothing;
  }

  /** The drawing that is saved; the one on screen, unless a chart is drawn otherwise. */
  protected drawingToSave(): SVGSVGElement | null {
    return this.renderRoot.querySelector<SVGSVGElement>(".plot svg");
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry?.contentRect.width ?? 0);
      if (0 < width && width !== this.width) this.width = width;
    });
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    this.#observer?.disconnect();
    this.#observer = null;
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const reason = this.reasonForNone();
    this.#points = reason === null ? this.points() : [];
    if (this.focused !== null && this.#points.length <= this.focused) this.focused = null;
    return html`
      <figure aria-labelledby="heading" aria-describedby="subheading">
        <figcaption>
          <h3 id="heading">${this.heading}</h3>
          <p id="subheading" class="subheading">${this.subheading}</p>
        </figcaption>
        ${reason === null ? this.#tools() : nothing}
        ${reason === null ? this.#body() : html`<p class="none">${reason}</p>`}
      </figure>
    `;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (this.#hasButtons()) this.#placeButtons();
    // What another chart or view says about a point must not outlive its numbers.
    const isForeign = [...changed.keys()].some(
      (name) => !["width", "focused", "shown"].includes(name as string),
    );
    if (isForeign && this.focused !== null && changed.get("heading") !== undefined)
      this.focused = null;
  }

  /** The table and the drawing in one element each, of which one is shown. */
  #body(): TemplateResult {
    return html`
      <div class="body">
        ${this.above()}
        ${this.shown === "table" ? this.tableView() : this.chartView()}
      </div>
      ${this.shown === "chart" && 0 < this.#points.length ? this.#readout() : nothing}
      ${this.footnote() ? html`<p class="footnote">${this.footnote()}</p>` : nothing}
    `;
  }

  /** The drawing on screen, with what reads it. */
  protected chartView(): TemplateResult {
    return html`<div class="plot" part="plot">${this.drawing()}${this.#cursor()}</div>`;
  }

  #tools(): TemplateResult {
    const isTable = this.shown === "table";
    return html`
      <div class="tools">
        <button type="button" aria-pressed=${isTable ? "true" : "false"} @click=${this.#toggle}>
          Table
        </button>
        <details class="menu" @focusout=${this.#closeOnLeave} @keydown=${this.#closeOnEscape}>
          <summary>Download</summary>
          <div>
            ${
              this.canSaveDrawing()
                ? html`
                  <button type="button" @click=${() => this.save("png")}>PNG picture</button>
                  <button type="button" @click=${() => this.save("svg")}>SVG drawing</button>`
                : nothing
            }
            ${this.tablesToSave().map(
              ({ name }, place) =>
                html`<button type="button" @click=${() => this.save("csv", place)}>${name}</button>`,
            )}
          </div>
        </details>
      </div>
    `;
  }

  /** Whether there is a drawing to save just now. */
  protected canSaveDrawing(): boolean {
    return this.shown === "chart";
  }

  #cursor(): TemplateResult | typeof nothing {
    const last = this.#points.length - 1;
    if (last < 0) return nothing;
    if (this.#hasButtons()) return this.#buttons();
    const at = this.focused ?? last;
    return html`
      <div
        class="cursor"
        role="slider"
        tabindex="0"
        aria-label=${`Points of the chart: ${this.heading}`}
        aria-orientation="horizontal"
        aria-valuemin="0"
        aria-valuemax=${last}
        aria-valuenow=${at}
        aria-valuetext=${this.#points[at]?.name ?? ""}
        @keydown=${this.#onKey}
        @pointermove=${this.#onPointer}
        @pointerdown=${this.#onPointer}
        @click=${this.#openFocused}
        @pointerleave=${this.#onLeave}
        @blur=${this.#onLeave}
        @focus=${this.#onFocus}
      ></div>
    `;
  }

  /** Whether each point is a button: too many of them are read, and opened, by one slider. */
  #hasButtons(): boolean {
    return this.openable && this.#points.length <= N_BUTTONS_MOST;
  }

  #openFocused(): void {
    const point = this.focused === null ? undefined : this.#points[this.focused];
    if (this.openable && point?.key !== undefined) {
      this.dispatchEvent(new ChartOpenEvent(point.key));
    }
  }

  /** A button over each point: one stop in the order of focus, arrows between them. */
  #buttons(): TemplateResult {
    const stop = Math.min(this.#stop ?? this.#points.length - 1, this.#points.length - 1);
    return html`
      <div class="cursor" role="group" aria-label=${`Points of the chart: ${this.heading}`} @keydown=${this.#onButtonKey} @pointerleave=${this.#onLeave}>
        ${this.#points.map(
          ({ key, name, says }, index) => html`<button
            type="button"
            class="hit"
            aria-label=${`${cell(name)}: ${says}`}
            aria-haspopup="dialog"
            aria-disabled=${key === undefined ? "true" : nothing}
            tabindex=${index === stop ? "0" : "-1"}
            @focus=${() => this.#stopAt(index)}
            @blur=${this.#onLeave}
            @pointerenter=${() => {
              this.focused = index;
            }}
            @click=${() => {
              if (key !== undefined) this.dispatchEvent(new ChartOpenEvent(key));
            }}
          ></button>`,
        )}
      </div>
    `;
  }

  #stopAt(index: number): void {
    this.#stop = index;
    this.focused = index;
    this.requestUpdate();
  }

  #onButtonKey(event: KeyboardEvent): void {
    const to = this.#target(event, this.#stop ?? this.#points.length - 1);
    if (to === undefined) return;
    event.preventDefault();
    this.renderRoot.querySelectorAll<HTMLElement>(".hit")[to]?.focus();
  }

  /** Puts each button over its point: halfway to its neighbours. */
  #placeButtons(): void {
    const isAcross = this.readsBy === "x";
    const at = this.#points.map(({ x, y }) => (isAcross ? x : y));
    const between = (a = 0, b = a): number => (a + b) / 2;
    this.renderRoot.querySelectorAll<HTMLElement>(".hit").forEach((button, index) => {
      const [before, own = 0, after] = [at[index - 1], at[index], at[index + 1]];
      const half =
        between(
          Math.abs(own - (before ?? after ?? own)),
          Math.abs((after ?? before ?? own) - own),
        ) / 2;
      const from = before === undefined ? own - half : between(before, own);
      const until = after === undefined ? own + half : between(own, after);
      const { style } = button;
      // Set as properties: a style attribute would be against the policy of the page.
      if (isAcross) {
        // Points at the edge have as much room as there is.
        const [left, right] = [Math.max(0, from), Math.min(this.width, until)];
        style.left = `${(left / this.width) * 100}%`;
        style.width = `${((right - left) / this.width) * 100}%`;
        style.top = "0";
        style.height = "100%";
      } else {
        style.left = "0";
        style.width = "100%";
        style.top = `${from}px`;
        style.height = `${until - from}px`;
      }
    });
  }

  #readout(): TemplateResult {
    const point = this.focused === null ? null : this.#points[this.focused];
    // What a button says already is not said twice.
    return html`<output class="readout" aria-live=${this.#hasButtons() ? "off" : "polite"}>${
      point
        ? html`<strong>${cell(point.name)}</strong> ${whole(point.says)}`
        : whole(this.restingReadout())
    }</output>`;
  }

  /** What the line under the drawing says while nothing is being read. */
  protected restingReadout(): string {
    return "";
  }

  /** The chart's numbers as a native table. */
  protected tableView(): TemplateResult {
    return this.nativeTable(this.table());
  }

  /** A table with its first column as the names of the rows. */
  protected nativeTable({ columns, rows }: ChartTable): TemplateResult {
    return html`
      <div class="table-box" tabindex="0" role="region" aria-label=${`Table: ${this.heading}`}>
        <table>
          <caption class="visually-hidden">${this.heading} ${this.subheading}</caption>
          <thead>
            <tr>
              ${columns.map((name, index) => html`<th scope="col" class=${index === 0 ? "" : "number"}>${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              (row) => html`<tr>
                ${row.map((one, index) =>
                  index === 0
                    ? html`<th scope="row" title=${one.text}><bdi>${cell(one.text)}</bdi></th>`
                    : html`<td class="number" title=${one.why ?? nothing}>${
                        one.why ? html`<span aria-label=${one.why}>${one.text}</span>` : one.text
                      }</td>`,
                )}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    `;
  }

  /** Saves the drawing or the table as a file. */
  async save(kind: "png" | "svg" | "csv", place = 0): Promise<void> {
    this.renderRoot.querySelector<HTMLDetailsElement>("details.menu")?.removeAttribute("open");
    const name = fileNameOf(this.heading, kind);
    if (kind === "csv") {
      const { columns, rows } = this.tablesToSave()[place]?.table ?? this.table();
      const text = toCsv(
        columns,
        rows.map((row) => row.map((one) => one.value)),
      );
      saveFile(new Blob([text], { type: "text/csv;charset=utf-8" }), name);
      return;
    }
    this.focused = null;
    await this.updateComplete;
    const svg = this.drawingToSave();
    if (!svg) return;
    const words = {
      heading: this.heading,
      subheading: this.subheading,
      footnote: this.footnoteToSave(),
    };
    saveFile(kind === "svg" ? svgFile(svg, words) : await pngFile(svg, words), name);
  }

  #toggle(): void {
    this.shown = this.shown === "table" ? "chart" : "table";
    this.focused = null;
  }

  #closeOnLeave(event: FocusEvent): void {
    const menu = event.currentTarget as HTMLDetailsElement;
    if (!menu.contains(event.relatedTarget as Node | null)) menu.open = false;
  }

  #closeOnEscape(event: KeyboardEvent): void {
    const menu = event.currentTarget as HTMLDetailsElement;
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }

  #onFocus(): void {
    // A pointer that presses chooses its own point.
    if (this.focused === null && this.renderRoot.querySelector(".cursor:focus-visible")) {
      this.focused = this.#points.length - 1;
    }
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === "Enter" && this.openable) {
      event.preventDefault();
      this.#openFocused();
      return;
    }
    const target = this.#target(event, this.focused ?? this.#points.length - 1);
    if (target === undefined) return;
    event.preventDefault();
    this.focused = target;
  }

  /** The point that a key leads to. */
  #target(event: KeyboardEvent, at: number): number | undefined {
    const last = this.#points.length - 1;
    const page = Math.max(2, Math.round(last / 8));
    const to: Record<string, number> = {
      ArrowLeft: at - 1,
      ArrowDown: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at + 1,
      PageDown: at - page,
      PageUp: at + page,
      Home: 0,
      End: last,
    };
    const target = to[event.key];
    return target === undefined ? undefined : Math.max(0, Math.min(last, target));
  }

  #onPointer(event: PointerEvent): void {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    if (box.width === 0) return;
    const x = ((event.clientX - box.left) / box.width) * this.width;
    const y = event.clientY - box.top;
    let nearest: number | null = null;
    let least = Infinity;
    this.#points.forEach((point, index) => {
      const distance = this.readsBy === "x" ? Math.abs(point.x - x) : Math.abs(point.y - y);
      if (distance < least) {
        least = distance;
        nearest = index;
      }
    });
    this.focused = nearest;
  }

  /** The direction in which points are told apart. */
  protected get readsBy(): "x" | "y" {
    return "x";
  }

  #onLeave(): void {
    if (this.renderRoot.querySelector(".cursor:focus-visible, .hit:focus-visible")) return;
    this.focused = null;
  }
}

/** The parts of a line, none of which is broken as long as it fits: a minus stays with its number. */
function whole(says: string): TemplateResult[] {
  return says.split(/(?<=[,;:]) /).map((part) => html`<span>${part}</span> `);
}

declare global {
  interface HTMLElementEventMap {
    "rc-chart-open": ChartOpenEvent;
  }
}
