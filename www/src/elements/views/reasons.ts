/**
 * `<rc-reasons>`: why customers left, by money, and what each reason is taken for.
 *
 * It computes no figure. What a reason is taken for is a choice of the reader, which it only asks of
 * `<retention-calculator>`.
 */

import { css, html, nothing, type TemplateResult } from "lit";
import type { LostCustomers, Reason, ReasonTotal, Report } from "../../engine/core.ts";
import type { Format } from "../format.ts";
import { OptionsEvent } from "../inward-events.ts";
import { cell, isolated } from "../text.ts";
import { capitalised } from "../words.ts";
import { choiceOf } from "./choice.ts";
import { derivedReason, leftWith, lostOf, lostSpan } from "./derived-leaving.ts";
import { intervalWords } from "./figure-words.ts";
import { ReportView } from "./report-view.ts";

type Kind = "voluntary" | "involuntary" | "unknown";

const KINDS: readonly (readonly [kind: Kind, name: string, words: string])[] = [
  ["voluntary", "Chose to leave", "chose to leave"],
  ["involuntary", "Did not choose to", "did not choose to"],
  ["unknown", "Not known", "left for reasons that do not say"],
];

/** Groups that stand apart among those who did not choose to leave. */
const GROUPS: Readonly<Record<string, string>> = {
  payment: "failed payments",
  closure: "closed businesses",
  acquisition: "acquisitions",
  vendor: "ended by the vendor",
};

/** Shapes of file in which a customer can have a reason. */
const WITH_REASONS = ["subscriptions", "accounts"];

/** Why customers left. */
export class ReasonsElement extends ReportView {
  static override properties = {
    window: { state: true },
  };

  static override styles = [
    super.styles,
    css`
      ol {
        display: grid;
        border-block-end: 1px solid var(--rc-line);
      }

      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        align-items: start;
        gap: 4px var(--rc-space-2);
        max-inline-size: none;
        padding-block: 10px;
        border-block-start: 1px solid var(--rc-line);
      }

      .what {
        min-inline-size: 0;
      }

      .detail {
        display: block;
        font-size: var(--rc-text-s);
        font-variant-numeric: tabular-nums;
        color: var(--rc-text-muted);
      }

      .money {
        text-align: end;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }

      .kind {
        grid-column: 1 / -1;
        max-inline-size: 14rem;
        font-size: var(--rc-text-s);
        color: var(--rc-text-muted);
      }

      @container (min-width: 640px) {
        li {
          grid-template-columns: minmax(0, 1fr) 11.5rem 8rem;
          gap: var(--rc-space-2);
        }
        .kind {
          grid-column: 2;
          grid-row: 1;
        }
        .money {
          grid-column: 3;
        }
      }

      select {
        min-block-size: 36px;
        font-size: var(--rc-text-s);
      }
    `,
  ];

  /** The stretch of time that is shown, once it has been chosen. */
  declare protected window: string;

  constructor() {
    super();
    this.window = "";
  }

  override render(): TemplateResult | typeof nothing {
    const { report } = this;
    if (!report) return nothing;
    const windows = (report.lostByReason ?? []).filter(({ customers }) => 0 < customers);
    const shown = windows.find(({ window }) => window === this.window) ?? preferred(windows);
    return html`
      <section aria-labelledby="reasons">
        <h2 id="reasons">Why customers left</h2>
        ${shown ? this.#lost(shown, windows, this.format) : html`<p class="muted">${absence(report)}</p>`}
      </section>
      ${this.panel()}
    `;
  }

