import { describe, expect, it } from "vitest";
import { languages } from "../src/i18n";
import { catalogueOf, folders, keysOf, placeholdersOf, shared, textsIn } from "./texts";

/** Calls of t() whose text is not written out. */
const unclearAllowed: string[] = ["apps/desk/src/features/settings/search-index.ts"];

/** Folders whose German is still to be written. */
const untranslated: string[] = [];

const used = new Map(folders.map((folder) => [folder, textsIn(folder)]));
const everywhere = [...used.values()].flatMap((one) => one.uses);

it("knows every text that the code asks for", () => {
  const unclear = [...used.values()].flatMap((one) => one.unclear);
  expect(unclear.filter((at) => !unclearAllowed.includes(at.replace(/:\d+$/, "")))).toEqual([]);
});

describe.each(languages.map((one) => one.code))("%s", (code) => {
  const catalogues = new Map(folders.map((folder) => [folder, catalogueOf(folder, code)]));
  const ofShared = Object.assign({}, ...shared.map((folder) => catalogues.get(folder))) as Record<string, string>;

  it("has every text", () => {
    // English texts are written in the code; its catalogue only needs plural forms.
    const needed = (key: string) => (code === "en" ? keysOf(key, code).filter((one) => one.endsWith("_one")) : keysOf(key, code));
    const missing = everywhere
      .filter(({ folder }) => !untranslated.includes(folder))
      .flatMap(({ key, at, folder }) =>
        needed(key)
          .filter((one) => !catalogues.get(folder)?.[one] && !ofShared[one])
          .map((one) => `${folder}/${code}.json lacks "${one}" (${at})`),
      );
    expect([...new Set(missing)]).toEqual([]);
  });

  it("has no text that nothing asks for", () => {
    const stale = folders.flatMap((folder) => {
      const uses = shared.includes(folder) ? everywhere : (used.get(folder)?.uses ?? []);
      const wanted = new Set(uses.flatMap(({ key }) => keysOf(key, code)));
      return Object.keys(catalogues.get(folder) ?? {})
        .filter((key) => !wanted.has(key))
        .map((key) => `${folder}/${code}.json: "${key}"`);
    });
    expect(stale).toEqual([]);
  });

  it("keeps the values of each text", () => {
    const wrong = folders.flatMap((folder) =>
      Object.entries(catalogues.get(folder) ?? {})
        .filter(([key, text]) => {
          // A plural form may leave the number out: "Step copied".
          const named = (words: string) => placeholdersOf(words).filter((name) => name !== "count").join();
          const spare = placeholdersOf(text).includes("count") && !placeholdersOf(key).includes("count");
          return named(key) !== named(text) || spare;
        })
        .map(([key, text]) => `${folder}/${code}.json: "${key}": "${text}"`),
    );
    expect(wrong).toEqual([]);
  });

  it("says the same thing once: all catalogues become one", () => {
    const said = new Map<string, string>();
    const twice: string[] = [];
    for (const [folder, catalogue] of catalogues) {
      for (const [key, text] of Object.entries(catalogue)) {
        if ((said.get(key) ?? text) !== text) twice.push(`${folder}/${code}.json: "${key}" is also "${said.get(key) ?? ""}"; give it a context`);
        said.set(key, text);
      }
    }
    expect(twice).toEqual([]);
  });

  it("calls agents the same everywhere", () => {
    const other = folders.flatMap((folder) => Object.values(catalogues.get(folder) ?? {}).filter((text) => /\bAgenten\b/.test(text)));
    expect(other).toEqual([]);
  });

  it("is sorted", () => {
    const unsorted = folders.filter((folder) => {
      const keys = Object.keys(catalogues.get(folder) ?? {});
      return keys.join("\n") !== [...keys].sort().join("\n");
    });
    expect(unsorted).toEqual([]);
  });
});
