// d3-dsv on the whole text: it has no other way.

import { csvParseRows } from "d3-dsv";
import { aggregator } from "./aggregate.mjs";
import { serve } from "./serve.mjs";

serve(async (shape, file) => {
  const found = aggregator(shape);
  csvParseRows(await file.text(), (fields, index) => {
    if (0 < index) found.take(fields);
  });
  return found.result();
});
