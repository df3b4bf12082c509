/**
 * The page around the calculator: its views in the address, and drops and pastes from anywhere.
 *
 * It computes nothing, stores nothing and opens no address.
 */

import "../elements/retention-calculator-define.ts";
import { RetentionCalculator } from "../elements/retention-calculator.ts";

const calculator = document.querySelector("retention-calculator");

/** How long the scenarios rest before they are put into the address. */
const RESTED_AFTER_MS = 300;

/** The view that the address names, and behind it the scenarios of the what-if. */
function inAddress(): { view: string; lab: string } {
  const [view = "", lab = ""] = decoded(location.hash.slice(1)).split("=");
  return { view: view || "overview", lab: view === "what-if" ? lab : "" };
}

/** A fragment as it was meant; one that is broken as it stands. */
function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

function addressOf(view: string, lab: string): string {
  if (view === "overview") return location.pathname + location.search;
  return `#${view}${view === "what-if" && lab !== "" ? `=${lab}` : ""}`;
}

if (calculator instanceof RetentionCalculator) {
  calculator.wholePage = true;
  Object.assign(calculator, inAddress());
  calculator.addEventListener("retention-view", ({ view }) => {
    if (view !== inAddress().view) {
      history.pushState(null, "", addressOf(view, calculator.lab));
    }
  });
  let resting: ReturnType<typeof setTimeout> | undefined;
  calculator.addEventListener("retention-scenario", () => {
    clearTimeout(resting);
    // The fragment of an address is never sent.
    resting = setTimeout(() => {
      if (calculator.view === "what-if" && calculator.lab !== inAddress().lab) {
        history.replaceState(null, "", addressOf("what-if", calculator.lab));
      }
    }, RESTED_AFTER_MS);
  });
  for (const type of ["popstate", "hashchange"]) {
    window.addEventListener(type, () => {
      const { view, lab } = inAddress();
      calculator.view = view;
      if (view === "what-if") calculator.lab = lab;
    });
  }
}
