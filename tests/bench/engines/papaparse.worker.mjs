// PapaParse with quotes.

import { servePapaParse } from "./papaparse.mjs";

servePapaParse(false);
