/**
 * The page around the calculator: its views in the address, and drops and pastes from anywhere.
 *
 * It computes nothing, stores nothing and opens no address.
 */

import "../elements/retention-calculator-define.ts";
import { RetentionCalculator } from "../elements/retention-calculator.ts";

const calculator = document.querySelector("retention-calculator");

/** The view that the address names. */
function viewInAddress(): string {
  return decodeURIComponent(location.hash.slice(1)) || "overview";
}

if (calculator instanceof RetentionCalculator) {
  calculator.wholePage = true;
  calculator.view = viewInAddress();
  calculator.addEventListener("retention-view", ({ view }) => {
    if (view !== viewInAddress()) {
      history.pushState(
        null,
        "",
        view === "overview" ? location.pathname + location.search : `#${view}`,
      );
    }
  });
  for (const type of ["popstate", "hashchange"]) {
    window.addEventListener(type, () => {
      calculator.view = viewInAddress();
    });
  }
}
