/**
 * `<rc-customer-history>`: one customer: what it paid when, drawn and listed.
 *
 * It computes nothing; drawing is all the arithmetic there is.
 */

import { scaleLinear } from "d3-scale";
import {
  css,
  html,
  LitElement,
  nothing,
  type PropertyValues,
  type SVGTemplateResult,
  svg,
  type TemplateResult,
} from "lit";
import type { CustomerHistory } from "../../engine/core.ts";
import { axisFromZero } from "../charts/domain.ts";
import { controls } from "../controls.styles.ts";
import { type Format, formatFor } from "../format.ts";
import { cell, visible } from "../text.ts";
import { WideTables, wideTablesStyles } from "../wide-tables.ts";
import type { CustomerSource } from "./behind.ts";
import { timeWords } from "./findings.ts";
import { Latest } from "./latest.ts";

const HEIGHT = 150;
const LEFT = 64;
const UNMEASURED = 460;
const MS_PER_DAY = 86_400_000;

/** Entries that are listed before the rest is asked for. */
const N_ENTRIES = 24;

/** The reader wants the list again. */
export class BackEvent extends Event {
  static readonly type = "rc-back";

  constructor() {
    super(BackEvent.type, { bubbles: true });
  }
}

/** One place of the drawing: a day and what was paid. */
interface Point {
  readonly day: number;
  readonly amount: number;
}

/** One customer's history. */
export class CustomerHistoryElement extends LitElement {
  static override properties = {
    engine: { attribute: false },
    format: { attribute: false },
    edition: { attribute: false },
    customer: {},
    history: { state: true },
    problem: { state: true },
    width: { state: true },
    isWhole: { state: true },
  };

  static override styles = [
    controls,
    wideTablesStyles,
    css`
      .all {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--rc-space-2);
      }

      h3 {
        font-size: var(--rc-text-l);
        overflow-wrap: anywhere;
      }

      header {
        display: grid;
        justify-items: start;
        gap: var(--rc-space-1);
      }

      svg {
        display: block;
        inline-size: 100%;
        block-size: auto;
        font-size: 12px;
        font-variant-numeric: tabular-nums;
        direction: ltr;
      }

      svg text {
        fill: var(--rc-text-muted);
      }

      .grid {
        stroke: var(--rc-line);
        shape-rendering: crispEdges;
      }

      .axis {
        stroke: var(--rc-line-strong);
        shape-rendering: crispEdges;
      }

      .level {
        fill: none;
        stroke: var(--rc-accent);
        stroke-width: 2;
      }

      .paid {
        fill: var(--rc-accent);
      }

      .refund {
        fill: var(--rc-loss);
      }

      .scroll {
        max-block-size: 22rem;
        overflow-y: auto;
        border-block: 1px solid var(--rc-line);
      }

      th,
      td {
        padding: 6px 12px;
      }

      .problem {
        color: var(--rc-error-text);
      }
    `,
  ];

  declare engine: CustomerSource | null;
  declare format: Format;
  /** What changes when the same customer has another history: the report. */
  declare edition: unknown;
  declare customer: string;
  declare protected history: CustomerHistory | null;
  declare protected problem: string;
  declare protected width: number;
  declare protected isWhole: boolean;

  readonly #latest = new Latest();
  #observer: ResizeObserver | null = null;

