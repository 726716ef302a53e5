/** A part of a text with one look. */
export interface Span {
  text: string;
  bold?: boolean;
  italic?: boolean;
}

/** How far a mark may be from its end. */
const REACH = 2000;
const WORD = /^[\p{L}\p{Nd}*_]$/u;
const SPACE = /^\s$/u;
/** Behind these a mark is part of an address. */
const ADDRESS = /^[/\\=&?#%:.@~+]$/;

/**
 * Splits a text with *bold* and _italic_ into its spans, as the server does:
 * lib/markup. A mark opens at the start of a word and closes at the end of one, on
 * the same line.
 */
export function spansOf(text: string): Span[] {
  const spans: Span[] = [];
  text.split("\n").forEach((line, n) => {
    if (n > 0) join(spans, { text: "\n" });
    parse(line, {}, spans);
  });
  return spans;
}

/** The text without its marks. */
export function plainOf(text: string): string {
  return /[*_]/.test(text)
    ? spansOf(text)
        .map((span) => span.text)
        .join("")
    : text;
}

type Look = Omit<Span, "text">;

function join(spans: Span[], span: Span): void {
  if (span.text === "") return;
  const last = spans.at(-1);
  if (last && last.bold === span.bold && last.italic === span.italic) last.text += span.text;
  else spans.push(span);
}

function parse(line: string, look: Look, spans: Span[]): void {
  let plain = 0;
  for (let at = 0; at < line.length; at++) {
    const mark = line[at];
    if (!((mark === "*" && !look.bold) || (mark === "_" && !look.italic))) continue;
    const end = closing(line, at, mark);
    if (end === undefined) continue;
    join(spans, { text: line.slice(plain, at), ...look });
    parse(line.slice(at + 1, end), { ...look, ...(mark === "*" ? { bold: true } : { italic: true }) }, spans);
    plain = end + 1;
    at = end;
  }
  join(spans, { text: line.slice(plain), ...look });
}

function closing(line: string, at: number, mark: string): number | undefined {
  const first = line[at + 1];
  const previous = before(line, at);
  if (WORD.test(previous) || ADDRESS.test(previous) || first === undefined || SPACE.test(first) || first === mark) return undefined;
  for (let end = at + 2; end < Math.min(line.length, at + REACH); end++) {
    if (line[end] !== mark) continue;
    const last = line[end - 1] ?? "";
    if (!SPACE.test(last) && last !== mark && !WORD.test(after(line, end + 1))) return end;
  }
  return undefined;
}

/** The character before a place, which may be two units long. */
function before(line: string, at: number): string {
  const low = line.charCodeAt(at - 1);
  return low >= 0xdc00 && low <= 0xdfff ? line.slice(at - 2, at) : line.slice(Math.max(at - 1, 0), at);
}

function after(line: string, at: number): string {
  const point = line.codePointAt(at);
  return point === undefined ? "" : String.fromCodePoint(point);
}
