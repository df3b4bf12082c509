/**
 * The engine as the elements see it: promises, progress and cancelling.
 *
 * It knows which module of the core a request is for; how requests wait for each other is in
 * `lane.ts`.
 */

import { holdLast } from "./arrived.ts";
import type {
  Claim,
  AnalyzeOptions as CoreOptions,
  CustomerHistory,
  CustomerList,
  CustomerQuery,
  Figure,
  FileOptions,
  FilesOptions,
  Fit,
  FitRequest,
  FormulaId,
  FormulaInfo,
  Goal,
  GoalAnswer,
  LifetimesBySegment,
  Outlook,
  OutlookQuery,
  Projection,
  Report,
  RiskReport,
  Scenario,
  ScoreOptions,
} from "./core.ts";
import type { Host } from "./host.ts";
import { Lane, type Watch } from "./lane.ts";
import {
  type AnswerTo,
  type CoreName,
  coreFor,
  type Given,
  isSmall,
  type Request,
  type Several,
} from "./protocol.ts";
import { RetentionError } from "./retention-error.ts";

export type { CoreOptions, Watch };

/** How long a page has for showing a first figure before anything else is loaded. */
const SHOWN_WITHIN_MS = 300;

/** What a file can be given as. */
export type Source = string | Blob | ArrayBuffer;

/** How a file is read and analysed. Everything left out is detected, and said in the report. */
export interface AnalyzeOptions extends CoreOptions, Watch {
  /** How many workers read the file, 1 to 4; by its size and the device where nothing is said. */
  workers?: number | undefined;
}

/** One of several files. */
export interface GivenFile extends Omit<FileOptions, "container"> {
  name: string;
  source: Source;
}

/** How several files are joined and analysed. */
export interface AnalyzeFilesOptions extends AnalyzeOptions {
  /** Who is believed where files contradict each other; the subscriptions where nothing is said. */
  rules?: FilesOptions["rules"];
  /** Whether ids that differ in case or leading zeros only are joined, too. */
  matchIds?: FilesOptions["matchIds"];
  /** Whether an event that the file calls a reactivation is a return or a leaving. */
  reactivations?: FilesOptions["reactivations"];
}

/** The options without what only the page understands, and without what is not set. */
export function coreOptions(options: AnalyzeOptions): CoreOptions {
  const { signal: _signal, onProgress: _onProgress, workers: _workers, ...core } = options;
  return given(core);
}

/** What is set of some options. */
function given<T extends object>(options: T): { [K in keyof T]: NonNullable<T[K]> } {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined && value !== null),
  ) as { [K in keyof T]: NonNullable<T[K]> };
}

/** Several files as the core wants them. */
function severalOf(files: readonly GivenFile[], options: AnalyzeFilesOptions): Several {
  const { rules, matchIds, reactivations, ...analyze } = options;
  return {
    sources: files.map(({ source }) => asBlob(source)),
    options: given({
      files: files.map(({ source: _source, ...file }) => ({
        // The browser has to know of each file what it is written in.
        ...(options.encoding === undefined ? {} : { encoding: options.encoding }),
        ...given(file),
      })),
      analyze: coreOptions(analyze),
      rules,
      matchIds,
      reactivations,
    }),
  };
}

/**
 * The options that one file is read with where it is given as the only one of several: its own come
 * before those of all, and none that speak of two files are left.
 */
export function optionsOfOne(
  { name: _name, source: _source, kind, ...own }: GivenFile,
  options: AnalyzeFilesOptions,
): AnalyzeOptions {
  if (kind === "customers" || kind === "events" || kind === "unused") {
    throw new RetentionError(
      "no-history-among-files",
      "None of the files says when customers came and went. Add subscriptions, monthly revenue or orders.",
    );
  }
  const { rules: _rules, matchIds: _ids, reactivations: _meaning, ...analyze } = options;
  return { ...analyze, ...given(own), ...given({ shape: kind }) };
}

/** A source as something that can be read in chunks. */
export function asBlob(source: Source): Blob {
  return source instanceof Blob ? source : new Blob([source]);
}

/** The core, each of its modules behind a queue of one. */
export class Engine {
  readonly #lanes: Readonly<Record<CoreName, Lane>>;
  #catalogue: Promise<FormulaInfo[]> | null = null;
  /** What the last report was made of. */
  #file: Given | null = null;
  /** The file whose accounts were scored last, or are about to be. */
  #scored: Blob | null = null;

