// Recognises what the server says in English, as lib/saying does in Go, and says
// it in another language. Both pass the examples of lib/saying/testdata.
//
// A catalogue maps a pattern to its translation. "{1}" stands for a value, kept
// as it is; in the translation "{1!}" for one that is Rapport's own words, too,
// "{1?}" for one that may be or may be a name, "{1#}" for one that must be a number.

interface Piece {
  text: string;
  /** Which value; 0 for text. */
  hole: number;
  kind: string;
}

interface Pattern {
  source: string;
  form?: RegExp;
  needle: string;
  /** How many letters of it are fixed. */
  says: number;
  /** 2: goes on after another sentence; 1: has one within it. */
  joins: number;
  to: Piece[];
}

/** A translation: how much was recognised (nothing, partly, all), and how many letters were kept as values. */
interface Spoken {
  text: string;
  how: 0 | 1 | 2;
  kept: number;
}

/** How many sentences may stand within each other. */
const deepest = 6;
/** So few letters do not make a sentence: such a pattern only joins others. */
const few = 3;
const hole = /\{(\d)([!?#]?)\}/g;
const number = /^[\d.,:]+$/;
/** Sentences that are remembered; the screens ask for the same ones again and again. */
const most = 2000;

const letters = (text: string): number => text.match(/\p{L}/gu)?.length ?? 0;
const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** A sentence without what its place in another one changes. */
const plain = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, "");

function patternOf(from: string, to: string): Pattern {
  const fixed = from.split(/\{\d\}/);
  let needle = fixed.reduce((long, one) => (one.length > long.length ? one : long), "").replace(/\.$/, "");
  // Its first letter may be small.
  if (from.startsWith(needle)) needle = needle.slice(1);
  let source = fixed.map(quoted).join("(.*?)").replace(/\\\.$/, "");
  const first = source.charAt(0);
  if (/\p{L}/u.test(first)) source = `[${first.toLowerCase()}${first.toUpperCase()}]${source.slice(1)}`;
  const pieces: Piece[] = [];
  let last = 0;
  for (const match of to.matchAll(hole)) {
    if (match.index > last) pieces.push({ text: to.slice(last, match.index), hole: 0, kind: "" });
    pieces.push({ text: "", hole: Number(match[1]), kind: match[2] ?? "" });
    last = match.index + match[0].length;
  }
  if (last < to.length) pieces.push({ text: to.slice(last), hole: 0, kind: "" });
  const says = fixed.reduce((sum, one) => sum + letters(one), 0);
  const inner = pieces.findIndex((one) => one.kind === "!");
  return { source, needle, says, joins: says <= few || inner < 0 ? 0 : inner === 0 ? 2 : 1, to: pieces };
}

/** Gives a translation the full stop that the sentence has, or not. */
function ended(to: string, sentence: string): string {
  const has = to.endsWith(".");
  if (has === sentence.endsWith(".")) return to;
  if (has) return to.slice(0, -1);
  return /[!?…:]$/.test(to) ? to : `${to}.`;
}

/** Makes the function that says sentences in the language of a catalogue. */
export function speaker(entries: Record<string, string>): (sentence: string) => string {
  const exact = new Map<string, string>();
  const patterns: Pattern[] = [];
  for (const [from, to] of Object.entries(entries)) {
    if (/\{\d\}/.test(from)) patterns.push(patternOf(from, to));
    else exact.set(from, to);
  }
  for (const [from, to] of [...exact]) if (!exact.has(plain(from))) exact.set(plain(from), to);
  patterns.sort((a, b) => b.joins - a.joins || b.says - a.says || (a.needle < b.needle ? -1 : 1));

  /** Puts the values into a translation; nothing if they do not fit. */
  function filled(pattern: Pattern, values: RegExpExecArray, depth: number): Spoken | undefined {
    const all: Spoken = { text: "", how: 2, kept: 0 };
    let fits = pattern.says > few;
    for (const { text, hole: at, kind } of pattern.to) {
      const value = values[at] ?? "";
      if (at === 0) {
        all.text += text;
      } else if (kind === "#" && !number.test(value)) {
        return undefined;
      } else if ((kind === "!" || kind === "?") && !number.test(value)) {
        const one = say(value, depth + 1);
        all.text += one.text;
        all.kept += one.kept;
        fits ||= one.how > 0;
        if (one.how < 2 && value !== "" && kind === "!") all.how = 1;
      } else {
        all.text += value;
        all.kept += value.length;
      }
    }
    return fits ? all : undefined;
  }

  /**
   * Of several ways to read a sentence that counts which keeps the least: "Nora is yours now: Ben went
   * offline" tells of Ben, and nobody is called "Nora is yours now: Ben".
   */
  function say(sentence: string, depth: number): Spoken {
    const trimmed = sentence.trim();
    let best: Spoken = { text: sentence, how: 0, kept: sentence.length };
    if (trimmed === "" || depth > deepest) return best;
    const around = (to: string) => sentence.replace(trimmed, () => ended(to, trimmed));
    const known = exact.get(trimmed) ?? exact.get(plain(trimmed));
    if (known !== undefined) return { text: around(known), how: 2, kept: 0 };
    for (const pattern of patterns) {
      if (!trimmed.includes(pattern.needle)) continue;
      pattern.form ??= new RegExp(`^${pattern.source}\\.?$`, "s");
      const values = pattern.form.exec(trimmed);
      const one = values ? filled(pattern, values, depth) : undefined;
      if (one && (one.how > best.how || (one.how === best.how && one.kept < best.kept))) best = { ...one, text: around(one.text) };
    }
    return best;
  }

  const remembered = new Map<string, string>();
  return (sentence) => {
    let to = remembered.get(sentence);
    if (to === undefined) {
      to = say(sentence, 0).text;
      if (remembered.size >= most) remembered.clear();
      remembered.set(sentence, to);
    }
    return to;
  };
}