  #lost(shown: LostCustomers, windows: readonly LostCustomers[], format: Format): TemplateResult {
    const chosen = this.#chosen();
    return html`
      ${1 < windows.length ? this.#switch(shown, windows, format) : nothing}
      <p>${this.#summary(shown, format)}</p>
      <ol>
        ${shown.reasons.map((reason) => this.#row(reason, shown, format))}
      </ol>
      <p class="small muted">
        ${whatIsCounted(shown)} What each reason means is taken from its words; where that is wrong, change it here.
        ${
          0 < Object.keys(chosen).length
            ? html`<button type="button" class="link" @click=${() => this.#ask({})}>Undo ${format.counted(Object.keys(chosen).length, "change")}</button>`
            : nothing
        }
      </p>
    `;
  }

  #switch(shown: LostCustomers, windows: readonly LostCustomers[], format: Format): TemplateResult {
    const options = windows.map((one) => [one.window, lostSpan(one, format)] as const);
    return choiceOf("Lost in", "window", shown.window, options, (value) => {
      this.window = value;
    });
  }

  #row(reason: Reason, of: LostCustomers, format: Format): TemplateResult {
    const { customers, revenue, share } = reason;
    const name = reason.stated ? cell(reason.reason) : "No reason stated";
    const likely = intervalWords(share, "share", format);
    const percent = share.value === null ? "" : `, ${format.share(share.value)}`;
    return html`
      <li>
        <span class="what">
          <button type="button" class="worked" aria-haspopup="dialog" @click=${() => this.#open(reason, of)}><bdi>${name}</bdi></button>
          <span class="detail">${format.counted(customers, "customer")}${percent}${likely ? ` (${likely})` : ""}</span>
        </span>
        ${
          revenue === null
            ? nothing
            : html`<span class="money" title=${format.money(revenue)}>${format.compactMoney(revenue)} <span class="detail">a month</span></span>`
        }
        <span class="kind">${reason.stated ? this.#kind(reason) : "Not known"}</span>
      </li>
    `;
  }

  #kind(reason: Reason): TemplateResult {
    const choose = (event: Event): void => {
      const kind = (event.target as HTMLSelectElement).value as Kind;
      this.#ask({ ...this.#chosen(), [reason.reason]: kind });
    };
    return html`
      <select aria-label=${`What ${isolated(reason.reason)} means`} @change=${choose}>
        ${KINDS.map(([kind, name]) => html`<option value=${kind} .selected=${kind === reason.kind}>${name}</option>`)}
      </select>
    `;
  }

  /** What the reader has chosen so far. */
  #chosen(): Record<string, Kind> {
    const reasons = (this.report?.lostByReason ?? []).flatMap(({ reasons }) => reasons);
    return Object.fromEntries(
      reasons.filter(({ chosen }) => chosen).map(({ reason, kind }) => [reason, kind as Kind]),
    );
  }

  #ask(reasonKinds: Record<string, Kind>): void {
    this.dispatchEvent(new OptionsEvent({ reasonKinds }));
  }

  /** `Of 31 customers lost, 18 chose to leave (58.1% of them) and 13 did not choose to (…).` */
  #summary(lost: LostCustomers, format: Format): unknown[] {
    const { customers, revenue, kinds, groups, reasons } = lost;
    const all = `${format.counted(customers, "customer")} lost${revenue === null ? "" : `, with ${format.money(revenue)} a month`}`;
    const parts = KINDS.flatMap(([kind, , words]) => {
      const total = kinds.find(({ name }) => name === kind);
      return total && 0 < total.customers && total.share.value !== null
        ? [this.#total(total, total.share.value, words, lost, ({ kind: own }) => own === kind)]
        : [];
    });
    const apart = groups
      .filter(({ name, customers }) => name in GROUPS && 0 < customers)
      .map((total) => {
        const words = `${GROUPS[total.name]} (${format.count(total.customers)})`;
        return this.#opener(total, words, lost, ({ group }) => group === total.name);
      });
    const without = reasons.find(({ stated }) => !stated)?.customers ?? 0;
    return [
      `Of ${all}, `,
      ...listed(parts, format),
      ".",
      without === 0 ? "" : ` ${format.count(without)} of them stated no reason.`,
      ...(apart.length === 0 ? [] : [" Told apart: ", ...listed(apart, format), "."]),
    ];
  }

  /** `18 chose to leave (58.1% of them, 61.0% of the revenue)` */
  #total(
    total: ReasonTotal,
    share: number,
    words: string,
    lost: LostCustomers,
    has: (reason: Reason) => boolean,
  ): TemplateResult {
    const format = this.format;
    const ofRevenue = total.revenueShare.value;
    const revenue = ofRevenue === null ? "" : `, ${format.share(ofRevenue)} of the revenue`;
    const opener = this.#opener(total, format.share(share), lost, has);
    return html`${format.count(total.customers)} ${words} (${opener} of them${revenue})`;
  }

  /** The share of several reasons together; it opens to who left with each. */
  #opener(
    { name, share }: ReasonTotal,
    words: string,
    lost: LostCustomers,
    has: (reason: Reason) => boolean,
  ): TemplateResult {
    const title = KINDS.find(([kind]) => kind === name)?.[1] ?? capitalised(GROUPS[name] ?? name);
    const groups = lost.reasons.filter(has).map((reason) => ({
      name: reason.stated ? cell(reason.reason) : "No reason stated",
      query: leftWith(reason, lost.window),
      n: reason.customers,
    }));
    const of = lostOf(lost, this.format);
    return html`<button type="button" class="worked" aria-haspopup="dialog" @click=${() => this.showFigure(title, of, share, { groups })}>${words}</button>`;
  }

  #open(reason: Reason, lost: LostCustomers): void {
    const { name, of, customers } = derivedReason(reason, lost, this.format);
    this.showFigure(name, of, reason.share, { customers });
  }
}

/** The trailing year where there is one: a single period has lost few, the whole file is long ago. */
function preferred(windows: readonly LostCustomers[]): LostCustomers | undefined {
  return windows.find(({ window }) => window === "trailing-year") ?? windows.at(-1);
}

function whatIsCounted({ window }: LostCustomers): string {
  return window === "whole-file"
    ? "Everyone who has left and not come back, with the revenue before leaving."
    : "Everyone there at the start and gone at the end, with the revenue at the start.";
}

/** Some parts as a sentence lists them. */
function listed(parts: readonly TemplateResult[], format: Format): unknown[] {
  const places = parts.map((_, place) => `{${place}}`);
  const pieces = format.list(places).split(/\{(\d+)\}/);
  return pieces.map((piece, index) => (index % 2 === 0 ? piece : parts[Number(piece)]));
}

/** What is missing, in one line. */
function absence(report: Report): string {
  if (!WITH_REASONS.includes(report.input.shape)) {
    return "This kind of file has no reasons and no renewal dates. A list of subscriptions with columns such as cancel_reason and renewal_date has both.";
  }
  if (report.lostByReason !== null) return "Nobody has left.";
  const column = report.input.columns.find(({ role }) => role === "reason");
  return column
    ? `The column “${isolated(column.name)}” is empty in every row.`
    : "The file does not say. A column such as cancel_reason would.";
}
