/**
 * The events of `<retention-calculator>`: what a host page can listen to.
 *
 * They bubble and cross shadow roots. None of them carries rows of the file.
 */

import type { Projection, Report, Scenario } from "../engine/core.ts";
import type { Progress } from "../engine/protocol.ts";

const OUTWARD: EventInit = { bubbles: true, composed: true };

/** How far the reading of a file has come. */
export class RetentionProgressEvent extends Event {
  static readonly type = "retention-progress";
  readonly bytes: number;
  readonly total: number;
  readonly rows: number;

  constructor({ bytes, total, rows }: Progress) {
    super(RetentionProgressEvent.type, OUTWARD);
    this.bytes = bytes;
    this.total = total;
    this.rows = rows;
  }
}

/** A report is there. */
export class RetentionReportEvent extends Event {
  static readonly type = "retention-report";
  readonly report: Report;

  constructor(report: Report) {
    super(RetentionReportEvent.type, OUTWARD);
    this.report = report;
  }
}

/** Something could not be read or computed. */
export class RetentionErrorEvent extends Event {
  static readonly type = "retention-error";
  readonly code: string;
  readonly message: string;

  constructor(code: string, message: string) {
    super(RetentionErrorEvent.type, OUTWARD);
    this.code = code;
    this.message = message;
  }
}

/** A scenario was projected. */
export class RetentionScenarioEvent extends Event {
  static readonly type = "retention-scenario";
  readonly scenario: Scenario;
  readonly projection: Projection;

  constructor(scenario: Scenario, projection: Projection) {
    super(RetentionScenarioEvent.type, OUTWARD);
    this.scenario = scenario;
    this.projection = projection;
  }
}

/** A call to action that the host page has put into the slot `cta` was used. */
export class RetentionLeadEvent extends Event {
  static readonly type = "retention-lead";

  constructor() {
    super(RetentionLeadEvent.type, OUTWARD);
  }
}

/** Another view is shown; a page that keeps it in its address listens to this. */
export class RetentionViewEvent extends Event {
  static readonly type = "retention-view";
  readonly view: string;

  constructor(view: string) {
    super(RetentionViewEvent.type, OUTWARD);
    this.view = view;
  }
}

declare global {
  interface HTMLElementEventMap {
    "retention-progress": RetentionProgressEvent;
    "retention-report": RetentionReportEvent;
    "retention-error": RetentionErrorEvent;
    "retention-scenario": RetentionScenarioEvent;
    "retention-lead": RetentionLeadEvent;
    "retention-view": RetentionViewEvent;
  }
}
