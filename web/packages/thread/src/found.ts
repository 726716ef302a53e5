import { useEffect, type RefObject } from "react";

/** A letter without case and accents, as the server's search sees it. */
function plain(letter: string): string {
  return letter.normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase().replace("ß", "ss");
}

/** Where a text stands in another, without regard to case and accents. */
export function places(text: string, wanted: string): [from: number, to: number][] {
  const want = [...wanted].map(plain).join("");
  if (!want) return [];
  let folded = "";
  const origin: number[] = [];
  let at = 0;
  for (const letter of text) {
    const folds = plain(letter);
    for (let n = 0; n < folds.length; n++) origin.push(at);
    folded += folds;
    at += letter.length;
  }
  origin.push(at);
  const found: [number, number][] = [];
  for (let start = folded.indexOf(want); start >= 0; start = folded.indexOf(want, start + want.length)) {
    const from = origin[start] ?? 0;
    let end = start + want.length;
    while (end < folded.length && origin[end] === origin[end - 1]) end++;
    found.push([from, origin[end] ?? at]);
  }
  return found;
}

/** Marks a text wherever it stands inside an element, leaving the element as it is. */
export function useFound(box: RefObject<HTMLElement | null>, wanted: string | undefined, rows: unknown): void {
  useEffect(() => {
    if (typeof CSS === "undefined" || !("highlights" in CSS)) return;
    const { highlights } = CSS;
    highlights.delete("found");
    if (!wanted || !box.current) return;
    const marks = new Highlight();
    for (const message of box.current.querySelectorAll("[data-body]")) {
      const walker = document.createTreeWalker(message, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        for (const [from, to] of places(node.textContent ?? "", wanted)) {
          const range = document.createRange();
          range.setStart(node, from);
          range.setEnd(node, to);
          marks.add(range);
        }
      }
    }
    highlights.set("found", marks);
    return () => {
      highlights.delete("found");
    };
  }, [box, wanted, rows]);
}
