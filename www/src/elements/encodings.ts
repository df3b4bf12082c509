/**
 * The encodings that can be chosen by hand. The first four are the core's own; the others are
 * decoded by the browser.
 */

/** An encoding by the label that `TextDecoder` takes. */
export interface Encoding {
  id: string;
  name: string;
}

export const ENCODINGS: readonly Encoding[] = [
  { id: "utf-8", name: "UTF-8" },
  { id: "windows-1252", name: "Western European (Windows-1252)" },
  { id: "utf-16le", name: "UTF-16, little-endian" },
  { id: "utf-16be", name: "UTF-16, big-endian" },
  { id: "windows-1250", name: "Central European (Windows-1250)" },
  { id: "windows-1251", name: "Cyrillic (Windows-1251)" },
  { id: "koi8-r", name: "Cyrillic (KOI8-R)" },
  { id: "iso-8859-15", name: "Western European (ISO 8859-15)" },
  { id: "macintosh", name: "Western European (Mac)" },
  { id: "windows-1253", name: "Greek (Windows-1253)" },
  { id: "windows-1254", name: "Turkish (Windows-1254)" },
  { id: "windows-1255", name: "Hebrew (Windows-1255)" },
  { id: "windows-1256", name: "Arabic (Windows-1256)" },
  { id: "shift_jis", name: "Japanese (Shift JIS)" },
  { id: "euc-jp", name: "Japanese (EUC-JP)" },
  { id: "gb18030", name: "Chinese, simplified (GB 18030)" },
  { id: "big5", name: "Chinese, traditional (Big5)" },
  { id: "euc-kr", name: "Korean (EUC-KR)" },
];