  /** `start` starts a core; it is called with its first request and after each crash. */
  constructor(start: (core: CoreName) => Promise<Host>) {
    this.#lanes = {
      formulas: new Lane(() => start("formulas")),
      files: new Lane(() => start("files")),
      models: new Lane(() => start("models")),
    };
  }

  /** Makes the core that reads files ready before one is given. */
  warm(): void {
    this.#lanes.files.warm();
  }

  /** Reads a file and reports on it. */
  analyze(source: Source, options: AnalyzeOptions = {}): Promise<Report> {
    return this.#read(asBlob(source), options);
  }

  /** Reports on the file read last with other options, reading it again only where it must. */
  async reanalyze(source: Blob, options: AnalyzeOptions = {}): Promise<Report> {
    const answer = await this.#ask(
      { kind: "reanalyze", source, options: coreOptions(options) },
      options,
    );
    // A large file is read again as if it were another one: with a fresh memory.
    if ("kind" in answer) {
      return this.#read(source, options, answer.why);
    }
    this.#file = { source, options: coreOptions(options) };
    return answer;
  }

  /** Reads several files, joins them by customer and reports on them. */
  async analyzeFiles(
    files: readonly GivenFile[],
    options: AnalyzeFilesOptions = {},
  ): Promise<Report> {
    const [first, ...more] = files;
    if (first === undefined) {
      throw new RetentionError("no-files", "There is no file to read.");
    }
    if (0 < more.length) {
      return this.#read(asBlob(first.source), options, undefined, severalOf(files, options));
    }
    // A single file goes the way that it always goes.
    return this.#read(asBlob(first.source), optionsOfOne(first, options));
  }

  /** Reports on the files read last with other options, reading them again only where it must. */
  async reanalyzeFiles(
    files: readonly GivenFile[],
    options: AnalyzeFilesOptions = {},
  ): Promise<Report> {
    const several = severalOf(files, options);
    const file = {
      source: several.sources[0] ?? new Blob(),
      options: coreOptions(options),
      several,
    };
    const answer = await this.#ask({ kind: "reanalyze", ...file }, options);
    if ("kind" in answer) {
      return this.#read(file.source, options, answer.why, several);
    }
    this.#file = file;
    return answer;
  }

  /** The customers behind a figure of the last report. */
  async customers(query: CustomerQuery, watch: Watch = {}): Promise<CustomerList> {
    return this.#ask({ kind: "customers", ...this.#lastFile(), query }, watch);
  }

  /** All customers that match a query, as a table in CSV. */
  async customersCsv(query: CustomerQuery, watch: Watch = {}): Promise<Blob> {
    const bytes = await this.#ask({ kind: "customersCsv", ...this.#lastFile(), query }, watch);
    return new Blob([bytes], { type: "text/csv" });
  }

  /** What one customer paid when, by its id as the file has it. */
  async customer(customer: string, watch: Watch = {}): Promise<CustomerHistory> {
    return this.#ask({ kind: "customer", ...this.#lastFile(), customer }, watch);
  }

  /** How long the customers of each segment of the last file stay. */
  async lifetimes(watch: Watch = {}): Promise<LifetimesBySegment | null> {
    return this.#ask({ kind: "lifetimes", ...this.#lastFile() }, watch);
  }

  /** Purchases to come of the customers of the last file. */
  async outlook(query: OutlookQuery, watch: Watch = {}): Promise<Outlook> {
    return this.#ask({ kind: "outlook", ...this.#lastFile(), query }, watch);
  }

  /** One formula on plain numbers. */
  calculate(
    formula: FormulaId,
    inputs: Record<string, number>,
    watch: Watch = {},
  ): Promise<Figure> {
    return this.#ask({ kind: "calculate", formula, inputs }, watch);
  }

  /** The catalogue of formulas; asked for once. */
  formulas(): Promise<FormulaInfo[]> {
    this.#catalogue ??= this.#ask({ kind: "formulas" }, {}).catch((reason: unknown) => {
      this.#catalogue = null;
      throw reason;
    });
    return this.#catalogue;
  }

  /** A lifespan model on counts, durations or purchases. */
  fit(request: FitRequest, watch: Watch = {}): Promise<Fit> {
    return this.#ask({ kind: "fit", request }, watch);
  }

  /** What becomes of the customers under a scenario. */
  project(scenario: Scenario, watch: Watch = {}): Promise<Projection> {
    return this.#ask({ kind: "project", scenario }, watch);
  }

  /** Which value of a lever gives an outcome. */
  seek(goal: Goal, watch: Watch = {}): Promise<GoalAnswer> {
    return this.#ask({ kind: "seek", goal }, watch);
  }

  /** Claims of articles, with what is true of them. */
  claims(watch: Watch = {}): Promise<Claim[]> {
    return this.#ask({ kind: "claims" }, watch);
  }

  /** The health of the accounts of a file. */
  score(source: Source, options: ScoreOptions = {}, watch: Watch = {}): Promise<RiskReport> {
    this.#scored = asBlob(source);
    return this.#ask({ kind: "score", source: this.#scored, options: given(options) }, watch);
  }

  /** The same with another sheet, playbook or date: the file is read only where another one was meanwhile. */
  rescore(source: Blob, options: ScoreOptions = {}, watch: Watch = {}): Promise<RiskReport> {
    return source === this.#scored
      ? this.#ask({ kind: "rescore", source, options: given(options) }, watch)
      : this.score(source, options, watch);
  }

  /** Stops all cores and rejects what is under way. A core starts again with the next request. */
  close(): void {
    for (const lane of Object.values(this.#lanes)) {
      lane.close();
    }
  }

  #lastFile(): Given {
    if (this.#file === null) {
      throw new RetentionError(
        "nothing-read",
        "There is no report to ask about. Give a file first.",
      );
    }
    return this.#file;
  }

  async #read(
    source: Blob,
    options: AnalyzeOptions,
    why?: string,
    several?: Several,
  ): Promise<Report> {
    const { workers } = options;
    const file = {
      source,
      options: coreOptions(options),
      ...(several === undefined ? {} : { several }),
    };
    const request = {
      kind: "analyze" as const,
      ...file,
      ...(why === undefined ? {} : { why }),
      ...(workers === undefined ? {} : { workers }),
    };
    const release = isSmall(request) ? holdLast() : () => undefined;
    try {
      const report = await this.#ask(request, options);
      this.#file = file;
      return report;
    } finally {
      setTimeout(release, SHOWN_WITHIN_MS);
    }
  }

  #ask<R extends Request>(request: R, watch: Watch): Promise<AnswerTo<R>> {
    return this.#lanes[coreFor(request)].ask(request, watch);
  }
}
