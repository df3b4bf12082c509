/**
 * The texts of the files that can be tried without one's own, inside the script: the page may fetch
 * nothing.
 */

import accounts from "../../public/samples/accounts.csv?raw";
import mrrWide from "../../public/samples/mrr-wide.csv?raw";
import periods from "../../public/samples/periods.csv?raw";
import subscriptions from "../../public/samples/subscriptions.csv?raw";
import transactions from "../../public/samples/transactions.csv?raw";
import type { SampleId } from "./samples.ts";

/** Each text by the id of its sample. */
export const TEXTS: Readonly<Record<SampleId, string>> = {
  subscriptions,
  "mrr-wide": mrrWide,
  transactions,
  periods,
  accounts,
};
