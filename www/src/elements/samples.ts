/**
 * The files that can be tried without one's own.
 *
 * It holds their names; their texts come behind the beginning of the page.
 */

import type { CoreOptions } from "../engine/client.ts";
import { furtherElements } from "./behind.ts";

/** What the attribute `sample` takes. */
export type SampleId =
  | "subscriptions"
  | "mrr-wide"
  | "transactions"
  | "periods"
  | "accounts"
  | "dashboard"
  | "definitions"
  | "health"
  | "set";

/** A file to try. */
export interface Sample {
  id: SampleId;
  name: string;
  /** How it is looked at first. */
  options?: CoreOptions;
}

/** All of them, in the order in which they are offered. */
export const SAMPLES: readonly Sample[] = [
  { id: "subscriptions", name: "Subscriptions" },
  { id: "mrr-wide", name: "Monthly revenue" },
  { id: "transactions", name: "Orders" },
  { id: "periods", name: "Period totals" },
  { id: "accounts", name: "Accounts" },
  {
    id: "dashboard",
    name: "A board's dashboard",
    options: { cohorts: { granularity: "quarter" } },
  },
  { id: "definitions", name: "Six churn rates" },
  { id: "health", name: "Account health" },
  { id: "set", name: "Three files, joined" },
];

/** The name of the sample that was made after a dashboard in print. */
export const DASHBOARD_SAMPLE = "Sample: a board's dashboard";

/** A sample as a file, or as several. */
export async function sampleFiles({ id }: Sample): Promise<{ name: string; source: Blob }[]> {
  const { SET, TEXTS } = await furtherElements();
  const texts = id === "set" ? SET : [{ name: `${id}.csv`, text: TEXTS[id]() }];
  return texts.map(({ name, text }) => ({ name, source: new Blob([text]) }));
}

/** What a sample is called as a file. */
export function sampleName({ name }: Sample): string {
  return `Sample: ${name.toLowerCase()}`;
}
