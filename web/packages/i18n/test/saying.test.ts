import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { said, start } from "../src/i18n";
import { speaker } from "../src/saying";

const read = (path: string): unknown => JSON.parse(readFileSync(fileURLToPath(new URL(`../../../../lib/saying/${path}`, import.meta.url)), "utf8"));
const german = speaker(read("de.json") as Record<string, string>);

it.each(read("testdata/de.json") as [string, string][])("says %j as the server does", (sentence, want) => {
  expect(german(sentence)).toBe(want);
});

it("is asked by said(), once a language has started", () => {
  expect(said("Nobody answered")).toBe("Nobody answered");
  start("de", {}, "de", german);
  expect(said("Nobody answered")).toBe("Niemand hat geantwortet");
  start("en", {});
  expect(said("Nobody answered")).toBe("Nobody answered");
});
