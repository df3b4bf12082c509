// PapaParse without quotes: its fastest mode, for files that have none.

import { servePapaParse } from "./papaparse.mjs";

servePapaParse(true);
