import { describe, expect, it, vi } from "vitest";
import { catalogue as german } from "@/languages/de";
import { changedText, changes } from "./changes";

const names = new Map([
  ["q1", "Support"],
  ["b1", "Fern"],
]);
const options = new Map([["webhook_url", "Webhook address"]]);
const lines = (action: string, detail: string) => changes(detail)?.map((change) => changedText(action, change, names, options));

// S3-27: what the audit log says of settings is what their pages call them.
describe("what was changed", () => {
  it("takes settings apart, and says only what differs", () => {
    const was = '{"enabled":true,"minutes":15,"then":"reassign","hops":3}';
    const is = '{"enabled":true,"minutes":120,"then":"notify","hops":3,"fallback_queue":"q1"}';
    expect(lines("settings.changed", `capacity: 5 → 7; reply_timer: ${was} → ${is}; texts: {"closed":"Bye; \\"ciao\\" → {"} → {"closed":""}`)).toEqual([
      "Capacity of an agent: 5 → 7",
      "Answering in time · Time for an answer: 15 minutes → 2 hours",
      "Answering in time · Then: Move it on to another agent → Tell supervisors and leave it",
      "Answering in time · After that: – → Support",
      'When it is closed: Bye; "ciao" → { → –',
    ]);
  });

  it("names queues, bots and options, and says what came to a list and what left it", () => {
    expect(lines("inbox.changed", 'bot_id: "b1" → nothing; enabled: true → false; options: {"webhook_url":"https://a"} → {"webhook_url":"https://b"}')).toEqual([
      "Answered first by: Fern → –",
      "Enabled: On → Off",
      "Webhook address: https://a → https://b",
    ]);
    expect(lines("queue.changed", 'hours: null → {"zone":"UTC","blocks":[{"day":1,"from":"09:00","to":"17:00"}],"holidays":[]}; members: [{"name":"Ben","can_reply":true}] → [{"name":"Ben","can_reply":false}]')).toEqual([
      "Business hours · Time zone: – → UTC",
      "Business hours · Week: + Monday 09:00–17:00",
      "Members: + Ben (cannot reply), − Ben",
    ]);
    expect(lines("card.changed", 'queues: ["q1"] → nothing')).toEqual(["Queues: − Support"]);
  });

  it("leaves alone what is written in another way", () => {
    for (const detail of ["", "ana@example.com, agent", "capacity: 2", "capacity: 2 → 3 and more", "note: {broken → 1"]) expect(changes(detail)).toBeUndefined();
  });

  it("has the names of the German desk", async () => {
    vi.resetModules(); // names are read when the desk begins
    (await import("@rapport/i18n")).start("de", german, "de-DE");
    const desk = await import("./changes");
    const found = desk.changes('strategy: "round_robin" → "random"; max_wait_minutes: 0 → 30') ?? [];
    expect(found.map((change) => desk.changedText("queue.changed", change, names, options))).toEqual(["Strategie: Reihum → Zufällig", "Längste Wartezeit: 0 Minuten → 30 Minuten"]);
  });
});
