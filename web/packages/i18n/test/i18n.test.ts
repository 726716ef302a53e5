import { afterEach, describe, expect, it } from "vitest";
import { direction, language, locale, matching, start, t } from "../src/i18n";

afterEach(() => {
  start("en", {});
});

describe("t", () => {
  it("is the English text where there is no other", () => {
    expect(t("Delete {{name}}?", { name: "Ana & Bo" })).toBe("Delete Ana & Bo?");
    expect(t("{{count}} days", { count: 2 })).toBe("2 days");
    expect(t("Open. Now: yes")).toBe("Open. Now: yes");
  });

  it("is the text of the language, in its plural form", () => {
    start("de", { "{{count}} days_one": "{{count}} Tag", "{{count}} days_other": "{{count}} Tage", Open: "Offen", Open_verb: "Öffnen" }, "de-AT");
    expect(t("{{count}} days", { count: 1 })).toBe("1 Tag");
    expect(t("{{count}} days", { count: 3 })).toBe("3 Tage");
    expect(t("Open")).toBe("Offen");
    expect(t("Open", { context: "verb" })).toBe("Öffnen");
    expect(t("Close", { context: "verb" })).toBe("Close");
    expect([language(), locale(), direction()]).toEqual(["de", "de-AT", "ltr"]);
  });
});

describe("matching", () => {
  it("is the first language that we have", () => {
    expect(matching(["fr-FR", "de-CH", "en"])).toEqual({ code: "de", locale: "de-CH" });
    expect(matching(["fr"])).toBeUndefined();
  });
});
