/**
 * `<retention-calculator>`: the whole calculator as one element.
 *
 * It alone owns the engine and knows the file; everything below it shows a property and sends events.
 * It touches nothing outside itself: the address and the page belong to the host.
 */

import {
  css,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from "lit";
import {
  type AnalyzeFilesOptions,
  type AnalyzeOptions,
  asBlob,
  coreOptions,
  Engine,
  type GivenFile,
  optionsOfOne,
  type Source,
} from "../engine/client.ts";
import type {
  CustomerHistory,
  CustomerList,
  CustomerQuery,
  Figure,
  Fit,
  FitRequest,
  FormulaId,
  FormulaInfo,
  Goal,
  Projection,
  Report,
  RiskReport,
  Scenario,
  ScoreOptions,
} from "../engine/core.ts";
import type { Progress } from "../engine/protocol.ts";
import { type FlatError, flatten, RetentionError } from "../engine/retention-error.ts";
import { startHost } from "../engine/start.ts";
import { nextFrame, nextTask } from "../engine/turns.ts";
import { furtherElements, reportElements, whenIdle } from "./behind.ts";
import { controls } from "./controls.styles.ts";
import {
  RetentionErrorEvent,
  RetentionLeadEvent,
  RetentionProgressEvent,
  RetentionReportEvent,
  RetentionScenarioEvent,
  RetentionViewEvent,
} from "./events.ts";
import {
  changedFile,
  changedFiles,
  changedOptions,
  historyFile,
  historyOptions,
  mappingOptions,
  questionOptions,
  sharedChanges,
} from "./file-choices.ts";
import { formatFor } from "./format.ts";
import { type Intake, takeDrop, takePaste } from "./intake.ts";
import type {
  AskEvent,
  OptionsEvent,
  ReaderOptions,
  RefusedEvent,
  SeveralEvent,
  SourceEvent,
} from "./inward-events.ts";
import { DASHBOARD_SAMPLE, SAMPLES, sampleFiles, sampleName } from "./samples.ts";
import type { TabEvent } from "./tabs.ts";
import { cell } from "./text.ts";
import { Pace, timeLeft } from "./time-left.ts";
import { tokens } from "./tokens.styles.ts";
import type { LabEvent } from "./views/what-if.ts";
import { VIEWS, type ViewId, viewsFor } from "./views.ts";

/** How long a reading, or the working out of a choice, goes on unseen. */
const SHOWN_AFTER_MS = 150;

/** The least time between two steps of a reading that are spoken. */
const SPOKEN_EVERY_MS = 5000;

/** Where a file has got to. */
type Stage = "start" | "reading" | "report" | "health";

/** The file in hand, or the files. */
interface InHand {
  /** The file; of several, the first. */
  source: Blob;
  name: string;
  /** Where there are several. */
  files?: readonly HeldFile[];
}

/** Other options for the file in hand, or for one of several by its place. */
interface Change {
  readonly options: OptionsEvent["options"];
  readonly place: number | null;
}

/** One of several files in hand: the same object for as long as it is, or views would begin anew. */
interface HeldFile extends GivenFile {
  source: Blob;
}

/** What went wrong, and the name of the file that it went wrong with. */
interface Failing extends Pick<FlatError, "code" | "message" | "row" | "column" | "columns"> {
  about: string;
}

/**
 * Customer retention from a CSV, a paste, a sample or typed totals.
 *
 * @tag retention-calculator
 * @attr {"full"|"quick"|"what-if"} mode - The whole calculator, only typed totals, or only the what-if.
 * @attr {string} formula - A formula to begin with in the calculator for typed numbers.
 * @attr {string} currency - ISO 4217 code for typed money, and for files that name none.
 * @attr {string} locale - BCP 47 language for numbers and dates; the browser's without it.
 * @attr {"light"|"dark"|"auto"} theme - The reader's setting with "auto", which is the default.
 * @attr {string} src - A CSV of the same origin, read at once.
 * @attr {"subscriptions"|"mrr-wide"|"transactions"|"periods"|"accounts"|"dashboard"|"definitions"|"health"|"set"} sample - A sample, read at once.
 * @attr {string} hide - What is left out, separated by spaces: "ways-in", "calculator", "mapping", or a view.
 * @attr {boolean} whole-page - Takes drops and pastes from anywhere on the page, not only from the element.
 * @fires {RetentionProgressEvent} retention-progress - How far the reading has come.
 * @fires {RetentionReportEvent} retention-report - A report is there, in `event.report`.
 * @fires {RetentionErrorEvent} retention-error - Something could not be read, with `event.code` and `event.message`.
 * @fires {RetentionScenarioEvent} retention-scenario - A scenario was projected.
 * @fires {RetentionLeadEvent} retention-lead - A call to action in the slot `cta` was used.
 * @fires {RetentionViewEvent} retention-view - Another view is shown, in `event.view`.
 * @slot header - Above everything.
 * @slot cta - A call to action of the host page, below the results.
 * @slot footer - Below everything.
 * @csspart frame - The box around everything.
 * @cssprop --rc-accent - The colour of what can be used.
 * @cssprop --rc-font - The family of all text.
 * @cssprop --rc-size - The size of running text; everything scales with it.
 * @cssprop --rc-radius - The radius of corners.
 * @cssprop --rc-width - The greatest width.
 */
export class RetentionCalculator extends LitElement {
  static override properties: PropertyDeclarations = {
    mode: { reflect: true },
    formula: { reflect: true },
    currency: { reflect: true },
    locale: { reflect: true },
    theme: { reflect: true },
    src: { reflect: true },
    sample: { reflect: true },
    hide: { reflect: true },
    wholePage: { type: Boolean, attribute: "whole-page", reflect: true },
    view: { attribute: false },
    lab: { attribute: false },
    stage: { state: true },
    inHand: { state: true },
    incoming: { state: true },
    options: { state: true },
    current: { state: true },
    catalogue: { state: true },
    failing: { state: true },
    progress: { state: true },
    isChanging: { state: true },
    changedFile: { state: true },
    isBusy: { state: true },
    isBusyShown: { state: true },
    isDroppable: { state: true },
    isViewHeld: { state: true },
    spoken: { state: true },
  };

  /** `full`, `quick` or `what-if`. */
  declare mode: string;
  declare formula: string;
  declare currency: string;
  declare locale: string;
  declare theme: string;
  declare src: string;
  declare sample: string;
  declare hide: string;
  declare wholePage: boolean;
  /** The view shown, by the word that stands in the page's address. */
  declare view: string;
  /** The scenarios of the what-if as the text of a link; empty where nothing is moved. */
  declare lab: string;

  declare protected stage: Stage;
  declare protected inHand: InHand | null;
  /** The file that is being read and will take its place. */
  declare protected incoming: InHand | null;
  declare protected options: ReaderOptions;
  declare protected current: Report | null;
  declare protected catalogue: readonly FormulaInfo[];
  declare protected failing: Failing | null;
  declare protected progress: Progress | null;
  declare protected isChanging: boolean;
  /** The place of the file whose mapping is open, where there are several. */
  declare protected changedFile: number;
  declare protected isBusy: boolean;
  /** Whether it is busy for so long that the view says so. */
  declare protected isBusyShown: boolean;
  declare protected isDroppable: boolean;
  /** Whether the view of a new report waits for a task of its own. */
  declare protected isViewHeld: boolean;
  declare protected spoken: string;

  readonly #engine: Engine;
  /** The engine as the what-if sees it: what it projects is told to the host as well. */
  readonly #projecting = {
    project: async (scenario: Scenario, watch: { signal?: AbortSignal } = {}) => {
      const projection = await this.#engine.project(scenario, watch);
      this.dispatchEvent(new RetentionScenarioEvent(scenario, projection));
      return projection;
    },
    projectAside: (scenario: Scenario) => this.#engine.project(scenario),
    seek: (goal: Goal) => this.#engine.seek(goal),
    claims: () => this.#engine.claims(),
    formulas: () => this.#engine.formulas(),
  };
  #base: { text: string; options: ScoreOptions } = { text: "", options: {} };
  #reading: AbortController | null = null;
  /** What was chosen while something else was being worked out. */
  #waiting: Change[] = [];
  #pass = 0;
  #pace = new Pace();
  #spokenMs = 0;
  #window: AbortController | null = null;

  constructor() {
    super();
    this.mode = "full";
    this.formula = "";
    this.currency = "";
    this.locale = "";
    this.theme = "auto";
    this.src = "";
    this.sample = "";
    this.hide = "";
    this.wholePage = false;
    this.view = "overview";
    this.lab = "";
    this.stage = "start";
    this.inHand = null;
    this.incoming = null;
    this.options = {};
    this.current = null;
    this.catalogue = [];
    this.failing = null;
    this.progress = null;
    this.isChanging = false;
    this.changedFile = 0;
    this.isBusy = false;
    this.isBusyShown = false;
    this.isDroppable = false;
    this.isViewHeld = false;
    this.spoken = "";
    this.#engine = new Engine(startHost);
  }

  /** The report on the file read last. */
  get report(): Report | null {
    return this.current;
  }

  /** Reads a file and shows its report. Everything that is not given is detected. */
  async analyze(source: Source, options: AnalyzeOptions = {}): Promise<Report> {
    const name = source instanceof File ? source.name : "Data";
    const blob = source instanceof Blob ? source : new Blob([source]);
    return this.#read({ source: blob, name }, options);
  }

  /** Reads several files, joins them by customer, and shows their report. */
  async analyzeFiles(
    files: readonly GivenFile[],
    options: AnalyzeFilesOptions = {},
  ): Promise<Report> {
    const [only, ...more] = files;
    try {
      if (only === undefined) {
        throw new RetentionError("no-files", "There is no file to read.");
      }
      // One alone is the file in hand, and its own options are those in force.
      const own = more.length === 0 ? optionsOfOne(only, options) : options;
      return this.#read(handful(files), own);
    } catch (thrown) {
      this.#fail(thrown, only?.name);
      throw thrown;
    }
  }

  /** The customers behind a figure of the report. */
  customers(query: CustomerQuery): Promise<CustomerList> {
    return this.#engine.customers(query);
  }

  /** All customers that match a query, as a table in CSV. */
  customersCsv(query: CustomerQuery): Promise<Blob> {
    return this.#engine.customersCsv(query);
  }

  /** What one customer paid when, by its id as the file has it. */
  customer(id: string): Promise<CustomerHistory> {
    return this.#engine.customer(id);
  }

  /** One formula on plain numbers. */
  calculate(formula: FormulaId, inputs: Record<string, number>): Promise<Figure> {
    return this.#engine.calculate(formula, inputs);
  }

  /** A lifespan model on counts, durations or purchases. */
  fit(request: FitRequest): Promise<Fit> {
    return this.#engine.fit(request);
  }

  /** What becomes of the customers under a scenario. */
  project(scenario: Scenario): Promise<Projection> {
    return this.#projecting.project(scenario);
  }

  /** How likely each account of a file is to leave, by a sheet of rules that can be changed. */
  score(source: string | Blob, options: ScoreOptions = {}): Promise<RiskReport> {
    return this.#engine.score(source, options);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#window = new AbortController();
    const { signal } = this.#window;
    for (const type of ["dragenter", "dragover", "dragleave", "drop"] as const) {
      window.addEventListener(type, (event) => this.#onDrag(event), { signal });
    }
    window.addEventListener("paste", (event) => this.#onPaste(event), { signal });
    window.addEventListener("keydown", (event) => this.#onKey(event), { signal });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#window?.abort();
    this.#reading?.abort();
    this.#engine.close();
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (this.mode === "what-if" || (this.mode === "full" && this.view === "what-if")) {
      if (changed.has("mode") || changed.has("view")) this.#loadFurther();
    }
  }

  protected override firstUpdated(): void {
    if (this.mode === "full") {
      // On a page of its own at once: its script comes behind those of the first screen.
      void (this.wholePage ? Promise.resolve() : whenIdle()).then(() => {
        if (this.isConnected) {
          this.#engine.warm();
        }
      });
    }
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("sample") && this.sample !== "") {
      void this.#readSample(this.sample);
    }
    if (changed.has("src") && this.src !== "") {
      void this.#readAddress(this.src);
    }
  }

  protected override render(): TemplateResult {
    return html`
      <div class="frame" part="frame">
        <slot name="header"></slot>
        <div
          class="content"
          @rc-source=${(event: SourceEvent) => this.#start(event)}
          @rc-several=${(event: SeveralEvent) => this.#startSeveral(event)}
          @rc-refused=${(event: RefusedEvent) => this.#refuse(event)}
          @rc-options=${(event: OptionsEvent) => this.#change(event)}
          @rc-lab=${({ lab }: LabEvent) => {
            this.lab = lab;
          }}
          @rc-ask=${(event: AskEvent) => this.#onAsk(event)}
          @rc-tab=${(event: TabEvent) => this.#show(event.id)}
        >
          ${this.#renderMode()}
        </div>
        <div @click=${this.#onLead}><slot name="cta"></slot></div>
        <slot name="footer"></slot>
        <p class="visually-hidden" role="status">${this.spoken}</p>
        ${this.isDroppable ? html`<div class="drop" aria-hidden="true"><p>Drop to read it here</p></div>` : nothing}
      </div>
    `;
  }

  #renderMode(): TemplateResult | typeof nothing {
    if (this.mode === "quick") {
      return html`
        <h2 class="visually-hidden">Retention calculator</h2>
        ${this.#renderCalculator()}
      `;
    }
    if (this.mode === "what-if") {
      return html`
        <rc-what-if
          .report=${this.current}
          .engine=${this.#projecting}
          .lab=${this.lab}
          .locale=${this.locale}
          .currency=${this.currency}
        ></rc-what-if>
      `;
    }
    switch (this.stage) {
      case "start":
        return this.#renderStart();
      case "reading":
        return html`
          <rc-reading
            .name=${this.incoming?.name ?? ""}
            .locale=${this.locale}
            .progress=${this.progress}
            .secondsLeft=${this.#secondsLeft}
            .isAlone=${true}
          ></rc-reading>
        `;
      case "report":
        return this.#renderReport();
      case "health":
        return this.#renderHealthAlone();
    }
  }

  /** A file that can be scored, but says nothing of when customers came and went. */
  #renderHealthAlone(): TemplateResult {
    return html`
      <div class="report">
        <div class="alone">
          <h1 tabindex="-1"><bdi>${cell(this.inHand?.name ?? "")}</bdi></h1>
          <button type="button" class="link" @click=${() => this.#beginAnew()}>Another file</button>
        </div>
        <p class="muted">
          These accounts are scored. The file does not say when customers came or left, so there is
          no retention in it.
        </p>
        <div class="view" data-view="health">
          <h2 class="visually-hidden">Health</h2>
          ${this.#renderHealth(this.currency)}
        </div>
      </div>
    `;
  }

  #renderFailure(): TemplateResult | typeof nothing {
    return this.failing === null
      ? nothing
      : html`
        <rc-failure
          .error=${this.failing}
          .name=${this.failing.about}
          .locale=${this.locale}
          .canRetry=${this.inHand !== null && this.stage === "start"}
        ></rc-failure>
      `;
  }

  #renderStart(): TemplateResult {
    const hidden = this.#hidden;
    return html`
      <div class="start">
        ${this.#renderFailure()}
        ${hidden.has("ways-in") ? nothing : html`<rc-ways-in></rc-ways-in>`}
        ${this.view === "what-if" && !hidden.has("what-if") ? this.#renderLabAlone() : nothing}
        ${
          hidden.has("calculator")
            ? nothing
            : html`
              <section class="totals" aria-labelledby="totals">
                <h2 id="totals">From totals, without a file</h2>
                ${this.#renderCalculator()}
                ${
                  hidden.has("what-if") || this.view === "what-if"
                    ? nothing
                    : html`<p>Or ask <button type="button" class="link" @click=${() => this.#show("what-if")}>what if</button>: move churn, price and growth, and see what comes of it.</p>`
                }
              </section>
            `
        }
      </div>
    `;
  }

  /** The what-if without a file: on typed totals, or on those of a link. */
  #renderLabAlone(): TemplateResult {
    return html`
      <section class="totals" aria-labelledby="lab">
        <h2 id="lab">What if, on typed totals</h2>
        <rc-what-if
          .report=${null}
          .engine=${this.#projecting}
          .lab=${this.lab}
          .locale=${this.locale}
          .currency=${this.currency}
        ></rc-what-if>
      </section>
    `;
  }

  #renderCalculator(): TemplateResult {
    return html`
      <rc-calculator
        .engine=${this.#engine}
        .formula=${this.formula}
        .currency=${this.currency}
        .locale=${this.locale}
      ></rc-calculator>
    `;
  }

  #renderReport(): TemplateResult | typeof nothing {
    const report = this.current;
    if (report === null) {
      return nothing;
    }
    const views = viewsFor(report, this.#hidden);
    const shown = views.find(({ id }) => id === this.view) ?? views[0];
    return html`
      <div class="report" aria-busy=${this.isBusyShown ? "true" : "false"}>
        <rc-understood
          .report=${report}
          .name=${this.inHand?.name ?? ""}
          .locale=${this.locale}
          .isChanging=${this.isChanging}
        ></rc-understood>
        ${this.#renderFailure()}
        ${
          this.isBusy && this.progress !== null
            ? html`
              <rc-reading
                .name=${this.inHand?.name ?? ""}
                .locale=${this.locale}
                .progress=${this.progress}
                .secondsLeft=${this.#secondsLeft}
              ></rc-reading>
            `
            : nothing
        }
        <rc-questions
          .questions=${report.input.questions}
          .options=${historyOptions(this.options, this.inHand?.files ?? [], report.files?.files ?? [])}
          .busy=${this.isBusy}
          .columns=${report.input.columns}
          .source=${this.#historySource(report)}
        ></rc-questions>
        ${this.#renderFileQuestions(report)}
        ${this.isChanging && !this.#hidden.has("mapping") ? this.#renderMapping(report) : nothing}
        <rc-tabs .tabs=${views} .chosen=${shown?.id ?? ""}></rc-tabs>
        ${
          shown === undefined || this.isViewHeld
            ? nothing
            : html`
              <div class="view" role="tabpanel" aria-label=${shown.name} data-view=${shown.id}>
                <h2 class="visually-hidden">${shown.name}</h2>
                ${this.#renderView(shown.id, report)}
              </div>
            `
        }
      </div>
    `;
  }

  /** The file that the figures come from. */
  #historySource(report: Report | null): Blob | null {
    const { files = [], source = null } = this.inHand ?? {};
    return historyFile(files, report?.files?.files ?? [])?.source ?? source;
  }

  /** What only the reader can decide about files beside the history. */
  #renderFileQuestions(report: Report): unknown {
    const files = this.inHand?.files;
    return report.files?.files.map(({ name, kind, input }, index) => {
      const file = files?.[index];
      return (kind !== "customers" && kind !== "events") || file === undefined
        ? nothing
        : html`
          <rc-questions
            .questions=${input.questions}
            .options=${questionOptions(file)}
            .busy=${this.isBusy}
            .columns=${input.columns}
            .source=${file.source}
            .about=${name}
            @rc-options=${(event: OptionsEvent) => this.#changeFile(event, index)}
          ></rc-questions>
        `;
    });
  }

  /** The mapping of the file, or of one of several. */
  #renderMapping(report: Report): TemplateResult {
    const files = this.inHand?.files;
    const reports = report.files?.files;
    if (files === undefined || !reports) {
      return html`
        <rc-mapping
          .report=${report}
          .options=${this.options}
          .locale=${this.locale}
          .busy=${this.isBusy}
        ></rc-mapping>
      `;
    }
    const place = Math.min(this.changedFile, reports.length - 1);
    const chosen = reports[place];
    const file = files[place];
    if (chosen === undefined || file === undefined) {
      return html``;
    }
    const isBeside = ["customers", "events", "unused"].includes(chosen.kind);
    return html`
      <fieldset class="files">
        <legend class="small muted">How each file is read</legend>
        ${reports.map(
          ({ name }, index) => html`
            <label>
              <input
                type="radio"
                name="file"
                .checked=${index === place}
                @change=${() => {
                  this.changedFile = index;
                }}
              />
              <bdi>${cell(name)}</bdi>
            </label>
          `,
        )}
      </fieldset>
      <rc-mapping
        .report=${{ ...report, input: isBeside ? { ...chosen.input, shape: chosen.kind } : { ...report.input, columns: chosen.input.columns, preview: chosen.input.preview } }}
        .options=${mappingOptions(this.options, file, isBeside)}
        .among=${isBeside ? "beside" : "history"}
        .locale=${this.locale}
        .busy=${this.isBusy}
        @rc-options=${(event: OptionsEvent) => isBeside && this.#changeFile(event, place)}
      ></rc-mapping>
    `;
  }

  #renderView(id: ViewId, report: Report): TemplateResult {
    // Typed by the host only for files that name none.
    const currency = report.input.currency ?? this.currency;
    switch (id) {
      case "overview":
        return html`
          <rc-overview
            .report=${report}
            .engine=${this.#engine}
            .formulas=${this.catalogue}
            .locale=${this.locale}
            .currency=${currency}
          ></rc-overview>
        `;
      case "movements":
        return html`
          <rc-movements
            .report=${report}
            .engine=${this.#engine}
            .formulas=${this.catalogue}
            .locale=${this.locale}
            .currency=${currency}
          ></rc-movements>
        `;
      case "cohorts":
        return html`
          <rc-cohorts
            .report=${report}
            .formulas=${this.catalogue}
            .engine=${this.#engine}
            .locale=${this.locale}
            .currency=${currency}
          ></rc-cohorts>
        `;
      case "customers":
        return html`
          <rc-customers
            .report=${report}
            .engine=${this.#engine}
            .locale=${this.locale}
            .currency=${currency}
          ></rc-customers>
        `;
      case "segments":
        return html`
          <rc-segments
            .report=${report}
            .engine=${this.#engine}
            .formulas=${this.catalogue}
            .locale=${this.locale}
            .currency=${currency}
            .busy=${this.isBusy}
          ></rc-segments>
        `;
      case "lifespan":
        return html`
          <rc-lifespan
            .report=${report}
            .engine=${this.#engine}
            .formulas=${this.catalogue}
            .locale=${this.locale}
            .currency=${currency}
          ></rc-lifespan>
        `;
      case "dashboard":
        return html`
          <rc-dashboard
            .report=${report}
            .engine=${this.#engine}
            .formulas=${this.catalogue}
            .locale=${this.locale}
            .currency=${currency}
            .isInPrint=${this.inHand?.name === DASHBOARD_SAMPLE}
          ></rc-dashboard>
        `;
      case "what-if":
        return html`
          <rc-what-if
            .report=${report}
            .engine=${this.#projecting}
            .lab=${this.lab}
            .locale=${this.locale}
            .currency=${currency}
          ></rc-what-if>
        `;
      case "health":
        return this.#renderHealth(currency);
      case "import":
        return html`
          <rc-import-report
            .report=${report}
            .locale=${this.locale}
            .busy=${this.isBusy}
          ></rc-import-report>
        `;
    }
  }

  #renderHealth(currency: string): TemplateResult {
    const { encoding, delimiter, hasHeader, dateOrder, decimal } = this.options;
    // One day rules both: that of the report, where it has one.
    const asOf = this.options.asOf ?? (this.current?.input.asOf || undefined);
    return html`
      <rc-health
        .source=${this.#historySource(this.current)}
        .engine=${this.#engine}
        .base=${this.#healthBase({ encoding, delimiter, hasHeader, dateOrder, decimal, asOf })}
        .formulas=${this.catalogue}
        .locale=${this.locale}
        .currency=${currency}
      ></rc-health>
    `;
  }

  /** The options that accounts are scored with; the same object while they are the same. */
  #healthBase(options: { [K in keyof ScoreOptions]?: ScoreOptions[K] | undefined }): ScoreOptions {
    const text = JSON.stringify(options);
    if (this.#base.text !== text) {
      this.#base = { text, options: JSON.parse(text) as ScoreOptions };
    }
    return this.#base.options;
  }

  get #hidden(): ReadonlySet<string> {
    return new Set(this.hide.split(/\s+/).filter((word) => word !== ""));
  }

  #onAsk({ what }: AskEvent): void {
    switch (what) {
      case "cancel":
        this.#reading?.abort();
        break;
      case "begin-anew":
        this.#beginAnew();
        break;
      case "toggle-mapping":
        this.isChanging = !this.isChanging;
        break;
      case "open-mapping":
        this.isChanging = true;
        break;
      case "type-totals":
        this.renderRoot.querySelector<HTMLElement>("rc-calculator")?.focus();
        break;
    }
  }

  #beginAnew(): void {
    this.#reading?.abort();
    this.stage = "start";
    this.inHand = null;
    this.options = {};
    this.current = null;
    this.failing = null;
    this.isChanging = false;
    this.spoken = "";
    this.#show("overview");
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>("rc-ways-in")?.focus(),
    );
  }

  #show(view: string): void {
    if (view !== this.view) {
      this.view = view;
      this.dispatchEvent(new RetentionViewEvent(view));
    }
  }

  #start(event: SourceEvent): void {
    // What went wrong is shown; nobody waits for this promise.
    this.#read({ source: event.source, name: event.name }, event.options).catch(() => undefined);
  }

  #startSeveral({ files, name }: SeveralEvent): void {
    this.#read(handful(files, name), {}).catch(() => undefined);
  }

  #refuse({ code, message }: Pick<RefusedEvent, "code" | "message">): void {
    if (this.stage === "start") {
      this.inHand = null;
    }
    this.#fail(new RetentionError(code, message));
  }

  async #readSample(id: string): Promise<void> {
    const sample = SAMPLES.find((one) => one.id === id);
    if (sample === undefined) {
      const names = formatFor("en").list(SAMPLES.map((one) => one.id));
      this.#fail(
        new RetentionError("sample-not-known", `There is no sample "${id}". There are ${names}.`),
      );
      return;
    }
    try {
      const inHand = handful(await sampleFiles(sample), sampleName(sample));
      // Meanwhile another one may have been named.
      if (this.sample === id) {
        this.#read(inHand, sample.options ?? {}).catch(() => undefined);
      }
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  async #readAddress(src: string): Promise<void> {
    try {
      const address = new URL(src, document.baseURI);
      if (address.origin !== location.origin) {
        throw new RetentionError(
          "src-of-another-origin",
          "The file named in src lies on another site. Put it on the same site as this page.",
        );
      }
      const answer = await fetch(address);
      if (!answer.ok) {
        throw new RetentionError(
          "src-not-loaded",
          `The file named in src could not be loaded (status ${answer.status}). Check its address.`,
        );
      }
      const name = address.pathname.split("/").at(-1) ?? "";
      await this.#read({ source: await answer.blob(), name: decodeURIComponent(name) }, {});
    } catch (thrown) {
      if (thrown instanceof RetentionError) {
        this.#fail(thrown);
      } else if (!isAbort(thrown)) {
        this.#fail(
          new RetentionError(
            "src-not-loaded",
            "The file named in src could not be loaded. Check its address and this page's connect-src.",
          ),
        );
      }
    }
  }

  /** Reads a file from the beginning, in place of whatever was read before. */
  async #read(inHand: InHand, given: AnalyzeFilesOptions): Promise<Report> {
    // What is shown is the whole report, whatever parts are asked for.
    const { parts: _parts, ...options } = given;
    this.incoming = inHand;
    // What is read in a moment is there in a moment; only what takes longer has a state of its own.
    const showing = setTimeout(() => this.#showReading(inHand), SHOWN_AFTER_MS);
    try {
      const report = await this.#watched(options, (watched) =>
        inHand.files === undefined
          ? this.#engine.analyze(inHand.source, watched)
          : this.#engine.analyzeFiles(inHand.files, watched),
      );
      [this.catalogue] = await Promise.all([this.#engine.formulas(), reportElements()]);
      clearTimeout(showing);
      const isFirst = this.current === null;
      // Scenarios belong to the file that they were made on; those of a link wait for the first.
      if (!isFirst) this.lab = "";
      this.options = coreOptions(options);
      this.isChanging = false;
      this.changedFile = 0;
      this.failing = null;
      this.#settle(inHand, "report");
      // All of it at once would keep the page from answering for longer than a frame or two.
      this.isViewHeld = true;
      this.#take(report);
      if (!isFirst || !VIEWS.some(({ id }) => id === this.view)) {
        this.#show("overview");
      }
      await this.updateComplete;
      if (this.getBoundingClientRect().top < 0) {
        this.scrollIntoView();
      }
      this.renderRoot.querySelector<HTMLElement>("rc-understood")?.focus({ preventScroll: true });
      await nextTask();
      void nextFrame().then(() => this.#loadFurther());
      return report;
    } catch (thrown) {
      // A file that came later is being read now, and has the stage.
      if (this.incoming === inHand) {
        this.incoming = null;
        if (isAbort(thrown) || options.signal?.aborted === true) {
          this.#leaveReading(this.current === null ? "start" : "report");
          this.spoken = "Reading was cancelled.";
        } else if (this.current === null && (await this.#canBeScored(thrown, inHand))) {
          this.catalogue = await this.#engine.formulas();
          this.options = coreOptions(options);
          this.failing = null;
          this.#settle(inHand, "health");
          this.spoken = "The accounts are scored.";
          this.#show("health");
        } else if (this.current === null) {
          this.options = coreOptions(options);
          this.#settle(inHand, "start");
          this.#fail(thrown, inHand.name);
          // What had the focus went with the state of reading.
          await this.updateComplete;
          this.renderRoot.querySelector<HTMLElement>("rc-failure")?.focus();
        } else {
          // The report on the file before is still good.
          this.stage = "report";
          this.#fail(thrown, inHand.name);
        }
      }
      throw thrown;
    } finally {
      this.isViewHeld = false;
      clearTimeout(showing);
    }
  }

  /** Loads what stands behind the first view; who asks for it earlier sees it once it is there. */
  #loadFurther(): void {
    furtherElements().catch((thrown: unknown) => this.#fail(thrown));
  }

  /** Whether a file without histories has accounts with health signals. */
  async #canBeScored(thrown: unknown, { source, files }: InHand): Promise<boolean> {
    const { code } = flatten(thrown);
    // Which of several files would be meant is not known.
    if (files !== undefined || !/^(column-missing|no-shape|no-history)/.test(code)) return false;
    return this.#engine.score(source, { listed: 1 }).then(
      () => true,
      () => false,
    );
  }

  /** Shows the state of reading, and takes along whoever has just chosen the file. */
  #showReading({ name }: InHand): void {
    const hadFocus = this.matches(":focus-within");
    this.stage = "reading";
    this.#speak(`Reading ${name}.`);
    if (hadFocus) {
      void this.updateComplete.then(() =>
        this.renderRoot.querySelector<HTMLElement>("rc-reading")?.focus({ preventScroll: true }),
      );
    }
  }

  /** Goes back to what was shown before, and takes along whoever has just given the reading up. */
  #leaveReading(stage: Stage): void {
    const hadFocus = this.stage === "reading" && this.matches(":focus-within");
    this.stage = stage;
    if (hadFocus) {
      void this.updateComplete.then(() =>
        this.renderRoot
          .querySelector<HTMLElement>(stage === "start" ? "rc-ways-in" : "rc-understood")
          ?.focus({ preventScroll: true }),
      );
    }
  }

  #settle(inHand: InHand, stage: Stage): void {
    this.inHand = inHand;
    this.incoming = null;
    this.stage = stage;
  }

  /** Applies other options to the file in hand; of several, those about reading to the history. */
  async #change({ options }: OptionsEvent): Promise<void> {
    await this.#inTurn({ options, place: null });
  }

  /** Applies other options to one of several files. */
  async #changeFile(event: OptionsEvent, place: number): Promise<void> {
    event.stopPropagation();
    await this.#inTurn({ options: event.options, place });
  }

  /** Applies a change at once, or after the one that is being worked out, with all that came since. */
  async #inTurn(change: Change): Promise<void> {
    this.#waiting.push(change);
    while (!this.isBusy && 0 < this.#waiting.length) {
      await this.#applyAll(this.#waiting.splice(0));
    }
  }

  async #applyAll(changes: readonly Change[]): Promise<void> {
    let { inHand, options } = this;
    if (inHand === null) {
      return;
    }
    const reports = this.current?.files?.files ?? [];
    for (const { options: changed, place } of changes) {
      const given: InHand["files"] = inHand.files;
      if (given === undefined) {
        options = changedOptions(options, changed);
      } else if (place === null) {
        inHand = { ...inHand, files: changedFiles(given, reports, changed) };
        // Without a report it is not known which file is the history: the core finds out.
        options = changedOptions(options, this.current === null ? changed : sharedChanges(changed));
      } else {
        inHand = {
          ...inHand,
          files: given.map((file, index) => (index === place ? changedFile(file, changed) : file)),
        };
      }
    }
    await this.#apply(inHand, options);
  }

  async #apply(inHand: InHand, changed: ReaderOptions): Promise<void> {
    const options = coreOptions(changed);
    if (this.current === null) {
      this.#read(inHand, options).catch(() => undefined);
      return;
    }
    this.isBusy = true;
    this.failing = null;
    // To dim all of a view for less than a moment would be a flicker, and work for nothing.
    const showing = setTimeout(() => {
      this.isBusyShown = true;
    }, SHOWN_AFTER_MS);
    try {
      const report = await this.#watched(options, (watched) =>
        inHand.files === undefined
          ? this.#engine.reanalyze(inHand.source, watched)
          : this.#engine.reanalyzeFiles(inHand.files, watched),
      );
      this.inHand = inHand;
      this.options = options;
      this.#take(report);
    } catch (thrown) {
      // What was to follow goes with it, and every control shows again what is in force.
      this.#waiting = [];
      this.current &&= { ...this.current };
      if (!isAbort(thrown)) {
        this.#fail(thrown, inHand.name);
      }
    } finally {
      clearTimeout(showing);
      this.isBusy = false;
      this.isBusyShown = false;
    }
  }

  /** Runs a request that can be cancelled and whose progress is shown; the one before is given up. */
  async #watched(
    options: AnalyzeFilesOptions,
    run: (options: AnalyzeFilesOptions) => Promise<Report>,
  ): Promise<Report> {
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    const { signal, onProgress } = options;
    this.progress = null;
    this.#pass = 0;
    this.#pace = new Pace();
    this.#spokenMs = performance.now();
    try {
      return await run({
        ...options,
        signal: signal ? AbortSignal.any([signal, reading.signal]) : reading.signal,
        onProgress: (progress) => {
          this.#follow(progress);
          onProgress?.(progress);
          this.dispatchEvent(new RetentionProgressEvent(progress));
        },
      });
    } finally {
      if (this.#reading === reading) {
        this.#reading = null;
        this.progress = null;
      }
    }
  }

  /** Shows how far the reading is, and says it now and then. */
  #follow(progress: Progress): void {
    const now = performance.now();
    if (progress.pass !== this.#pass) {
      this.#pass = progress.pass;
      this.#pace = new Pace();
    }
    this.#pace.add(progress.bytes, now);
    const wasRead = this.progress !== null && this.progress.total <= this.progress.bytes;
    this.progress = progress;
    const isRead = progress.total <= progress.bytes;
    if (this.stage !== "reading" && !this.isBusy) {
      return;
    }
    if (isRead && !wasRead) {
      this.#speak("The file is read. Working out the figures.");
    } else if (!isRead && SPOKEN_EVERY_MS <= now - this.#spokenMs) {
      const format = formatFor(this.locale);
      const left = timeLeft(this.#secondsLeft, format);
      this.#speak(`${format.share(progress.bytes / progress.total, 0)} read${left}.`);
    }
  }

  #speak(words: string): void {
    this.spoken = words;
    this.#spokenMs = performance.now();
  }

  get #secondsLeft(): number | null {
    return this.progress === null ? null : this.#pace.secondsLeft(this.progress.total);
  }

  #take(report: Report): void {
    this.current = report;
    const { rows } = report.input;
    const format = formatFor(this.locale);
    this.spoken = `Report ready. ${format.counted(rows.read, "row")} read, ${format.count(rows.excluded)} left out.`;
    this.dispatchEvent(new RetentionReportEvent(report));
  }

  #fail(thrown: unknown, about = ""): void {
    const failing = { ...flatten(thrown), about };
    this.failing = failing;
    this.dispatchEvent(new RetentionErrorEvent(failing.code, failing.message));
  }

  /** Whether a drag or a paste at this place is for the calculator. */
  #isMine(event: Event): boolean {
    return this.mode === "full" && (this.wholePage || event.composedPath().includes(this));
  }

  #onDrag(event: DragEvent): void {
    const { dataTransfer } = event;
    // Another drop zone of the host page has taken it.
    if (dataTransfer === null || event.defaultPrevented) {
      return;
    }
    const hasFiles = dataTransfer.types.includes("Files");
    if (!this.#isMine(event)) {
      this.isDroppable = false;
      if (hasFiles && this.mode === "full" && event.type !== "dragleave") {
        // A file that misses the calculator must not open in place of the page.
        event.preventDefault();
        dataTransfer.dropEffect = "none";
      }
      return;
    }
    if (!hasFiles) {
      // Text that is dragged about in the page is not meant for reading.
      return;
    }
    if (event.type === "dragleave") {
      // Leaving the window; between elements the next dragenter follows at once.
      this.isDroppable = event.relatedTarget !== null && this.isDroppable;
      return;
    }
    // Without this the browser would open the file in place of the page.
    event.preventDefault();
    if (event.type === "drop") {
      this.isDroppable = false;
      this.#takeIn(takeDrop(dataTransfer));
    } else {
      dataTransfer.dropEffect = "copy";
      this.isDroppable = true;
    }
  }

  #onKey(event: KeyboardEvent): void {
    const isShown = this.stage === "reading" || (this.isBusy && this.progress !== null);
    if (event.key === "Escape" && isShown && !event.defaultPrevented && this.#isMine(event)) {
      event.preventDefault();
      this.#reading?.abort();
    }
  }

  #onPaste(event: ClipboardEvent): void {
    if (event.clipboardData === null || isTextEntry(event) || !this.#isMine(event)) {
      return;
    }
    event.preventDefault();
    this.#takeIn(takePaste(event.clipboardData));
  }

  #takeIn(intake: Intake): void {
    if (intake.kind === "source") {
      this.#read({ source: intake.source, name: intake.name }, {}).catch(() => undefined);
    } else if (intake.kind === "several") {
      const files = intake.files.map((file) => ({ name: file.name, source: file }));
      this.#read(handful(files), {}).catch(() => undefined);
    } else if (intake.kind === "refused") {
      this.#refuse(intake);
    }
  }

  #onLead(event: Event): void {
    const path = event.composedPath();
    const isAction = path
      .slice(0, path.indexOf(event.currentTarget as EventTarget))
      .some((one) => one instanceof Element && one.matches("a, button, input, [role=button]"));
    if (isAction) {
      this.dispatchEvent(new RetentionLeadEvent());
    }
  }

  static override styles = [
    tokens,
    controls,
    css`
      :host {
        display: block;
        container-type: inline-size;
        background: var(--rc-surface);
        text-align: start;
      }

      .frame {
        max-inline-size: var(--rc-width);
        margin-inline: auto;
        padding: 0 var(--rc-space-2);
      }

      /* What a host page sets for all of its elements it sets for this one too, and that would be
         inherited. Slots keep the look of the host. */
      .content {
        font: 400 var(--rc-text-m) / var(--rc-leading) var(--rc-font);
        letter-spacing: normal;
        word-spacing: normal;
        text-indent: 0;
        text-shadow: none;
        text-transform: none;
        white-space: normal;
        color: var(--rc-text);
      }

      .start {
        display: grid;
        gap: var(--rc-space-3);
      }

      .totals {
        display: grid;
        gap: var(--rc-space-3);
        padding-block: var(--rc-space-4) var(--rc-space-6);
        scroll-margin-block-start: var(--rc-space-2);
      }

      .report {
        display: grid;
        gap: var(--rc-space-2);
        padding-block: var(--rc-space-2) var(--rc-space-8);
        grid-template-columns: minmax(0, 1fr);
      }

      .report[aria-busy="true"] .view {
        opacity: 0.5;
      }

      .alone {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        justify-content: space-between;
        gap: var(--rc-space-1) var(--rc-space-2);
      }

      rc-tabs {
        margin-block-start: var(--rc-space-1);
      }

      .view {
        padding-block-start: var(--rc-space-2);
      }

      .files {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--rc-space-3);
        padding: 0;
        border: 0;
      }

      .files label {
        display: inline-flex;
        align-items: center;
        gap: var(--rc-space-1);
        min-block-size: 28px;
      }

      .files input {
        inline-size: 16px;
        block-size: 16px;
        min-block-size: 0;
        margin: 0;
        accent-color: var(--rc-accent);
      }

      .drop {
        position: fixed;
        z-index: 10;
        inset: var(--rc-space-2);
        display: grid;
        place-items: center;
        border: 2px dashed var(--rc-accent);
        border-radius: var(--rc-radius);
        background: color-mix(in srgb, var(--rc-surface) 88%, transparent);
        font-size: var(--rc-text-l);
        font-weight: var(--rc-weight-strong);
        pointer-events: none;
      }

      @container (min-width: 720px) {
        .frame {
          padding-inline: var(--rc-space-4);
        }
      }
    `,
  ];
}

/** Files in hand: one alone is the same as ever. */
function handful(given: readonly GivenFile[], name = ""): InHand {
  const files = given.map((file) => ({ ...file, source: asBlob(file.source) }));
  const source = files[0]?.source ?? new Blob();
  const named = name === "" ? files.map((file) => file.name).join(", ") : name;
  const [, second] = files;
  return second === undefined ? { source, name: named } : { source, name: named, files };
}

function isAbort(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === "AbortError";
}

/** Whether an event happens where text is typed. */
function isTextEntry(event: Event): boolean {
  const target = event.composedPath()[0];
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=file]), textarea, select"))
  );
}
