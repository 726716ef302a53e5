import { expect, test } from "vitest";
import { places } from "./found";

test("S3-32: a text is found without regard to case and accents", () => {
  const found = (text: string, wanted: string) => places(text, wanted).map(([from, to]) => text.slice(from, to));
  expect(found("Where is the PÄRCEL? A parcel.", "parcel")).toEqual(["PÄRCEL", "parcel"]);
  expect(found("In der Großen Straße", "strasse")).toEqual(["Straße"]);
  expect(found("👍 ok 👍", "ok")).toEqual(["ok"]);
  expect(found("anything", "")).toEqual([]);
  expect(found("anything", "else")).toEqual([]);
});
