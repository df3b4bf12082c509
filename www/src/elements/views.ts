/**
 * The views of a report: their names, their addresses and when they make sense.
 *
 * It draws none of them.
 */

import type { Report } from "../engine/core.ts";

/** A view by the word that stands in the address. */
export type ViewId =
  | "overview"
  | "movements"
  | "cohorts"
  | "segments"
  | "customers"
  | "lifespan"
  | "what-if"
  | "health"
  | "dashboard"
  | "import";

/** One view. */
export interface View {
  id: ViewId;
  name: string;
  /** Whether this report has anything to show in it. */
  isFor(report: Report): boolean;
}

/** All views in the order of the tabs. */
export const VIEWS: readonly View[] = [
  { id: "overview", name: "Overview", isFor: () => true },
  {
    id: "movements",
    name: "Movements",
    // One period has nothing to move from: the overview shows all of it.
    isFor: ({ periods }) => 1 < periods.length,
  },
  {
    id: "cohorts",
    name: "Cohorts",
    isFor: ({ cohorts }) => cohorts !== null && 0 < cohorts.rows.length,
  },
  {
    id: "segments",
    name: "Segments",
    isFor: ({ segmentation, concentration }) => segmentation !== null || concentration !== null,
  },
  {
    id: "customers",
    name: "Customers",
    // Totals of periods do not say who the customers are.
    isFor: ({ input, periods }) => input.shape !== "periods" && 0 < periods.length,
  },
  {
    id: "lifespan",
    name: "Lifespan",
    isFor: ({ survival, value }) => survival !== null || 0 < Object.keys(value.lifespan).length,
  },
  { id: "what-if", name: "What-if", isFor: ({ periods }) => 0 < periods.length },
  {
    id: "dashboard",
    name: "Dashboard",
    isFor: ({ input, periods }) => input.shape !== "accounts" && 1 < periods.length,
  },
  {
    id: "health",
    name: "Health",
    isFor: ({ input }) => 0 < (input.healthSignals?.length ?? 0),
  },
  { id: "import", name: "Import report", isFor: () => true },
];

/** The views that this report fills and the host has not hidden. */
export function viewsFor(report: Report, hidden: ReadonlySet<string>): View[] {
  return VIEWS.filter(({ id, isFor }) => !hidden.has(id) && isFor(report));
}
