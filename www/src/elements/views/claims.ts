/**
 * `<rc-claims>`: what articles print about retention, what is true of it, and when it would hold.
 *
 * It computes nothing; the numbers come from the core. A claim can be opened as a scenario.
 */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Claim, ClaimScenario } from "../../engine/core.ts";
import { controls } from "../controls.styles.ts";
import { formatFor } from "../format.ts";
import { claimWords } from "./claim-words.ts";
import { viewStyles } from "./view.styles.ts";

/** A claim shall be played with. */
export class ClaimEvent extends Event {
  static readonly type = "rc-claim";
  readonly claim: string;
  readonly scenario: ClaimScenario;

  constructor(claim: string, scenario: ClaimScenario) {
    super(ClaimEvent.type, { bubbles: true });
    this.claim = claim;
    this.scenario = scenario;
  }
}

/** The claims, each with its three sentences. */
export class ClaimsElement extends LitElement {
  static override properties = {
    engine: { attribute: false },
    locale: {},
    claims: { state: true },
  };

  static override styles = [
    controls,
    viewStyles,
    css`
      ol {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr));
        gap: 0 var(--rc-space-4);
      }

      li {
        display: grid;
        align-content: start;
        gap: var(--rc-space-half);
        padding-block: var(--rc-space-2);
        border-block-start: 1px solid var(--rc-line);
      }

      li button {
        justify-self: start;
        text-align: start;
      }

      .print {
        font-weight: var(--rc-weight-strong);
      }

      .kind {
        color: var(--rc-text-muted);
      }
    `,
  ];

  declare engine: { claims(): Promise<Claim[]> } | null;
  declare locale: string;
  declare protected claims: readonly Claim[];
  #isAsked = false;

  constructor() {
    super();
    this.engine = null;
    this.locale = "";
    this.claims = [];
  }

  protected override updated(): void {
    if (this.engine && !this.#isAsked) {
      this.#isAsked = true;
      this.engine.claims().then(
        (claims) => {
          this.claims = claims;
        },
        () => {
          this.#isAsked = false;
        },
      );
    }
  }

  override render(): TemplateResult | typeof nothing {
    if (this.claims.length === 0) return nothing;
    const format = formatFor(this.locale);
    return html`
      <section aria-labelledby="claims">
        <h3 id="claims">What articles print, and what is true</h3>
        <ol>
          ${this.claims.map((claim) => {
            const words = claimWords(claim, format);
            if (!words) return nothing;
            const { scenario } = claim;
            return html`<li>
              ${
                scenario
                  ? html`<button type="button" class="link print" @click=${() => this.dispatchEvent(new ClaimEvent(claim.id, scenario))}>${words.print}</button>`
                  : html`<p class="print">${words.print}</p>`
              }
              <p class="small">${words.truth}</p>
              <p class="small kind">${words.holds}</p>
            </li>`;
          })}
        </ol>
        <p class="aside">A claim that can be opened is played with on round numbers: 100 customers, or 1,000 where it speaks of months.</p>
      </section>
    `;
  }
}

declare global {
  interface HTMLElementEventMap {
    "rc-claim": ClaimEvent;
  }
}
