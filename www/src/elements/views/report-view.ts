/**
 * What all views of a report share: what they are given, how they write numbers, and the panel in
 * which their figures open.
 *
 * It draws nothing but that panel.
 */

import {
  type CSSResultGroup,
  html,
  LitElement,
  type PropertyDeclarations,
  type TemplateResult,
} from "lit";
import type { Figure, FormulaInfo, Report } from "../../engine/core.ts";
import { controls } from "../controls.styles.ts";
import { type Format, formatFor } from "../format.ts";
import { exclusions } from "../sentence.ts";
import { WideTables } from "../wide-tables.ts";
import type { CustomerSource } from "./behind.ts";
import type { DerivationElement, Derived } from "./derivation.ts";
import { kindOf } from "./figure-words.ts";
import { viewStyles } from "./view.styles.ts";

/** A view of a report. */
export abstract class ReportView extends LitElement {
  static override properties: PropertyDeclarations = {
    report: { attribute: false },
    formulas: { attribute: false },
    engine: { attribute: false },
    locale: {},
    currency: {},
  };

  static override styles: CSSResultGroup = [controls, viewStyles];

  declare report: Report | null;
  /** The catalogue of formulas. */
  declare formulas: readonly FormulaInfo[];
  /** What answers questions about customers. */
  declare engine: CustomerSource | null;
  declare locale: string;
  /** The currency to write money in; that of the file without it. */
  declare currency: string;

  constructor() {
    super();
    new WideTables(this);
    this.report = null;
    this.formulas = [];
    this.engine = null;
    this.locale = "";
    this.currency = "";
  }

  protected get format(): Format {
    return formatFor(this.locale, this.currency || this.report?.input.currency);
  }

  /** The panel that {@link show} opens; it stands at the end of what a view draws. */
  protected panel(): TemplateResult {
    return html`<rc-derivation .format=${this.format} .engine=${this.engine}></rc-derivation>`;
  }

  /** Opens the panel, where there is something to show in it. */
  protected show(derived: Derived | null): void {
    if (!derived) return;
    void this.renderRoot.querySelector<DerivationElement>("rc-derivation")?.show(derived);
  }

  /** Opens the panel on a figure of the report, with what was left out of it. */
  protected showFigure(
    name: string,
    of: string,
    figure: Figure,
    more: Partial<Derived> = {},
  ): void {
    this.show({
      name,
      of,
      figure,
      kind: kindOf(figure, this.formulas),
      info: this.formulas.find(({ id }) => id === figure.formula) ?? null,
      isOfTotals: this.report?.input.shape === "periods",
      leftOut: exclusions(this.report?.input.notes ?? []),
      ...more,
    });
  }
}
