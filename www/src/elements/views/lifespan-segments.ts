/**
 * `<rc-lifespan-segments>`: whether customers of different segments leave at different paces.
 *
 * It compares nothing by itself: test and ratios come from the core.
 */

import { type CSSResultGroup, css, html, nothing, type TemplateResult } from "lit";
import type { Figure, LifetimesBySegment, Report, SegmentLifetime } from "../../engine/core.ts";
import type { TimeUnit } from "../charts/time-ticks.ts";
import type { Format } from "../format.ts";
import { whyWords } from "../words.ts";
import { timeWords } from "./findings.ts";
import { LifespanSection, type Opened } from "./lifespan-section.ts";
import { wideTableStyles } from "./wide-table.styles.ts";

/** What it needs of the engine. */
export interface LifetimesSource {
  lifetimes(): Promise<LifetimesBySegment | null>;
}

/** Below this, a difference is more than chance. */
const UNLIKELY = 0.05;

/** Segments by how long their customers stay. */
export class LifespanSegmentsElement extends LifespanSection<LifetimesSource, LifetimesBySegment> {
  static override styles: CSSResultGroup = [
    LifespanSection.styles,
    wideTableStyles,
    css`
      .name {
        max-inline-size: min(16rem, 38vw);
      }

      .how {
        display: block;
        color: var(--rc-text-muted);
      }
    `,
  ];

  protected override question(report: Report) {
    if (!report.survival || (report.segments?.length ?? 0) < 2) return null;
    return (engine: LifetimesSource) => engine.lifetimes();
  }

  override render(): TemplateResult | typeof nothing {
    const { answer: found, format } = this;
    // Those of another report are no answer.
    if (this.isBusy) return nothing;
    if (this.failure)
      return html`<p class="aside">Segments cannot be compared. ${this.failure}</p>`;
    if (!found || found.segments.length < 2) return nothing;
    return html`
      <section aria-labelledby="segments">
        <h2 id="segments">Who stays longer</h2>
        <p class="lede">${paceSentence(found, format)}</p>
        <rc-segment-curves
          .format=${format}
          .heading=${curvesFinding(found, format)}
          .subheading=${`Share of customers still there after a time, by ${found.columns.join(" and ")}; each customer counts where it began`}
          .curves=${found.segments.map((one) => ({
            name: nameOf(one, found),
            times: one.timeline,
            survival: one.survival,
            low: one.low,
            high: one.high,
            lastTime: one.lastTime,
          }))}
          .unit=${found.unit as TimeUnit}
        ></rc-segment-curves>
        ${this.#table(found, format)}
        <p class="aside">
          Risk against others supposes that it is the same multiple at every age; where curves cross it is not, and the multiple says little.
          Segments are those of the Segments view. Of twenty segmentations by lot, one differs this much at the 5% mark.
        </p>
      </section>
    `;
  }

