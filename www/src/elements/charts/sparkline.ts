/**
 * `<rc-sparkline>`: the run of a figure in the size of a word.
 *
 * It has no axis and no numbers; the figure beside it has them. Gaps stay gaps.
 */

import { extent } from "d3-array";
import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { css, html, LitElement, nothing, svg, type TemplateResult } from "lit";

const WIDTH = 96;
const HEIGHT = 28;
const INSET = 4;

/** A line without axes that ends in a dot. */
export class SparklineElement extends LitElement {
  static override properties = {
    values: { attribute: false },
    label: {},
  };

  static override styles = css`
    :host {
      display: block;
      inline-size: 96px;
      direction: ltr;
    }
    svg {
      display: block;
      inline-size: 96px;
      block-size: 28px;
    }
    path {
      fill: none;
      stroke: var(--rc-mark-quiet);
      stroke-width: 1.5;
      stroke-linejoin: round;
      stroke-linecap: round;
    }
    circle {
      fill: var(--rc-mark);
    }
    circle.lone {
      fill: var(--rc-mark-quiet);
    }
  `;

  /** Oldest first; nothing where there is no value. */
  declare values: readonly (number | null)[];
  /** What it shows, where nothing beside it says so. */
  declare label: string;

  constructor() {
    super();
    this.values = [];
    this.label = "";
  }

  override render(): TemplateResult | typeof nothing {
    const known = this.values.filter((value) => value !== null);
    if (known.length < 2) return nothing;
    const [low = 0, high = 1] = extent(known);
    const room = low === high ? 1 : 0;
    const x = scaleLinear([0, this.values.length - 1], [INSET, WIDTH - INSET]);
    const y = scaleLinear([low - room, high + room], [HEIGHT - INSET, INSET]);
    const path = line<number | null>()
      .defined((value) => value !== null)
      .x((_, index) => x(index))
      .y((value) => y(value ?? 0));
    const last = this.values.length - 1;
    const end = this.values[last] ?? null;
    return html`
      <svg
        viewBox="0 0 ${WIDTH} ${HEIGHT}"
        role=${this.label ? "img" : nothing}
        aria-label=${this.label || nothing}
        aria-hidden=${this.label ? nothing : "true"}
      >
        <path d=${path(this.values) ?? ""} />
        ${this.values.map((value, index) =>
          value !== null &&
          (this.values[index - 1] ?? null) === null &&
          (this.values[index + 1] ?? null) === null &&
          index !== last
            ? svg`<circle class="lone" r="1.5" cx=${x(index)} cy=${y(value)} />`
            : nothing,
        )}
        ${end === null ? nothing : svg`<circle r="3" cx=${x(last)} cy=${y(end)} />`}
      </svg>
    `;
  }
}