  constructor() {
    super();
    new WideTables(this);
    this.engine = null;
    this.format = formatFor();
    this.edition = null;
    this.customer = "";
    this.history = null;
    this.problem = "";
    this.width = UNMEASURED;
    this.isWhole = false;
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

  /** Puts the focus where the history begins. */
  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector("button")?.focus(options);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!["customer", "engine", "edition"].some((name) => changed.has(name))) return;
    this.history = null;
    this.isWhole = false;
    void this.#load();
  }

  async #load(): Promise<void> {
    const { engine, customer } = this;
    this.#latest.drop();
    if (!engine) return;
    const answered = await this.#latest.ask(() => engine.customer(customer));
    if (answered === null) return;
    if (answered.answer !== null) this.history = answered.answer;
    this.problem = answered.failure;
  }

  protected override render(): TemplateResult {
    const { history } = this;
    return html`
      <div class="all">
        <header>
          <button type="button" @click=${() => this.dispatchEvent(new BackEvent())}>Back to the list</button>
          <h3 title=${visible(this.customer.slice(0, 400))}><bdi>${cell(this.customer)}</bdi></h3>
          ${history ? html`<p class="small muted">${this.#inWords(history)}</p>` : nothing}
        </header>
        ${
          this.problem
            ? html`<p class="problem" role="alert">${this.problem}</p>`
            : history
              ? html`${this.#drawing(history)}${this.#entries(history)}`
              : html`<p class="muted">Looking it up…</p>`
        }
      </div>
    `;
  }

  #inWords({ row, lifetimeUnit, asOf }: CustomerHistory): string {
    const { format } = this;
    const long = timeWords(row.lifetime, lifetimeUnit, format);
    if (row.firstDay === null) {
      return `Customer for ${long}, ${row.movement === "lost" ? "has left" : "still there"}.`;
    }
    const first = format.date(row.firstDay);
    if (row.purchases !== null) {
      const paid = row.paid === null ? "" : `, ${format.money(row.paid)} in all`;
      const last =
        row.lastDay === null || row.purchases < 2 ? "" : `, last on ${format.date(row.lastDay)}`;
      return `First on ${first}${last}; ${format.counted(row.purchases, "purchase")}${paid}.`;
    }
    if (row.lastDay !== null) {
      return `From ${first} to ${format.date(row.lastDay)}, ${long}.`;
    }
    const until = asOf === null ? "" : ` on ${format.date(asOf)}`;
    const now = row.now === null ? "" : `, now ${format.money(row.now)} a month`;
    return `Since ${first}, ${long}; still active${until}${now}.`;
  }

  #points({ levels, purchases }: CustomerHistory): Point[] {
    const all = [
      ...levels.map(({ day, monthly }) => ({ day, amount: monthly })),
      ...purchases.map(({ day, amount }) => ({ day, amount })),
    ];
    return all.flatMap(({ day, amount }) =>
      amount === null ? [] : [{ day: Date.parse(day) / MS_PER_DAY, amount }],
    );
  }

  #drawing(history: CustomerHistory): TemplateResult | typeof nothing {
    const points = this.#points(history);
    const [first, last] = [points[0], points.at(-1)];
    if (!first || !last || history.asOf === null || history.row.firstDay === null) return nothing;
    const isLevels = history.purchases.length === 0;
    const until = Math.max(last.day + 1, Date.parse(history.asOf) / MS_PER_DAY);
    const axis = axisFromZero(
      points.map(({ amount }) => amount),
      3,
    );
    const x = scaleLinear([first.day, until], [LEFT, this.width - 4]);
    const y = scaleLinear([axis.low, axis.high], [HEIGHT - 24, 10]);
    const what = isLevels ? "Revenue per month over time" : "Orders over time";
    const iso = (day: number): string => new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
    return html`
      <svg viewBox="0 0 ${this.width} ${HEIGHT}" role="img" aria-label=${`${what}, ${this.format.date(iso(first.day))} to ${this.format.date(iso(until))}; the table below has the same numbers.`}>
        ${axis.ticks.map(
          (tick) => svg`
            <line class=${tick === 0 ? "axis" : "grid"} x1=${LEFT} x2=${this.width} y1=${y(tick)} y2=${y(tick)} />
            <text x=${LEFT - 8} y=${y(tick) + 4} text-anchor="end">${this.format.axisMoney(tick)}</text>`,
        )}
        ${isLevels ? this.#steps(points, until, x, y) : points.map((point) => this.#bar(point, x, y))}
        <text x=${LEFT} y=${HEIGHT - 4}>${this.format.date(iso(first.day))}</text>
        <text x=${this.width - 4} y=${HEIGHT - 4} text-anchor="end">${this.format.date(iso(until))}</text>
      </svg>
    `;
  }

  #steps(
    points: readonly Point[],
    until: number,
    x: (day: number) => number,
    y: (amount: number) => number,
  ): SVGTemplateResult {
    const path = points.map(({ day, amount }, index) =>
      index === 0 ? `M${x(day)},${y(0)}V${y(amount)}` : `H${x(day)}V${y(amount)}`,
    );
    return svg`<path class="level" d=${`${path.join("")}H${x(until)}`} />`;
  }

  #bar(
    { day, amount }: Point,
    x: (day: number) => number,
    y: (amount: number) => number,
  ): SVGTemplateResult {
    const [top, bottom] = [Math.min(y(amount), y(0)), Math.max(y(amount), y(0))];
    return svg`<rect class=${amount < 0 ? "refund" : "paid"} x=${x(day) - 1.5} width="3" y=${top} height=${Math.max(1, bottom - top)} />`;
  }

  #entries(history: CustomerHistory): TemplateResult | typeof nothing {
    const { format } = this;
    const { heads, rows } =
      0 < history.purchases.length ? this.#orderRows(history) : this.#spellRows(history);
    if (rows.length === 0) return nothing;
    const shown = this.isWhole ? rows : rows.slice(0, N_ENTRIES);
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label="What was paid when, newest first">
        <table class="stacks">
          <thead>
            <tr>${heads.map(({ head, isNumber }) => html`<th scope="col" class=${isNumber ? "number" : ""}>${head}</th>`)}</tr>
          </thead>
          <tbody>
            ${shown.map((row) => html`<tr>${row.map((text, index) => html`<td class=${heads[index]?.isNumber ? "number" : ""}><bdi>${text}</bdi></td>`)}</tr>`)}
          </tbody>
        </table>
      </div>
      ${
        shown.length < rows.length
          ? html`<p><button type="button" @click=${() => {
              this.isWhole = true;
            }}>Show all ${format.counted(rows.length, "entry", "entries")}</button></p>`
          : nothing
      }
      ${0 < history.leftOut ? html`<p class="small muted">${format.counted(history.leftOut, "earlier entry", "earlier entries")} not shown.</p>` : nothing}
    `;
  }

  #orderRows({ purchases }: CustomerHistory): { heads: Head[]; rows: string[][] } {
    const { format } = this;
    const hasMoney = purchases.some(({ amount }) => amount !== null);
    const heads = [{ head: "Day", isNumber: false }];
    if (hasMoney) heads.push({ head: "Amount", isNumber: true });
    const rows = purchases.map(({ day, amount }) => [
      format.date(day),
      ...(hasMoney ? [amount === null ? "–" : format.money(amount)] : []),
    ]);
    return { heads, rows: rows.reverse() };
  }

  #spellRows({ spells }: CustomerHistory): { heads: Head[]; rows: string[][] } {
    const { format } = this;
    type Spell = (typeof spells)[number];
    const all: (Head & { text(spell: Spell): string | null })[] = [
      { head: "From", isNumber: false, text: ({ start }) => start && format.date(start) },
      { head: "Until", isNumber: false, text: ({ end }) => end && format.date(end) },
      {
        head: "A month",
        isNumber: true,
        text: ({ monthly }) => (monthly === null ? null : format.money(monthly)),
      },
      { head: "Segment", isNumber: false, text: ({ segment }) => segment && cell(segment) },
      { head: "Reason", isNumber: false, text: ({ reason }) => reason && cell(reason) },
      { head: "Renews", isNumber: false, text: ({ renewal }) => renewal && format.date(renewal) },
    ];
    const heads = all.filter(({ text }) => spells.some((spell) => text(spell)));
    const rows = spells.map((spell) => heads.map(({ text }) => text(spell) ?? "–"));
    return { heads, rows: rows.reverse() };
  }
}

interface Head {
  readonly head: string;
  readonly isNumber: boolean;
}

declare global {
  interface HTMLElementEventMap {
    "rc-back": BackEvent;
  }
}
