/**
 * What the page shows and offers behind a report's first view: importing it registers the elements.
 *
 * It holds no element.
 */

import { ImportReport } from "./import-report.ts";
import { Mapping } from "./mapping.ts";
import { registered } from "./registered.ts";
import "./report-elements.ts";
import "./views/define.ts";

export { TEXTS } from "./sample-texts.ts";

registered({
  "rc-import-report": ImportReport,
  "rc-mapping": Mapping,
});
