/**
 * What the page shows and offers behind a report's first view: importing it registers the elements.
 *
 * It holds no element.
 */

import { Contradictions } from "./contradictions.ts";
import { FilesJoined } from "./files-joined.ts";
import { ImportReport } from "./import-report.ts";
import { Mapping } from "./mapping.ts";
import { registered } from "./registered.ts";
import "./report-elements.ts";
import "./views/define.ts";

export { SET, TEXTS } from "./sample-texts.ts";

registered({
  "rc-contradictions": Contradictions,
  "rc-files-joined": FilesJoined,
  "rc-import-report": ImportReport,
  "rc-mapping": Mapping,
});