  #counted(
    one: SegmentLifetime,
    key: keyof typeof COUNTED,
    found: LifetimesBySegment,
    format: Format,
  ): Opened {
    const [name, meaning, certainty] = COUNTED[key];
    const n = format.counted(one.customers, "customer");
    return {
      name,
      of: nameOf(one, found),
      amount: {
        value: format.periods(one[key]),
        certainty,
        meaning,
        arithmetic: {
          customers: `${n} of ${format.count(found.segments.reduce((sum, { customers }) => sum + customers, 0))} in all segments`,
          lost: `${format.count(one.lost)} of ${n}`,
          expectedLost: `The sum over all ages at which somebody left, of all segments; ${format.count(one.lost)} left in fact`,
        }[key],
      },
    };
  }

  #mean(one: SegmentLifetime, found: LifetimesBySegment, format: Format): TemplateResult | string {
    const { mean } = one;
    const { unit } = found;
    if (mean.value === null) return whyWords(mean.why);
    const opened = {
      name: "Mean lifespan inside the data",
      of: nameOf(one, found),
      figure: mean,
      more: { unit },
    };
    return html`${this.opener(timeWords(mean.value, unit, format), opened)}${likely(mean, (value) => format.periods(value))}`;
  }

  #ratio(
    one: SegmentLifetime,
    against: string,
    found: LifetimesBySegment,
    format: Format,
  ): TemplateResult | string {
    const ratio = one.hazardRatio;
    if (ratio.value === null) return whyWords(ratio.why);
    if (one.name === found.reference && ratio.low == null) return "1";
    const opened = { name: against, of: nameOf(one, found), figure: ratio };
    return html`${this.opener(`${format.ratio(ratio.value)} times`, opened)}${likely(ratio, (value) => format.ratio(value))}`;
  }

  #table(found: LifetimesBySegment, format: Format): TemplateResult {
    const { unit, horizon } = found;
    const within = horizon == null ? "" : ` within ${timeWords(horizon, unit, format)}`;
    const reference = found.segments.find(({ name }) => name === found.reference);
    const against = reference ? `Risk against ${nameOf(reference, found)}` : "Risk against others";
    return html`
      <div class="box" tabindex="0" role="region" aria-label="Table: segments by how long customers stay">
        <table class="stacks">
          <caption class="visually-hidden">Segments by how long their customers stay</caption>
          <thead>
            <tr>
              <th scope="col" class="name">Segment</th>
              <th scope="col" class="number">Customers</th>
              <th scope="col" class="number">Lost</th>
              <th scope="col" class="number">Lost at one pace for all</th>
              <th scope="col" class="number">Half gone</th>
              <th scope="col" class="number">Stays${within}</th>
              <th scope="col" class="number">${against}</th>
            </tr>
          </thead>
          <tbody>
            ${found.segments.map(
              (one) => html`<tr>
                <th scope="row" class="name"><bdi>${nameOf(one, found)}</bdi></th>
                <td class="number">${this.opener(format.count(one.customers), this.#counted(one, "customers", found, format))}</td>
                <td class="number">${this.opener(format.count(one.lost), this.#counted(one, "lost", found, format))}</td>
                <td class="number">${this.opener(format.periods(one.expectedLost), this.#counted(one, "expectedLost", found, format))}</td>
                <td class="number">${this.opener(one.median.value === null ? "not yet" : timeWords(one.median.value, unit, format), { name: "Median lifespan", of: nameOf(one, found), figure: one.median, more: { unit } })}</td>
                <td class="number">${this.#mean(one, found, format)}</td>
                <td class="number">${this.#ratio(one, against, found, format)}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    `;
  }
}

/** The interval under a figure. */
function likely(
  { low, high }: Figure,
  words: (value: number) => string,
): TemplateResult | typeof nothing {
  if (low == null || high == null) return nothing;
  return html`<span class="how">likely ${words(low)} to ${words(high)}</span>`;
}

/** What is counted of a segment, and what it means. */
const COUNTED = {
  customers: [
    "Customers",
    "Everyone who was ever in the segment; each counts where it began.",
    "It is counted, so it has no interval.",
  ],
  lost: ["Lost", "Those of them who left.", "It is counted, so it has no interval."],
  expectedLost: [
    "Lost at one pace for all",
    "How many would have left if all segments lost customers at the same pace: at each age, the losses of all are shared out by how many were at risk there.",
    "An expectation under the log-rank test; it has no interval.",
  ],
} as const;

function nameOf({ name, values }: SegmentLifetime, { pooled }: LifetimesBySegment): string {
  if (0 < pooled && values.length === 0) return `${pooled} smaller ones`;
  return name === "" ? "without a value" : name;
}

/** Whether the paces differ by more than chance. */
export function paceSentence({ test, columns }: LifetimesBySegment, format: Format): string {
  const by = `By ${columns.join(" and ")}, customers`;
  if (!test) return `${by} cannot be compared: nobody was lost while two segments were at risk.`;
  const { pValue, statistic, degreesOfFreedom } = test;
  const p =
    pValue < 0.001 ? "in fewer than 1 of 1,000 files" : `in ${format.share(pValue)} of files`;
  const how = `log-rank test: chi-square ${format.ratio(statistic)}, ${format.counted(degreesOfFreedom, "degree")} of freedom`;
  return pValue < UNLIKELY
    ? `${by} leave at different paces: if they did not, differences like these would come about by chance ${p} (${how}).`
    : `${by} are not shown to leave at different paces: differences like these come about by chance ${p} (${how}).`;
}

/** The two ends of what is drawn. */
export function curvesFinding(found: LifetimesBySegment, format: Format): string {
  const known = found.segments
    .filter(({ mean }) => mean.value !== null)
    .toSorted((a, b) => (b.mean.value ?? 0) - (a.mean.value ?? 0));
  const [longest, shortest] = [known[0], known.at(-1)];
  if (!longest || !shortest || longest === shortest || found.horizon == null) return "By segment";
  const within = timeWords(found.horizon, found.unit, format);
  return `Within ${within}, ${nameOf(longest, found)} stays ${timeWords(longest.mean.value ?? 0, found.unit, format)} and ${nameOf(shortest, found)} ${timeWords(shortest.mean.value ?? 0, found.unit, format)}`;
}
