/**
 * `<rc-interval-bar>`: a value and its interval on a thin scale.
 *
 * It is read together with the number beside it and adds nothing to it in words; on its own it is
 * named by `label`.
 */

import { scaleLinear } from "d3-scale";
import { css, html, LitElement, nothing, svg, type TemplateResult } from "lit";

const WIDTH = 160;
const HEIGHT = 14;

/** A thin bar from the low to the high end, with the value as a mark. */
export class IntervalBarElement extends LitElement {
  static override properties = {
    value: { type: Number },
    low: { type: Number },
    high: { type: Number },
    from: { type: Number },
    to: { type: Number },
    label: {},
  };

  static override styles = css`
    :host {
      display: block;
      max-inline-size: 160px;
      direction: ltr;
    }
    svg {
      display: block;
      inline-size: 100%;
      block-size: 14px;
    }
    .scale {
      fill: var(--rc-line);
    }
    .interval {
      fill: color-mix(in oklab, var(--rc-mark) 45%, var(--rc-surface));
    }
    .value {
      fill: var(--rc-mark);
    }
  `;

  declare value: number | null;
  declare low: number | null;
  declare high: number | null;
  /** The ends of the scale. */
  declare from: number;
  declare to: number;
  declare label: string;

  constructor() {
    super();
    this.value = null;
    this.low = null;
    this.high = null;
    this.from = 0;
    this.to = 1;
    this.label = "";
  }

  override render(): TemplateResult {
    const x = scaleLinear([this.from, this.to], [0, WIDTH]).clamp(true);
    const [low, high] = [this.low ?? this.value, this.high ?? this.value];
    return html`
      <svg
        viewBox="0 0 ${WIDTH} ${HEIGHT}"
        preserveAspectRatio="none"
        role=${this.label ? "img" : nothing}
        aria-label=${this.label || nothing}
        aria-hidden=${this.label ? nothing : "true"}
      >
        <rect class="scale" x="0" y="6" width=${WIDTH} height="2" />
        ${
          low === null || high === null
            ? nothing
            : svg`<rect class="interval" x=${x(low)} y="4" width=${Math.max(1.5, x(high) - x(low))} height="6" />`
        }
        ${this.value === null ? nothing : svg`<rect class="value" x=${Math.min(WIDTH - 2.5, Math.max(0, x(this.value) - 1.25))} y="1" width="2.5" height="12" />`}
      </svg>
    `;
  }
}
