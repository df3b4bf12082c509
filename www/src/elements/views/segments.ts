/**
 * `<rc-segments>`: how customers of different kinds behave, what their mix did to the whole, and how
 * much hangs on few of them.
 *
 * It computes no figure. Other columns are asked of `<retention-calculator>`.
 */

import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type {
  ConcentrationReport,
  Figure,
  MixReport,
  PeriodReport,
  RateChangeReport,
  Report,
  Segment,
  Segmentation,
  SegmentEffectReport,
} from "../../engine/core.ts";
import type { Format } from "../format.ts";
import { OptionsEvent } from "../inward-events.ts";
import { cell, quoting } from "../text.ts";
import { capitalised } from "../words.ts";
import {
  type CustomerGroup,
  groupOfAll,
  groupsOfRate,
  groupsOfSegment,
  segmentGroups,
} from "./behind.ts";
import { choiceOf } from "./choice.ts";
import type { Derived } from "./derivation.ts";
import { derivedAmount, derivedMovement, derivedPeriod } from "./derived-amounts.ts";
import { derivedEffect, type Effect } from "./derived-effect.ts";
import { intervalWords, kindOf, reasonSentence, valueWords } from "./figure-words.ts";
import type { RateField } from "./headline.ts";
import { isWholeFile } from "./period-choice.ts";
import { amountsOf, type Counted } from "./period-movements.ts";
import { ReportView } from "./report-view.ts";
import {
  columnsWords,
  concentrationBasis,
  MIX_RATES,
  type MixRate,
  mixExplained,
  mixFinding,
  type OpeningPiece,
  openingWords,
  segmentName,
  segmentParts,
  spanWords,
} from "./segment-words.ts";
import { wideTableStyles } from "./wide-table.styles.ts";

/** How many segments are shown before the rest is asked for. */
const N_ROWS = 20;
/** An effect below it is 0.0 percentage points in words. */
const SEEN = 0.0005;
/** How many columns can be chosen together here. */
const N_SELECTS = 3;

/** The rates of the table, each with its interval. */
const RATES: readonly { field: RateField; name: string }[] = [
  { field: "customerRetentionRate", name: "Customer retention" },
  { field: "grossRevenueRetention", name: "Gross revenue retention" },
  { field: "netRevenueRetention", name: "Net revenue retention" },
];

/** Figures of a segment that belong to the end of the latest period. */
const FIGURES = [
  ["customerShare", "Share of customers"],
  ["revenueShare", "Share of revenue"],
  ["averageRevenue", "Revenue per customer"],
  ["lifetimeValue", "Lifetime value"],
] as const;

type Span = "latest" | "year";

/** The rates whose change is taken apart, by their field of a period. */
const RATE_OF_MIX: Readonly<Record<MixRate, RateField>> = {
  customerRetention: "customerRetentionRate",
  grossRetention: "grossRevenueRetention",
  netRetention: "netRevenueRetention",
};

/** Segments of a report. */
export class SegmentsElement extends ReportView {
  static override properties = {
    busy: { type: Boolean },
    span: { state: true },
    mixRate: { state: true },
    isWhole: { state: true },
    sought: { state: true },
  };

  static override styles = [
    super.styles,
    wideTableStyles,
    css`
      .choice {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: var(--rc-space-1) var(--rc-space-2);
      }

      .choice > div {
        min-inline-size: min(14rem, 100%);
        max-inline-size: 20rem;
      }

      .box thead th.number {
        max-inline-size: 8.5em;
        white-space: normal;
      }

      .box .name {
        max-inline-size: min(16rem, 38vw);
        font-weight: var(--rc-weight-strong);
        overflow-wrap: anywhere;
      }

      .name > bdi {
        display: -webkit-box;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 2;
        overflow: hidden;
      }

      .blank {
        font-style: italic;
        font-weight: 400;
        color: var(--rc-text-muted);
      }

      td.number .under {
        display: block;
        color: var(--rc-text-muted);
      }

      td rc-interval-bar {
        inline-size: 88px;
        margin-inline-start: auto;
      }

      .box button.segment {
        justify-content: flex-start;
        max-inline-size: 100%;
        text-align: start;
        white-space: normal;
        color: var(--rc-accent);
        text-decoration: underline;
        text-decoration-thickness: 1px;
        text-underline-offset: 0.2em;
      }

      tr.total > * {
        border-block-start: 1px solid var(--rc-line-strong);
        font-weight: var(--rc-weight-strong);
      }

      .search {
        max-inline-size: 20rem;
      }

      @media print {
        .choice,
        .search {
          display: none;
        }
      }
    `,
  ];

