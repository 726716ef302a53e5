import { start } from "@rapport/i18n";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catalogue as german } from "@/languages/de";
import { catalogue as english } from "@/languages/en";
import { findPlaces, places, shownLabel } from "./search-index";

// Catalogues hold what screens ask for and nothing else, so a label with German stands on a page.
describe("the index of settings", () => {
  beforeAll(() => {
    start("de", german, "de-DE");
  });
  afterAll(() => {
    start("en", english, "en-US");
  });

  it("names each setting as its page does", () => {
    const strange = places.flatMap((place) => [place.label, place.page]).filter((text) => german[text] === undefined);
    expect([...new Set(strange)]).toEqual([]);
  });

  it("finds a setting by its name in either language, and by words for it", () => {
    expect(findPlaces("Zeitzone", false).map((place) => place.label)).toContain("Time zone");
    expect(findPlaces("time zone", false).map((place) => place.label)).toContain("Time zone");
    expect(findPlaces("öffnungszeiten", true).map((place) => shownLabel(place.label))).toContain("Warteschlangen");
    expect(findPlaces("smtp", false)).toEqual([]);
  });
});
