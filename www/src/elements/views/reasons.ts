/**
 * `<rc-reasons>`: why customers left, by money, and what each reason is taken for.
 *
 * It computes no figure. What a reason is taken for is a choice of the reader, which it only asks of
 * `<retention-calculator>`.
 */

import { css, html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { LostCustomers, Reason, ReasonTotal, Report } from "../../engine/core.ts";
import type { Format } from "../format.ts";
import { OptionsEvent } from "../inward-events.ts";
import { isolated } from "../text.ts";
import { capitalised } from "../words.ts";
import { choiceOf } from "./choice.ts";
import {
  derivedLost,
  derivedReason,
  groupsOfReasons,
  type Leaving,
  lostOf,
  lostSpan,
  reasonName,
  whoIsLost,
} from "./derived-leaving.ts";
import { intervalWords } from "./figure-words.ts";
import type { Counted } from "./period-movements.ts";
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
        ${whoIsLost(shown)} What each reason means is taken from its words; where that is wrong, change it here.
        ${
          0 < Object.keys(chosen).length
            ? html`<button type="button" class="link" @click=${() => this.#ask(undefined)}>Undo ${format.counted(Object.keys(chosen).length, "change")}</button>`
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
    const name = reasonName(reason);
    const likely = intervalWords(share, "share", format);
    const percent = share.value === null ? "" : `, ${format.share(share.value)}`;
    const who = `${format.counted(customers, "customer")}${percent}`;
    const open = (): void => this.#open(reason, of);
    const paid = (words: TemplateResult): TemplateResult =>
      this.#lostOpener(
        words,
        of,
        { name: `Left with ${name}`, customers, revenue, reasons: [reason] },
        "money",
        "plain",
      );
    return html`
      <li>
        <span class="what">
          <button type="button" class="worked" aria-haspopup="dialog" @click=${open}><bdi>${name}</bdi></button>
          <span class="detail"><button type="button" class="worked plain" aria-haspopup="dialog" @click=${open}>${who}</button>${likely ? ` (${likely})` : ""}</span>
        </span>
        ${
          revenue === null
            ? nothing
            : html`<span class="money" title=${format.money(revenue)}>${paid(html`${format.compactMoney(revenue)} <span class="detail">a month</span>`)}</span>`
        }
        <span class="kind">${reason.stated ? this.#kind(reason) : "Not known"}</span>
      </li>
    `;
  }

  #kind(reason: Reason): TemplateResult {
    const choose = (event: Event): void => {
      const kind = (event.target as HTMLSelectElement).value as Kind;
      this.#ask({ [reason.reason]: kind });
    };
    return html`
      <select aria-label=${`What ${isolated(reason.reason)} means`} @change=${choose}>
        ${KINDS.map(([kind, name]) => html`<option value=${kind} .selected=${live(kind === reason.kind)}>${name}</option>`)}
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

  /** Asks for one reason's kind, or for those of the core again. */
  #ask(reasonKinds: Record<string, Kind> | undefined): void {
    this.dispatchEvent(new OptionsEvent({ reasonKinds }));
  }

  /** `Of 31 customers lost, 18 chose to leave (58.1% of them) and 13 did not choose to (…).` */
  #summary(lost: LostCustomers, format: Format): unknown[] {
    const { customers, revenue, kinds, groups, reasons } = lost;
    const everyone: Leaving = { name: "Customers lost", customers, revenue, reasons };
    const all = html`${this.#lostOpener(format.counted(customers, "customer"), lost, everyone, "customers")} lost${
      revenue === null
        ? nothing
        : html`, with ${this.#lostOpener(format.money(revenue), lost, everyone, "money")} a month`
    }`;
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
      "Of ",
      all,
      ", ",
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
    const { customers, revenue, revenueShare } = total;
    const reasons = lost.reasons.filter(has);
    const who: Leaving = { name: titleOf(total), customers, revenue, reasons };
    const counted = `${format.count(customers)} ${words}`;
    const ofRevenue =
      revenueShare.value === null
        ? nothing
        : html`, ${this.#opener(total, format.share(revenueShare.value), lost, has, revenueShare)} of the revenue`;
    return html`${this.#lostOpener(counted, lost, who, "customers")} (${this.#opener(total, format.share(share), lost, has)} of them${ofRevenue})`;
  }

  /** The share of several reasons together; it opens to who left with each. */
  #opener(
    total: ReasonTotal,
    words: string,
    lost: LostCustomers,
    has: (reason: Reason) => boolean,
    share = total.share,
  ): TemplateResult {
    const isRevenue = share === total.revenueShare;
    const name = isRevenue ? `${titleOf(total)}: share of the revenue` : titleOf(total);
    const groups = groupsOfReasons(lost.reasons.filter(has), lost);
    const of = isRevenue ? lostSpan(lost, this.format) : lostOf(lost, this.format);
    return html`<button type="button" class="worked" aria-haspopup="dialog" @click=${() => this.showFigure(name, of, share, { groups })}>${words}</button>`;
  }

  /** How many left, or what they paid, as the button that opens who they were. */
  #lostOpener(
    words: TemplateResult | string,
    lost: LostCustomers,
    who: Leaving,
    counted: Counted,
    look = "",
  ): TemplateResult {
    const open = (): void => {
      if (this.report) this.show(derivedLost(this.report, lost, who, counted, this.format));
    };
    return html`<button type="button" class="worked ${look}" aria-haspopup="dialog" @click=${open}>${words}</button>`;
  }

  #open(reason: Reason, lost: LostCustomers): void {
    const { name, of, customers } = derivedReason(reason, lost, this.format);
    this.showFigure(name, of, reason.share, { customers });
  }
}

/** What a kind of reason, or a group of them, is called. */
function titleOf({ name }: ReasonTotal): string {
  return KINDS.find(([kind]) => kind === name)?.[1] ?? capitalised(GROUPS[name] ?? name);
}

/** The trailing year where there is one: a single period has lost few, the whole file is long ago. */
function preferred(windows: readonly LostCustomers[]): LostCustomers | undefined {
  return windows.find(({ window }) => window === "trailing-year") ?? windows.at(-1);
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
