import { readFileSync } from "node:fs";
import { start } from "@rapport/i18n";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catalogue as german } from "@/languages/de";
import { catalogue as english } from "@/languages/en";
import { findPlaces, places, shownLabel } from "./search-index";

const source = (path: string) => readFileSync(`src/${path}`, "utf8");
const inSource = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] ?? "");

/** Which files have the fields of a page. */
const forms: Record<string, string> = {
  "/admin/settings": "settings/settings-page settings/assist-fields settings/details-fields settings/texts-card",
  "/admin/queues": "queues/queue-dialog queues/hours-fields",
  "/admin/inboxes": "inboxes/inbox-dialog inboxes/silence-fields inboxes/survey-fields",
  "/admin/agents": "agents/agent-dialog",
  "/admin/bots": "bots/bot-dialog",
  "/admin/email": "mail/mail-page",
  "/admin/feedback": "feedback/feedback-page",
  "/settings/me": "me/me-page",
};

/** Words that say nothing by themselves, or belong to what stands above them. */
const general = new Set(["Name", "Enabled", "Kind", "Queue", "E-mail", "After that", "Feedback", "Parts of the queue"]);

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

  it("has every page of the admin and the supervisor", () => {
    const paths = inSource(source("app/router.tsx"), /getParentRoute: \(\) => (?:supervise|administer),\s+path: "([^"$]+)"/g);
    expect(paths.length).toBeGreaterThan(15);
    const settings = paths.filter((path) => path !== "/board" && path !== "/customers/duplicates"); // these set nothing
    expect(settings.filter((path) => !places.some((place) => place.path === path))).toEqual([]);
  });

  it.each(Object.entries(forms))("has every field of %s", (path, files) => {
    const labels = files.split(" ").flatMap((file) => inSource(source(`features/${file}.tsx`), / label=\{t\("([^"]+)"\)/g));
    expect(labels.length).toBeGreaterThan(0);
    expect(labels.filter((label) => !general.has(label) && !places.some((place) => place.path === path && place.label === label))).toEqual([]);
  });

  it("finds a setting by its name in either language, and by words for it", () => {
    expect(findPlaces("Zeitzone", false).map((place) => place.label)).toContain("Time zone");
    expect(findPlaces("time zone", false).map((place) => place.label)).toContain("Time zone");
    expect(findPlaces("öffnungszeiten", true).map((place) => shownLabel(place.label))).toContain("Warteschlangen");
    expect(findPlaces("smtp", false)).toEqual([]);
    expect(findPlaces("default inbox", true).map((place) => place.label)).toContain("Senders");
  });
});