  /** Whether other options are being applied. */
  declare busy: boolean;
  declare protected span: Span;
  declare protected mixRate: MixRate | null;
  declare protected isWhole: boolean;
  declare protected sought: string;

  constructor() {
    super();
    this.busy = false;
    this.span = "latest";
    this.mixRate = null;
    this.isWhole = false;
    this.sought = "";
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("report")) return;
    const before = changed.get("report") as Report | null | undefined;
    const columns = ({ segmentation }: Report): string => JSON.stringify(segmentation?.columns);
    if (before && this.report && columns(before) === columns(this.report)) return;
    this.isWhole = false;
    this.sought = "";
  }

  override render(): TemplateResult | typeof nothing {
    const { report } = this;
    if (!report) return nothing;
    const { segmentation, concentration } = report;
    const format = this.format;
    return html`
      <div class="view">
        ${segmentation ? this.#segments(report, segmentation, format) : nothing}
        ${segmentation ? this.#mix(report, segmentation, format) : nothing}
        ${concentration ? this.#concentration(concentration, format) : nothing}
      </div>
      ${this.panel()}
    `;
  }

  #segments(report: Report, segmentation: Segmentation, format: Format): TemplateResult {
    const segments = report.segments ?? [];
    const opening = openingWords(report, format);
    const hasYear = segments.some(({ trailingYear }) => trailingYear);
    return html`
      <section>
        <h2 class="visually-hidden">Segments</h2>
        ${opening.length === 0 ? nothing : html`<p class="lede">${opening.map((piece) => this.#piece(report, piece, format))}</p>`}
        ${segmentation.notes.map((note) => html`<p class="aside">${quoting(note.message)}</p>`)}
        ${this.#choice(segmentation)}
        ${
          segments.length === 0
            ? html`<p>${segmentation.candidates.length === 0 ? "No column of the file can tell customers apart: each has one value only, or too many." : "Choose a column to compare its values."}</p>`
            : html`
              <div class="toolbar">
                ${hasYear ? this.#spanSwitch(segments, format) : nothing}
                ${N_ROWS < segments.length ? this.#search(segments.length, format) : nothing}
              </div>
              ${this.#table(report, segmentation, segments, format)}
            `
        }
      </section>
    `;
  }

  /** A piece of the opening; an amount is the button that opens to what moved it. */
  #piece(report: Report, { text, segment }: OpeningPiece, format: Format): TemplateResult | string {
    if (segment === undefined) return text;
    const all = report.segments?.[0]?.latest.period;
    const period = segment?.latest ?? report.periods.find(({ period }) => period === all);
    if (!period) return text;
    const counted = period.revenue ? "money" : "customers";
    const open = (): void =>
      this.show(derivedPeriod(report, period, counted, format, segment ?? undefined));
    return html`<button type="button" class="worked" aria-haspopup="dialog" @click=${open}>${text}</button>`;
  }

  /** A select for each chosen column, and one more for a further one. */
  #choice({ columns, candidates }: Segmentation): TemplateResult | typeof nothing {
    if (candidates.length === 0) return nothing;
    const n = Math.min(N_SELECTS, candidates.length, Math.max(1, columns.length + 1));
    const places = Array.from({ length: Math.max(n, columns.length) }, (_, place) => place);
    return html`
      <div class="choice">
        ${places.map((place) => {
          const chosen = columns[place] ?? "";
          const others = columns.filter((_, other) => other !== place);
          return html`<div>
            <label for="by-${place}">${place === 0 ? "Compare by" : "and by"}</label>
            <select
              id="by-${place}"
              ?disabled=${this.busy}
              @change=${(event: Event) => this.#choose(place, (event.target as HTMLSelectElement).value)}
            >
              ${place === 0 && chosen !== "" ? nothing : html`<option value="" ?selected=${chosen === ""}>${place === 0 ? "Choose a column" : "nothing else"}</option>`}
              ${candidates
                .filter(({ column }) => !others.includes(column))
                .map(
                  ({ column, values }) =>
                    html`<option value=${column} ?selected=${column === chosen}>${cell(column)} (${this.format.counted(values, "value")})</option>`,
                )}
            </select>
          </div>`;
        })}
      </div>
    `;
  }

  #choose(place: number, column: string): void {
    const columns = [...(this.report?.segmentation?.columns ?? [])];
    if (column === "") columns.splice(place);
    else columns[place] = column;
    const [only, ...others] = columns;
    this.dispatchEvent(
      new OptionsEvent(
        others.length === 0
          ? { segmentBy: only, segmentsBy: undefined }
          : { segmentBy: undefined, segmentsBy: columns },
      ),
    );
  }

  #spanSwitch(segments: readonly Segment[], format: Format): TemplateResult {
    const [first] = segments;
    const options: readonly (readonly [Span, string])[] = [
      ["latest", first ? spanWords(first.latest.period, format) : ""],
      ["year", "Twelve months"],
    ];
    return choiceOf("Rates of", "span", this.span, options, (value) => {
      this.span = value;
    });
  }

  #search(n: number, format: Format): TemplateResult {
    return html`<div class="search">
      <label for="sought">Search ${format.counted(n, "segment")}</label>
      <input id="sought" type="search" .value=${this.sought} @input=${(event: Event) => {
        this.sought = (event.target as HTMLInputElement).value;
      }} />
    </div>`;
  }

  #table(
    report: Report,
    segmentation: Segmentation,
    segments: readonly Segment[],
    format: Format,
  ): TemplateResult {
    const { pooled, columns } = segmentation;
    const sought = this.sought.trim().toLowerCase();
    const matching =
      sought === ""
        ? segments
        : segments.filter((one) =>
            segmentParts(one, format, pooled).some((part) => part.toLowerCase().includes(sought)),
          );
    const shown = this.isWhole ? matching : matching.slice(0, N_ROWS);
    const hasRevenue = segments.some(({ latest }) => latest.revenue);
    const rates = RATES.filter(({ field }) => hasRevenue || field === "customerRetentionRate");
    const periodOf = (one: Segment): PeriodReport =>
      (this.span === "year" ? one.trailingYear : null) ?? one.latest;
    const scales = rates.map(({ field }) => scaleOf(shown.map((one) => periodOf(one)[field])));
    const heading = columnsWords(columns, format);
    return html`
      <div class="box" tabindex="0" role="region" aria-label="Segments by money">
        <table>
          <caption class="visually-hidden">Segments by ${heading}, most revenue first</caption>
          <thead>
            <tr>
              <th scope="col" class="name"><bdi>${columns.map(cell).join(" · ")}</bdi></th>
              <th scope="col" class="number">Customers</th>
              ${hasRevenue ? html`<th scope="col" class="number">Revenue</th><th scope="col" class="number">Change</th>` : nothing}
              ${rates.map(({ name }) => html`<th scope="col" class="number">${name}</th>`)}
              ${hasRevenue ? html`<th scope="col" class="number">Per customer</th><th scope="col" class="number">Lifetime value</th>` : nothing}
            </tr>
          </thead>
          <tbody>
            ${shown.map((one) => {
              const period = periodOf(one);
              const of = `${segmentName(one, format, pooled)}, ${this.#periodName(period, format)}`;
              const atEnd = `${segmentName(one, format, pooled)}, ${this.#periodName(one.latest, format)}`;
              return html`<tr>
                <th scope="row" class="name"><button type="button" class="segment" aria-haspopup="dialog" @click=${() => this.show(derivedPeriod(report, one.latest, hasRevenue ? "money" : "customers", format, one))}>${this.#name(one, format, pooled)}</button></th>
                <td class="number">${this.#amount(one, "customers", format)}<span class="under">${this.#figure(one, "customerShare", atEnd, format)}</span></td>
                ${
                  hasRevenue
                    ? html`
                      <td class="number">${this.#amount(one, "money", format)}<span class="under">${this.#figure(one, "revenueShare", atEnd, format)}</span></td>
                      <td class="number ${(one.change ?? 0) < 0 ? "worse" : 0 < (one.change ?? 0) ? "better" : ""}">${this.#change(one, format)}</td>`
                    : nothing
                }
                ${rates.map(({ field, name }, place) => this.#rate(one, columns, period, field, name, of, scales[place], format))}
                ${
                  hasRevenue
                    ? html`
                      <td class="number">${this.#figure(one, "averageRevenue", atEnd, format)}</td>
                      <td class="number">${this.#figure(one, "lifetimeValue", atEnd, format)}</td>`
                    : nothing
                }
              </tr>`;
            })}
          </tbody>
        </table>
      </div>
      ${matching.length === 0 ? html`<p>No segment has “${cell(this.sought)}” in its name.</p>` : nothing}
      ${
        shown.length < matching.length
          ? html`<p><button type="button" @click=${() => {
              this.isWhole = true;
            }}>Show all ${format.counted(matching.length, "segment")}</button></p>`
          : nothing
      }
      <p class="aside">${this.#footnote(report, segmentation, hasRevenue, format)}</p>
    `;
  }

  #footnote(report: Report, found: Segmentation, hasRevenue: boolean, format: Format): string {
    const isOrders = report.input.shape === "transactions";
    const who = isOrders
      ? "A customer is in the segment of its first purchase."
      : report.input.shape === "accounts"
        ? ""
        : "A customer counts in the segment that it started the period in, so one who moves to another plan stays in the one it came from.";
    const n = report.segments?.length ?? 0;
    const some =
      hasRevenue && found.withIntervals < n
        ? ` Intervals of revenue are drawn for the ${format.count(found.withIntervals)} largest segments, and approximate for the others.`
        : "";
    const rest =
      found.pooled === 0
        ? ""
        : ` The ${format.count(found.pooled)} smallest segments are counted as one.`;
    return `${who} The bars show where each rate likely lies.${some}${rest}`.trim();
  }

  #periodName(period: PeriodReport, format: Format): string {
    return isWholeFile(period) ? "whole file" : spanWords(period.period, format);
  }

  #name(segment: Segment, format: Format, pooled: number): TemplateResult {
    const parts = segmentParts(segment, format, pooled);
    const isBlank = (place: number): boolean =>
      segment.values.length === 0 || segment.values[place] === "";
    return html`<bdi title=${parts.map(cell).join(" · ")}>${parts.map(
      (part, place) =>
        html`${place === 0 ? nothing : " · "}<bdi class=${isBlank(place) ? "blank" : ""}>${cell(part)}</bdi>`,
    )}</bdi>`;
  }

  #figure(
    segment: Segment,
    key: (typeof FIGURES)[number][0],
    of: string,
    format: Format,
  ): TemplateResult {
    const figure = segment[key];
    const name = FIGURES.find(([one]) => one === key)?.[1] ?? "";
    const kind = kindOf(figure, this.formulas);
    const says =
      figure.value === null
        ? `not defined, ${reasonSentence(figure)}`
        : valueWords(figure.value, kind, format);
    return html`<button
      type="button"
      class=${figure.value === null ? "undefined" : ""}
      aria-haspopup="dialog"
      aria-label=${`${name}, ${of}: ${says}`}
      title=${figure.value === null ? reasonSentence(figure) : intervalWords(figure, kind, format)}
      @click=${() => this.#open(name, of, figure, this.#atEnd(segment))}
    >${figure.value === null ? "–" : valueWords(figure.value, kind, format, { isShort: true })}</button>`;
  }

  /** The customers or the revenue of a segment at the end of its latest period. */
  #amount(segment: Segment, counted: Counted, format: Format): TemplateResult | string {
    const { end: amount } = amountsOf(segment.latest, counted);
    if (amount == null) return "–";
    const [full, short] =
      counted === "money"
        ? [format.money(amount), format.compactMoney(amount)]
        : [format.count(amount), format.count(amount)];
    const name = counted === "money" ? "Revenue" : "Customers";
    return this.#opener(name, segment, full, short, format, (report) =>
      derivedMovement(report, segment.latest, "end", counted, format, segment),
    );
  }

  /** What a segment's revenue changed by; it opens to all that moved it. */
  #change(segment: Segment, format: Format): TemplateResult | string {
    if (segment.change == null) return "–";
    const words = format.signedMoney(segment.change);
    const name = "Change of revenue";
    return this.#opener(name, segment, words, words, format, (report) => {
      const derived = derivedPeriod(report, segment.latest, "money", format, segment);
      const { start, end } = amountsOf(segment.latest, "money");
      if (!derived?.amount || start == null || end == null) return derived;
      const meaning = "Monthly revenue at the end of the period less that at its start.";
      const arithmetic = `End ${format.money(end)} \u2212 start ${format.money(start)}`;
      return { ...derived, name, amount: { ...derived.amount, value: words, meaning, arithmetic } };
    });
  }

  #opener(
    name: string,
    segment: Segment,
    full: string,
    short: string,
    format: Format,
    derived: (report: Report) => Derived | null,
  ): TemplateResult {
    const { report } = this;
    const of = segmentName(segment, format, report?.segmentation?.pooled);
    return html`<button type="button" aria-haspopup="dialog" aria-label=${`${name}, ${of}: ${full}`} title=${full} @click=${() => this.show(report && derived(report))}>${short}</button>`;
  }

  /** The customers of a segment at the end of its latest period. */
  #atEnd(segment: Segment): CustomerGroup[] {
    const columns = this.report?.segmentation?.columns ?? [];
    return this.engine ? segmentGroups(segment, columns, segment.latest, ["end"]) : [];
  }

  #rate(
    segment: Segment,
    columns: readonly string[],
    period: PeriodReport,
    field: RateField,
    name: string,
    of: string,
    scale: readonly [number, number] | undefined,
    format: Format,
  ): TemplateResult {
    const figure = period[field];
    const says =
      figure.value === null ? `not defined, ${reasonSentence(figure)}` : format.share(figure.value);
    const interval = intervalWords(figure, "share", format);
    const [from, to] = scale ?? [0, 1];
    return html`<td class="number ${figure.value === null ? "undefined" : ""}">
      <button
        type="button"
        aria-haspopup="dialog"
        aria-label=${`${name}, ${of}: ${says}${interval === "" ? "" : `, ${interval}`}`}
        title=${figure.value === null ? reasonSentence(figure) : interval}
        @click=${() => this.#open(name, of, figure, this.engine ? groupsOfSegment(segment, columns, period, field) : [])}
      >${figure.value === null ? "–" : format.share(figure.value)}</button>
      ${
        figure.value === null
          ? nothing
          : html`<rc-interval-bar
              .value=${figure.value}
              .low=${figure.low ?? null}
              .high=${figure.high ?? null}
              .from=${from}
              .to=${to}
            ></rc-interval-bar>`
      }
    </td>`;
  }

  #open(name: string, of: string, figure: Figure, groups: readonly CustomerGroup[] = []): void {
    this.showFigure(name, of, figure, {
      ...(groups.length === 0 ? {} : { groups }),
    });
  }

  #mix(
    report: Report,
    segmentation: Segmentation,
    format: Format,
  ): TemplateResult | typeof nothing {
    const segments = report.segments ?? [];
    const mix =
      (this.span === "year" ? segmentation.trailingMix : null) ?? segmentation.mix ?? null;
    if (mix === null || segments.length < 2) return nothing;
    const rates = MIX_RATES.filter(([key]) => mix[key]);
    const [rate, name] = rates.find(([key]) => key === this.mixRate) ?? rates.at(-1) ?? [];
    const change = rate === undefined ? null : mix[rate];
    if (change == null || rate === undefined || name === undefined) return nothing;
    return html`
      <section>
        <h2>${mixFinding(name, change, format)}</h2>
        <p class="aside">${mixExplained(mix, change, format)}</p>
        ${
          rates.length < 2
            ? nothing
            : choiceOf("Change of", "mix-rate", rate, rates, (value) => {
                this.mixRate = value;
              })
        }
        ${this.#mixTable(report, mix, change, rate, name, segments, format)}
      </section>
    `;
  }

  #mixTable(
    report: Report,
    mix: MixReport,
    change: RateChangeReport,
    rate: MixRate,
    rateName: string,
    segments: readonly Segment[],
    format: Format,
  ): TemplateResult {
    const { columns = [], pooled = 0 } = report.segmentation ?? {};
    const rows = change.segments
      .map((effect, place) => ({ effect, segment: segments[place] }))
      .filter(({ effect }) => effect.rateEffect !== 0 || effect.mixEffect !== 0)
      .toSorted((a, b) => sizeOf(b.effect) - sizeOf(a.effect));
    // What moved the rate by less than can be seen is shown with all others only.
    const seen = rows.filter(({ effect }, place) => place < 3 || SEEN <= sizeOf(effect));
    const shown = this.isWhole ? rows : seen.slice(0, N_ROWS);
    const of = rate === "customerRetention" ? "customers" : "revenue";
    const spans = `${spanWords(mix.before, format)} against ${spanWords(mix.now, format)}`;
    const open = (
      kind: Effect["kind"],
      effect: SegmentEffectReport | null,
      segment?: Segment,
    ): void => {
      const all = segment
        ? [segment.latest, segment.trailingYear]
        : [...report.periods, report.trailingYear];
      const span = all.find((one) => one?.period === mix.now);
      const of = segment ? `${segmentName(segment, format, pooled)}, ${spans}` : spans;
      const field = RATE_OF_MIX[rate];
      const groups =
        !span || !this.engine
          ? []
          : segment
            ? groupsOfSegment(segment, columns, span, field)
            : groupsOfRate(report, span, field);
      this.show(derivedEffect(report, change, { kind, effect, rateName, of, groups }, format));
    };
    // A share and a rate open to what they moved: its arithmetic holds both of their values.
    const part = (
      value: number | null | undefined,
      kind: Effect["kind"],
      effect: SegmentEffectReport | null,
      segment?: Segment,
    ): TemplateResult =>
      html`<td class="number">${value == null ? "–" : html`<button type="button" aria-haspopup="dialog" @click=${() => open(kind, effect, segment)}>${format.share(value)}</button>`}</td>`;
    const effects = (effect: SegmentEffectReport | null, segment?: Segment): TemplateResult[] => {
      const { rateEffect, mixEffect } = effect ?? change;
      return (
        [
          ["rate", rateEffect],
          ["share", mixEffect],
        ] as const
      ).map(
        ([kind, value]) =>
          html`<td class="number ${value <= -SEEN ? "worse" : SEEN <= value ? "better" : ""}"><button type="button" aria-haspopup="dialog" @click=${() => open(kind, effect, segment)}>${format.points(value)}</button></td>`,
      );
    };
    const spanOf = (label: string): PeriodReport | undefined =>
      [...report.periods, report.trailingYear, report.yearBefore].find(
        (one) => one?.period === label,
      ) ?? undefined;
    const whole = (value: number, label: string): TemplateResult => {
      const span = spanOf(label);
      const field = RATE_OF_MIX[rate];
      const words = format.share(value);
      const groups = span && this.engine ? groupsOfRate(report, span, field) : [];
      return html`<td class="number">${span ? html`<button type="button" aria-haspopup="dialog" @click=${() => this.#open(rateName, spanWords(label, format), span[field], groups)}>${words}</button>` : words}</td>`;
    };
    return html`
      <div class="box" tabindex="0" role="region" aria-label="What moved the rate">
        <table>
          <caption class="visually-hidden">What each segment moved the rate by, the most first</caption>
          <thead>
            <tr>
              <th scope="col" class="name">Segment</th>
              <th scope="col" class="number">Share of ${of}, before</th>
              <th scope="col" class="number">Now</th>
              <th scope="col" class="number">Rate before</th>
              <th scope="col" class="number">Now</th>
              <th scope="col" class="number">By its rate</th>
              <th scope="col" class="number">By its share</th>
            </tr>
          </thead>
          <tbody>
            ${shown.map(
              ({ effect, segment }) => html`<tr>
                <th scope="row" class="name">${segment ? this.#name(segment, format, pooled) : nothing}</th>
                ${part(effect.weightBefore, "share", effect, segment)}
                ${part(effect.weightNow, "share", effect, segment)}
                ${part(effect.rateBefore, "rate", effect, segment)}
                ${part(effect.rateNow, "rate", effect, segment)}
                ${effects(effect, segment)}
              </tr>`,
            )}
            <tr class="total">
              <th scope="row" class="name">All segments</th>
              <td class="number">${format.share(1)}</td>
              <td class="number">${format.share(1)}</td>
              ${whole(change.before, mix.before)}
              ${whole(change.now, mix.now)}
              ${effects(null)}
            </tr>
          </tbody>
        </table>
      </div>
      ${
        shown.length < rows.length
          ? html`<p><button type="button" @click=${() => {
              this.isWhole = true;
            }}>Show all ${format.counted(rows.length, "segment")}</button></p>`
          : nothing
      }
      <p class="aside">Each change of rate is weighed by the average of both shares, each change of share by the average of both rates, less that of the whole (Kitagawa, 1955), so the two add up to the whole change. ${spanWords(mix.before, format)} is held against ${spanWords(mix.now, format)}.</p>
    `;
  }

  /** How many pay, as the button that opens who they are. */
  #paying(found: ConcentrationReport, format: Format): TemplateResult | string {
    const { report } = this;
    const words = format.counted(found.customers, "customer");
    if (!report) return words;
    const derived = {
      ...derivedAmount(report, {
        name: "Customers who pay",
        of: capitalised(concentrationBasis(found, format)),
        value: words,
        meaning: "Customers with revenue above nothing, among whom the revenue is shared out.",
        arithmetic: `${words} with ${format.money(found.revenue)} together`,
      }),
      groups: groupOfAll(report, "now"),
    };
    return html`<button type="button" class="worked" aria-haspopup="dialog" @click=${() => this.show(derived)}>${words}</button>`;
  }

  #concentration(found: ConcentrationReport, format: Format): TemplateResult {
    const button = (figure: Figure, name: string): TemplateResult => {
      const kind = kindOf(figure, this.formulas);
      const words = figure.value === null ? "not defined" : valueWords(figure.value, kind, format);
      return html`<button type="button" class="worked" aria-haspopup="dialog" @click=${() => this.#open(name, concentrationBasis(found, format), figure, this.report ? groupOfAll(this.report, "now") : [])}>${words}</button>`;
    };
    const top = found.top.filter(({ customers }) => customers < found.customers);
    const [first, ...others] = top;
    return html`
      <section>
        <h2>How much hangs on few customers</h2>
        ${
          first
            ? html`<p>
                The largest customer pays ${button(first.share, "Share of the largest customer")} of the ${concentrationBasis(found, format)}${others.map(
                  ({ customers, share }, place) =>
                    html`${place + 1 < others.length ? ", the" : " and the"} ${format.count(customers)} largest ${button(share, `Share of the ${format.count(customers)} largest customers`)}`,
                )}.
              </p>`
            : html`<p>One customer pays all of the ${concentrationBasis(found, format)}.</p>`
        }
        <p>
          ${this.#paying(found, format)} ${found.customers === 1 ? "pays" : "pay"}, as unevenly as if they were
          ${button(found.effectiveNumber, "Effective number of customers")} of one size: the Herfindahl–Hirschman index is ${button(found.index, "Herfindahl–Hirschman index")}.
        </p>
      </section>
    `;
  }
}

/** The ends that the bars of a column share. */
function scaleOf(figures: readonly Figure[]): readonly [number, number] {
  const ends = figures.flatMap(({ value, low, high }) =>
    value === null ? [] : [low ?? value, high ?? value],
  );
  if (ends.length === 0) return [0, 1];
  const from = Math.min(...ends);
  const to = Math.max(1, ...ends);
  return [from < to ? from : 0, to];
}

function sizeOf({ rateEffect, mixEffect }: { rateEffect: number; mixEffect: number }): number {
  return Math.max(Math.abs(rateEffect), Math.abs(mixEffect));
}
