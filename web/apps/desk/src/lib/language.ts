import { direction, language, languages, matching, start, type Catalogue } from "@rapport/i18n";

const KEY = "rapport.language";

/** Each language is a file of its own, so that nobody loads the others. */
const spoken = import.meta.glob<{ catalogue: Catalogue; speaks?: (sentence: string) => string }>("../languages/*.ts");

/** The language that was chosen here, else the first one of the browser's that we have. */
function wanted(): { code: string; locale: string } {
  const ofBrowser = matching(navigator.languages);
  const chosen = localStorage.getItem(KEY);
  if (!chosen || !languages.some((one) => one.code === chosen)) return ofBrowser ?? { code: "en", locale: "en" };
  // "en-GB" of the browser says how dates are written, if it is the same language.
  const locale = navigator.languages.find((one) => one.toLowerCase().split("-")[0] === chosen);
  return { code: chosen, locale: locale ?? chosen };
}

/** Loads the language. Nothing that has texts may be imported before. */
export async function startLanguage(): Promise<void> {
  const { code, locale } = wanted();
  const one = await spoken[`../languages/${code}.ts`]?.();
  start(code, one?.catalogue ?? {}, locale, one?.speaks);
  document.documentElement.lang = language();
  document.documentElement.dir = direction();
}

/** Shows the desk in a language; empty follows the browser. What is kept here only spares the first screen from guessing. */
export function showLanguage(code: string): void {
  if (code) localStorage.setItem(KEY, code);
  else localStorage.removeItem(KEY);
  location.reload();
}

/** Whether the desk is shown in the language of the account, as far as we have that. */
export function speaks(code: string): boolean {
  if (code && !languages.some((one) => one.code === code)) return true;
  return code ? language() === code && localStorage.getItem(KEY) === code : localStorage.getItem(KEY) === null;
}
