/**
 * What was guessed about the file, column by column, and every guess open to change.
 *
 * It shows the first rows as they were read and sends choices out as options; it reads no file and
 * guesses nothing.
 */

import {
  css,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from "lit";
import { live } from "lit/directives/live.js";
import type { CoreOptions } from "../engine/client.ts";
import type { ColumnReport, Report } from "../engine/core.ts";
import { controls } from "./controls.styles.ts";
import { ENCODINGS } from "./encodings.ts";
import { OptionsEvent } from "./inward-events.ts";
import { type Choices, roleOptions } from "./mapping-choices.ts";
import { asEntry, readEntry } from "./number-entry.ts";
import { numberField, numberFieldStyles } from "./number-field.ts";
import { cell, isolated, quoting } from "./text.ts";
import { WideTables, wideTablesStyles } from "./wide-tables.ts";
import { asShape, dateOrderName, decimalName, KINDS, rolesOf, SHAPES } from "./words.ts";

/** How many of the rows are shown. */
const PREVIEW_ROWS = 8;

/** An entry of a select. */
type Choice = readonly [value: string, name: string];

/** The options that are typed as numbers. */
const NUMBERS = [
  { option: "grossMargin", label: "Gross margin", kind: "share", example: 0.8 },
  { option: "cac", label: "Cost to win a customer (CAC)", kind: "money", example: 300 },
  { option: "discountRate", label: "Discount rate per year", kind: "share", example: 0.1 },
] as const;

export class Mapping extends LitElement {
  static override properties: PropertyDeclarations = {
    report: { attribute: false },
    options: { attribute: false },
    locale: {},
    busy: { type: Boolean },
    among: { attribute: false },
    columns: { state: true },
    choices: { state: true },
    numbers: { state: true },
    problems: { state: true },
  };

  declare report: Report | null;
  /** The options in force. */
  declare options: CoreOptions;
  declare locale: string;
  declare busy: boolean;
  /** What the file is among several: their history, or one beside it; nothing where it is alone. */
  declare among: "history" | "beside" | null;
  /** The roles chosen here, by the index of the column; an empty one means "not used". */
  declare protected columns: ReadonlyMap<number, string>;
  /** The other choices made here and not applied yet. */
  declare protected choices: OptionsEvent["options"];
  declare protected numbers: Readonly<Record<string, string>>;
  declare protected problems: Readonly<Record<string, string>>;

  constructor() {
    super();
    new WideTables(this);
    this.report = null;
    this.options = {};
    this.locale = "";
    this.busy = false;
    this.among = null;
    this.columns = new Map();
    this.choices = {};
    this.numbers = {};
    this.problems = {};
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    // A new report is a new starting point.
    if (changed.has("report")) {
      this.columns = new Map();
      this.choices = {};
      this.numbers = {};
      this.problems = {};
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    const { report } = this;
    if (report === null) {
      return nothing;
    }
    return html`
      <form @submit=${this.#apply} aria-label="How the file is read" part="mapping">
        <div class="settings">${this.#renderShape(report)}</div>
        ${this.#renderTable(report)}
        <div class="settings">${this.#renderReading(report)}</div>
        ${this.among === "beside" ? nothing : this.#renderNumbers(report)}
        <div class="row">
          <button class="primary" ?disabled=${this.busy}>Apply</button>
          <button type="button" ?disabled=${this.busy} @click=${this.#reset}>
            Back to what was detected
          </button>
        </div>
      </form>
    `;
  }

  #renderNumbers(report: Report): TemplateResult {
    return html`
        <details>
          <summary>For lifetime value: margin, acquisition cost, discount</summary>
          <div class="settings">${NUMBERS.map((number) => this.#renderNumber(report, number))}</div>
        </details>
    `;
  }

  #renderShape({ input }: Report): TemplateResult {
    const kinds = this.among === null ? SHAPES : KINDS;
    return html`
      <div class="wide">
        ${this.#select(
          "shape",
          "Kind of file",
          Object.entries(kinds).map(([id, { name, hint }]) => [id, `${name}: ${hint}`]),
          input.shape,
          (shape) =>
            // Another kind of file has other columns, so they are detected anew at once.
            this.dispatchEvent(
              new OptionsEvent({
                shape: this.among === null ? asShape(shape) : (shape as CoreOptions["shape"]),
                roles: undefined,
              }),
            ),
        )}
        <p class="small muted why"><bdi>${quoting(input.shapeWhy)}</bdi></p>
      </div>
    `;
  }

  #renderTable({ input }: Report): TemplateResult {
    const rows = input.preview.slice(0, PREVIEW_ROWS);
    return html`
      <div class="scroll" tabindex="0" role="region" aria-labelledby="preview">
        <table>
          <caption id="preview" class="small muted">
            ${
              rows.length === 0
                ? "The columns of the file and what each is used as."
                : `The first ${rows.length === 1 ? "row" : `${rows.length} rows`} and what each column is used as.`
            }
          </caption>
          <thead>
            <tr>
              ${input.columns.map(
                ({ name }) => html`<th scope="col"><bdi>${cell(name)}</bdi></th>`,
              )}
            </tr>
            <tr>
              ${input.columns.map((column) => this.#renderRole(input.shape, column))}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              (row) => html`
                <tr>
                  ${input.columns.map(
                    ({ index }) => html`<td><bdi>${cell(row[index] ?? "")}</bdi></td>`,
                  )}
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
    `;
  }

  #renderRole(shape: string, column: ColumnReport): TemplateResult {
    const current = this.columns.get(column.index) ?? column.role ?? "";
    const roles: Choice[] = rolesOf(shape).map(({ id, name }) => [id, name]);
    if (current !== "" && !roles.some(([id]) => id === current)) {
      roles.push([current, current]);
    }
    return html`
      <th scope="col" class="role">
        <select
          aria-label="Column ${isolated(column.name)} is"
          .value=${live(current)}
          ?disabled=${this.busy}
          @change=${(event: Event) => this.#chooseRole(column, (event.target as HTMLSelectElement).value)}
        >
          <option value="" ?selected=${current === ""}>Not used</option>
          ${roles.map(
            ([id, name]) => html`<option value=${id} ?selected=${id === current}>${name}</option>`,
          )}
        </select>
        <p class="small muted"><bdi>${quoting(column.why)}</bdi></p>
      </th>
    `;
  }

  #chooseRole(column: ColumnReport, role: string): void {
    const columns = new Map(this.columns);
    // A role belongs to one column: who takes it, takes it away.
    for (const other of this.report?.input.columns ?? []) {
      const held = columns.get(other.index) ?? other.role ?? "";
      if (role !== "" && held === role && other.index !== column.index) {
        columns.set(other.index, "");
      }
    }
    columns.set(column.index, role);
    this.columns = columns;
  }

  #renderReading({ input }: Report): TemplateResult {
    if (this.among === "beside") {
      return this.#renderOwnReading(input);
    }
    const hasDates = input.asOf !== "";
    return html`
      ${
        hasDates
          ? html`
            ${this.#option(
              "granularity",
              "Count by",
              [
                ["month", "Month"],
                ["quarter", "Quarter"],
                ["year", "Year"],
              ],
              "month",
            )}
            <div>
              <label for="asOf">Up to the end of</label>
              <input
                id="asOf"
                type="date"
                .value=${this.#chosen("asOf", input.asOf)}
                ?disabled=${this.busy}
                @change=${(event: Event) => this.#choose("asOf", (event.target as HTMLInputElement).value)}
              />
            </div>
            ${this.#option(
              "dateOrder",
              "Order in dates",
              (["ymd", "dmy", "mdy"] as const).map((order) => [order, dateOrderName(order)]),
              input.dialect.dateOrder,
            )}
          `
          : nothing
      }
      ${this.#option(
        "decimal",
        "Decimal sign",
        ([".", ","] as const).map((sign) => [sign, `${decimalName(sign)} (1${sign}5)`]),
        input.dialect.decimal,
      )}
      <div>
        <label for="currency">Currency</label>
        <input
          id="currency"
          type="text"
          maxlength="3"
          autocomplete="off"
          spellcheck="false"
          placeholder="not known"
          .value=${this.#chosen("currency", input.currency ?? "")}
          ?disabled=${this.busy}
          @change=${(event: Event) => this.#choose("currency", (event.target as HTMLInputElement).value.trim().toUpperCase())}
        />
      </div>
      ${this.#option(
        "segmentBy",
        "Compare by",
        [
          ["", "Detect"],
          ...input.columns
            .filter(({ segments }) => segments !== undefined)
            .map(({ name }): Choice => [name, cell(name)]),
        ],
        "",
      )}
      ${this.#option(
        "encoding",
        "Encoding",
        ENCODINGS.map(({ id, name }) => [id, name]),
        input.dialect.encoding,
      )}
      ${this.#option(
        "duplicates",
        "Rows that are the same",
        [
          ["keep", "Count each"],
          ["drop", "Count once"],
        ],
        "keep",
      )}
      ${this.#option(
        "amountUnit",
        "Amounts are in",
        [
          ["", "Detect"],
          ["major", "Whole currency"],
          ["minor", "Cents"],
        ],
        "",
      )}
    `;
  }

  /** What can be said of a file beside a history. */
  #renderOwnReading({ dialect }: Report["input"]): TemplateResult {
    return html`
      ${this.#option(
        "dateOrder",
        "Order in dates",
        (["ymd", "dmy", "mdy"] as const).map((order) => [order, dateOrderName(order)]),
        dialect.dateOrder,
      )}
      ${this.#option(
        "encoding",
        "Encoding",
        ENCODINGS.map(({ id, name }) => [id, name]),
        dialect.encoding,
      )}
    `;
  }

  #renderNumber(
    report: Report,
    { option, label, kind, example }: (typeof NUMBERS)[number],
  ): TemplateResult {
    const current = this.options[option];
    const shown =
      current === undefined || current === null ? "" : asEntry(current, kind, this.locale);
    return numberField({
      id: option,
      label,
      kind,
      text: this.numbers[option] ?? shown,
      placeholder: asEntry(example, kind, this.locale),
      problem: this.problems[option],
      unit: kind === "share" ? "%" : (report.input.currency ?? undefined),
      onInput: (text) => {
        this.numbers = { ...this.numbers, [option]: text };
      },
    });
  }

  /** A select for an option of the analysis. */
  #option(
    option:
      | "granularity"
      | "dateOrder"
      | "decimal"
      | "segmentBy"
      | "encoding"
      | "duplicates"
      | "amountUnit",
    label: string,
    choices: readonly Choice[],
    detected: string,
  ): TemplateResult {
    return html`
      <div>
        ${this.#select(option, label, choices, this.#chosen(option, detected), (value) => this.#choose(option, value))}
      </div>
    `;
  }

  #select(
    id: string,
    label: string,
    choices: readonly Choice[],
    current: string,
    onChange: (value: string) => void,
  ): TemplateResult {
    return html`
      <label for=${id}>${label}</label>
      <select
        id=${id}
        .value=${live(current)}
        ?disabled=${this.busy}
        @change=${(event: Event) => onChange((event.target as HTMLSelectElement).value)}
      >
        ${
          choices.some(([value]) => value === current)
            ? nothing
            : html`<option value=${current} selected>${current === "" ? "Not known" : current}</option>`
        }
        ${choices.map(
          ([value, name]) =>
            html`<option value=${value} ?selected=${value === current}>${name}</option>`,
        )}
      </select>
    `;
  }

  #chosen(option: keyof CoreOptions & string, detected: string): string {
    const chosen = option in this.choices ? this.choices[option] : this.options[option];
    return chosen === undefined || chosen === null ? detected : String(chosen);
  }

  #choose(option: string, value: string): void {
    this.choices = {
      ...this.choices,
      [option]: value === "" ? undefined : value,
      // One column in place of several.
      ...(option === "segmentBy" ? { segmentsBy: undefined } : {}),
    };
  }

  #apply(event: SubmitEvent): void {
    event.preventDefault();
    const { report } = this;
    if (report === null) {
      return;
    }
    const choices: Choices = { ...this.choices };
    const problems: Record<string, string> = {};
    for (const { option, kind } of NUMBERS) {
      const text = this.numbers[option];
      if (text === undefined) {
        continue;
      }
      const entry = readEntry(text, kind, this.locale);
      if (entry !== null && "problem" in entry) {
        problems[option] = entry.problem;
      } else {
        choices[option] = entry?.value;
      }
    }
    this.problems = problems;
    if (0 < Object.keys(problems).length) {
      return;
    }
    if (0 < this.columns.size) {
      choices.roles = roleOptions(report.input.columns, this.columns, this.options.roles ?? {});
    }
    this.dispatchEvent(new OptionsEvent(choices));
  }

  #reset(): void {
    const everything = Object.fromEntries(
      Object.keys(this.options).map((option) => [option, undefined]),
    );
    this.dispatchEvent(new OptionsEvent(everything));
  }

  static override styles = [
    controls,
    wideTablesStyles,
    numberFieldStyles,
    css`
      :host {
        container-type: inline-size;
      }

      form {
        display: grid;
        gap: var(--rc-space-3);
        padding: var(--rc-space-2);
        border: 1px solid var(--rc-line);
        border-radius: var(--rc-radius);
        background: var(--rc-surface-sunken);
      }

      .settings {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(168px, 100%), 1fr));
        gap: var(--rc-space-2);
        align-items: end;
      }

      .settings > div {
        display: grid;
        gap: var(--rc-space-half);
        min-inline-size: 0;
      }

      .wide {
        grid-column: 1 / -1;
        max-inline-size: 560px;
      }

      table {
        inline-size: auto;
        min-inline-size: 100%;
      }

      caption {
        padding-block-end: var(--rc-space-1);
      }

      th,
      td,
      th:first-child,
      td:first-child {
        padding-inline: var(--rc-space-1);
        max-inline-size: 240px;
        min-inline-size: 136px;
      }

      td {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      thead tr:first-child th {
        border: 0;
        color: var(--rc-text);
        font-weight: var(--rc-weight-strong);
      }

      .role {
        vertical-align: top;
        font-weight: 400;
      }

      .role p {
        margin-block-start: var(--rc-space-half);
        white-space: normal;
        line-height: 1.3;
      }

      .role select {
        min-block-size: 32px;
        padding-inline: 6px;
        color: var(--rc-text);
      }

      summary {
        min-block-size: 24px;
        inline-size: fit-content;
      }

      details .settings {
        margin-block-start: var(--rc-space-1);
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        gap: var(--rc-space-1);
      }

      @container (min-width: 720px) {
        form {
          padding: var(--rc-space-3);
        }
      }
    `,
  ];
}
