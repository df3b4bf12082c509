/**
 * What the parts of the calculator tell `<retention-calculator>`, which alone owns the engine.
 *
 * They stay inside its shadow root; a host page never sees them.
 */

import type { AnalyzeFilesOptions, CoreOptions } from "../engine/client.ts";

/** A file, a paste or a sample to read. */
export class SourceEvent extends Event {
  static readonly type = "rc-source";
  readonly source: Blob;
  /** How it is named on the page. */
  readonly name: string;
  /** How it is looked at first. */
  readonly options: CoreOptions;

  constructor(source: Blob, name: string, options: CoreOptions = {}) {
    super(SourceEvent.type, { bubbles: true });
    this.source = source;
    this.name = name;
    this.options = options;
  }
}

/** Several files to read together. */
export class SeveralEvent extends Event {
  static readonly type = "rc-several";
  readonly files: readonly { name: string; source: Blob }[];
  /** How they are named together, where they have a name. */
  readonly name: string;

  constructor(files: readonly { name: string; source: Blob }[], name = "") {
    super(SeveralEvent.type, { bubbles: true });
    this.files = files;
    this.name = name;
  }
}

/** What can be decided about one file, and about several together. */
export type ReaderOptions = CoreOptions &
  Pick<AnalyzeFilesOptions, "rules" | "matchIds" | "reactivations">;

/** Something that cannot be taken as a file, said in words. */
export class RefusedEvent extends Event {
  static readonly type = "rc-refused";
  readonly code: string;
  readonly message: string;

  constructor(code: string, message: string) {
    super(RefusedEvent.type, { bubbles: true });
    this.code = code;
    this.message = message;
  }
}

/** Other options for the same file. Keys left out stay; keys set to `undefined` go back to "detect". */
export class OptionsEvent extends Event {
  static readonly type = "rc-options";
  readonly options: { [K in keyof ReaderOptions]?: ReaderOptions[K] | undefined };

  constructor(options: OptionsEvent["options"]) {
    super(OptionsEvent.type, { bubbles: true });
    this.options = options;
  }
}

/** Something that needs no further word: stop reading, begin anew, open or close the mapping. */
export class AskEvent extends Event {
  static readonly type = "rc-ask";
  readonly what: "cancel" | "begin-anew" | "toggle-mapping" | "open-mapping" | "type-totals";

  constructor(what: AskEvent["what"]) {
    super(AskEvent.type, { bubbles: true });
    this.what = what;
  }
}

declare global {
  interface HTMLElementEventMap {
    "rc-source": SourceEvent;
    "rc-several": SeveralEvent;
    "rc-refused": RefusedEvent;
    "rc-options": OptionsEvent;
    "rc-ask": AskEvent;
  }
}
