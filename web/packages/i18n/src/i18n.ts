import { createInstance } from "i18next";

// Texts of the screens. The English text is the key; a catalogue maps it to the
// text of another language, and holds the plural forms of English itself.

export type Catalogue = Record<string, string>;
export type Values = Record<string, string | number | undefined>;

export interface Language {
  code: string;
  /** In the language itself. */
  name: string;
  dir: "ltr" | "rtl";
}

export const languages: readonly Language[] = [
  { code: "en", name: "English", dir: "ltr" },
  { code: "de", name: "Deutsch", dir: "ltr" },
];

const texts = createInstance();
let current = "en";
let speak: ((sentence: string) => string) | undefined;
let region = new Intl.DateTimeFormat().resolvedOptions().locale;

/** Texts without values that were asked for: a screen asks for hundreds of them again and again. */
const plain = new Map<string, string>();

function load(code: string, catalogue: Catalogue): void {
  plain.clear();
  void texts.init({
    lng: code,
    fallbackLng: false,
    initAsync: false,
    resources: { [code]: { translation: catalogue } },
    keySeparator: false,
    nsSeparator: false,
    // React escapes.
    interpolation: { escapeValue: false },
  });
}

load("en", {});

/**
 * Sets the language, before anything asks for a text. `locale` says how dates and
 * numbers are written, e.g. "en-GB"; `speaks` says sentences of the server in the
 * language, see saying.ts.
 */
export function start(code: string, catalogue: Catalogue, locale = code, speaks?: (sentence: string) => string): void {
  current = code;
  region = locale;
  speak = speaks;
  load(code, catalogue);
}

/**
 * The text in the chosen language, with values in place of `{{name}}`. `count` chooses
 * the plural form, `context` one of several meanings that share the English text.
 * Until a language has been started, it is the English text itself.
 */
export function t(text: string, values?: Values): string {
  if (!values) {
    const held = plain.get(text);
    if (held !== undefined) return held;
    const found = texts.t(text);
    plain.set(text, found);
    return found;
  }
  const { count, context } = values;
  return texts.t(text, {
    replace: values,
    ...(typeof count === "number" ? { count } : {}),
    ...(typeof context === "string" ? { context } : {}),
  });
}

/** A sentence of the server, which says everything in English, in the chosen language; as it is where that is not known. */
export function said(sentence: string): string {
  return speak ? speak(sentence) : sentence;
}

/** Whether what the server says has to be translated. */
export function interprets(): boolean {
  return speak !== undefined;
}

/** The code of the chosen language. */
export function language(): string {
  return current;
}

/** What `Intl` needs to write dates and numbers. */
export function locale(): string {
  return region;
}

export function direction(): "ltr" | "rtl" {
  return languages.find((one) => one.code === current)?.dir ?? "ltr";
}

/** The first language of ours among those that a person reads, best first. */
export function matching(wanted: readonly string[]): { code: string; locale: string } | undefined {
  for (const locale of wanted) {
    const code = locale.toLowerCase().split("-")[0];
    if (languages.some((one) => one.code === code)) return { code: code ?? "", locale };
  }
  return undefined;
}
