// uDSV on the text stream of the File, row by row, as its README has it.

import { inferSchema, initParser } from "udsv";
import { aggregator } from "./aggregate.mjs";
import { serve } from "./serve.mjs";

serve(async (shape, file) => {
  const found = aggregator(shape);
  const take = (fields) => found.take(fields);
  const reader = file.stream().pipeThrough(new TextDecoderStream()).getReader();
  let parser = null;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parser ??= initParser(inferSchema(value));
    parser.chunk(value, parser.stringArrs, take);
  }
  parser.end();
  return found.result();
});
