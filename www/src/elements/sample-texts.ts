/**
 * The texts of the files that can be tried without one's own, inside the script: the page may fetch
 * nothing.
 */

import accounts from "../../public/samples/accounts.csv?raw";
import definitions from "../../public/samples/definitions.csv?raw";
import health from "../../public/samples/health.csv?raw";
import mrrWide from "../../public/samples/mrr-wide.csv?raw";
import periods from "../../public/samples/periods.csv?raw";
import setEvents from "../../public/samples/set/churn_events.csv?raw";
import setCustomers from "../../public/samples/set/customers.csv?raw";
import setSubscriptions from "../../public/samples/set/subscriptions.csv?raw";
import subscriptions from "../../public/samples/subscriptions.csv?raw";
import transactions from "../../public/samples/transactions.csv?raw";
import { dashboardSample } from "./sample-dashboard.ts";
import type { SampleId } from "./samples.ts";

/** Each text by the id of its sample; one of them is made when it is asked for. */
export const TEXTS: Readonly<Record<Exclude<SampleId, "set">, () => string>> = {
  subscriptions: () => subscriptions,
  "mrr-wide": () => mrrWide,
  transactions: () => transactions,
  periods: () => periods,
  accounts: () => accounts,
  dashboard: dashboardSample,
  definitions: () => definitions,
  health: () => health,
};

/** The files of the sample that are read together. */
export const SET: readonly { name: string; text: string }[] = [
  { name: "customers.csv", text: setCustomers },
  { name: "subscriptions.csv", text: setSubscriptions },
  { name: "churn_events.csv", text: setEvents },
];
