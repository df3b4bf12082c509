/**
 * Charts and tables as files: SVG, PNG and CSV, made in the page and saved by it.
 *
 * It asks no network for anything. Adopted style sheets and custom properties do not travel with a
 * serialised drawing, so every computed value that matters is written onto the copy.
 */

/** Computed properties that a mark's look rests on. */
const COPIED = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
  "text-anchor",
  "dominant-baseline",
  "paint-order",
  "shape-rendering",
] as const;

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = 24;

/** Words that go above and below a drawing when it leaves the page. */
export interface Surroundings {
  readonly heading: string;
  readonly subheading: string;
  readonly footnote: string;
}

/** Lets the browser save a file under a name. */
export function saveFile(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // Revoked in a later task: some engines start reading only after the click has been handled.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** A name that every file system takes, from any text. */
export function fileNameOf(text: string, extension: string): string {
  const stem = text
    .normalize("NFKC")
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-+|-+$/g, "")
    .toLowerCase()
    .slice(0, 80);
  return `${stem || "chart"}.${extension}`;
}

/** Words broken into lines no wider than `width`, by a function that measures them. */
export function wrapWords(
  text: string,
  width: number,
  measure: (text: string) => number,
): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line ? `${line} ${word}` : word;
    if (line && width < measure(longer)) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return line ? [...lines, line] : lines;
}

/** The drawing with its looks written into it and its words around it, ready to stand alone. */
export function standAlone(svg: SVGSVGElement, words: Surroundings): SVGSVGElement {
  const { width, height } = svg.viewBox.baseVal;
  const drawing = copyWithLooks(svg);
  const style = getComputedStyle(svg);
  const family = style.fontFamily;
  const measure = measurer(family);

  const sheet = document.createElementNS(SVG, "svg");
  let y = MARGIN;
  const write = (text: string, size: number, weight: string, colour: string): void => {
    for (const line of wrapWords(text, width, (part) => measure(part, size, weight))) {
      const element = document.createElementNS(SVG, "text");
      y += size * 1.35;
      element.textContent = line;
      setAll(element, { x: MARGIN, y, fill: colour, "font-family": family });
      setAll(element, { "font-size": `${size}px`, "font-weight": weight });
      sheet.append(element);
    }
  };
  const text = style.getPropertyValue("color");
  write(words.heading, 17, "600", text);
  write(words.subheading, 13, "400", text);
  y += 16;
  setAll(drawing, { x: MARGIN, y, width, height });
  sheet.append(drawing);
  y += height + 4;
  write(words.footnote, 12, "400", text);
  y += MARGIN;

  const fullWidth = width + 2 * MARGIN;
  const back = document.createElementNS(SVG, "rect");
  setAll(back, { width: fullWidth, height: y, fill: surfaceBehind(svg) });
  sheet.prepend(back);
  setAll(sheet, { xmlns: SVG, viewBox: `0 0 ${fullWidth} ${y}`, width: fullWidth, height: y });
  return sheet;
}

/** The drawing as the text of an SVG file. */
export function svgFile(svg: SVGSVGElement, words: Surroundings): Blob {
  const text = new XMLSerializer().serializeToString(standAlone(svg, words));
  return new Blob([text], { type: "image/svg+xml" });
}

/** The drawing as a PNG file with twice the pixels. */
export async function pngFile(svg: SVGSVGElement, words: Surroundings): Promise<Blob> {
  const sheet = standAlone(svg, words);
  const { width, height } = sheet.viewBox.baseVal;
  setAll(sheet, { width: width * 2, height: height * 2 });
  const text = new XMLSerializer().serializeToString(sheet);
  const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * 2);
    canvas.height = Math.round(height * 2);
    canvas.getContext("2d")?.drawImage(image, 0, 0);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no PNG"))), "image/png");
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}

function setAll(element: Element, attributes: Record<string, string | number>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}

/** A copy of the tree without classes, comments and what is only for the screen. */
function copyWithLooks(original: SVGSVGElement): SVGSVGElement {
  const copy = original.cloneNode(true) as SVGSVGElement;
  const pairs: [Element, Element][] = [[original, copy]];
  for (let pair = pairs.pop(); pair; pair = pairs.pop()) {
    const [from, to] = pair;
    const targets = [...to.children];
    [...from.children].forEach((child, index) => {
      const target = targets[index];
      if (target) pairs.push([child, target]);
    });
    for (const node of [...to.childNodes]) {
      if (node.nodeType === Node.COMMENT_NODE) node.remove();
    }
    if (to.hasAttribute("data-screen-only")) {
      to.remove();
      continue;
    }
    const looks = getComputedStyle(from);
    for (const name of COPIED) {
      const value = looks.getPropertyValue(name);
      if (value) to.setAttribute(name, value);
    }
    to.removeAttribute("class");
  }
  return copy;
}

/** The first opaque background at or above an element, through shadow roots. */
function surfaceBehind(element: Element): string {
  for (let at: Element | null = element; at; at = parentOf(at)) {
    const colour = getComputedStyle(at).backgroundColor;
    if (colour && !/^(transparent|rgba\(.*,\s*0\))$/.test(colour)) return colour;
  }
  return "#ffffff";
}

function parentOf(element: Element): Element | null {
  if (element.assignedSlot) return element.assignedSlot;
  if (element.parentElement) return element.parentElement;
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : null;
}

function measurer(family: string): (text: string, size: number, weight: string) => number {
  const context = document.createElement("canvas").getContext("2d");
  return (text, size, weight) => {
    if (!context) return text.length * size * 0.55;
    context.font = `${weight} ${size}px ${family}`;
    return context.measureText(text).width;
  };
}
