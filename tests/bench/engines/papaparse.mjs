// PapaParse reading the File in chunks of its own, in a worker.

import Papa from "papaparse";
import { aggregator } from "./aggregate.mjs";
import { serve } from "./serve.mjs";

/** Serves with PapaParse in one of its modes. */
export function servePapaParse(fastMode) {
  serve(
    (shape, file) =>
      new Promise((resolve, reject) => {
        const found = aggregator(shape);
        let isHeader = true;
        Papa.parse(file, {
          fastMode,
          delimiter: ",",
          chunk({ data }) {
            for (let at = isHeader ? 1 : 0; at < data.length; at += 1) {
              const fields = data[at];
              // What follows the last line end is a row of one empty field.
              if (fields.length !== 1) found.take(fields);
            }
            isHeader = false;
          },
          complete: () => resolve(found.result()),
          error: reject,
        });
      }),
  );
}
