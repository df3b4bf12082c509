/**
 * The files that can be tried without one's own, as text inside the script: the page may fetch
 * nothing.
 */

import accounts from "../../public/samples/accounts.csv?raw";
import health from "../../public/samples/health.csv?raw";
import mrrWide from "../../public/samples/mrr-wide.csv?raw";
import periods from "../../public/samples/periods.csv?raw";
import subscriptions from "../../public/samples/subscriptions.csv?raw";
import transactions from "../../public/samples/transactions.csv?raw";

/** A file to try. */
export interface Sample {
  /** What the attribute `sample` takes. */
  id: string;
  name: string;
  text: string;
}

/** All of them, in the order in which they are offered. */
export const SAMPLES: readonly Sample[] = [
  { id: "subscriptions", name: "Subscriptions", text: subscriptions },
  { id: "mrr-wide", name: "Monthly revenue", text: mrrWide },
  { id: "transactions", name: "Orders", text: transactions },
  { id: "periods", name: "Period totals", text: periods },
  { id: "accounts", name: "Accounts", text: accounts },
  { id: "health", name: "Account health", text: health },
];
