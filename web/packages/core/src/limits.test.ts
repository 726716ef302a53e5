import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Limits } from "./api/types";
import { accepted, contentsOf, fileProblem, lengthOf, mostFiles } from "./limits";

// The server's own table: what it refuses, the desk refuses before.
const limits = JSON.parse(readFileSync(new URL("../../../../channel/contents.json", import.meta.url), "utf8")) as Limits;
const MB = 1 << 20;

describe("what can be sent is known before (S3-38, S3-39, S3-52, C18)", () => {
  it.each([
    ["web", "desk", "a.png", MB, undefined],
    ["web", "desk", "A.PNG", MB, undefined],
    ["web", "desk", "a.exe", MB, "does not carry this type"],
    ["web", "desk", "a.png", 0, "empty"],
    ["web", "mobile", "a.pdf", 11 * MB, "at most 10 MB"],
    ["whatsapp", "desk", "a.png", 5 * MB, undefined],
    ["whatsapp", "desk", "a.png", 5 * MB + 1, "at most 5 MB"],
    ["whatsapp", "desk", "a.gif", MB, "jpg, jpeg, png"],
    ["sms", "desk", "a.png", MB, "carries no files"],
    ["note", "desk", "a.odm", 25 * MB, undefined],
    ["note", "desk", "a.odm", 25 * MB + 1, "at most 25 MB"],
    ["note", "desk", "a.opus", MB, "Notes do not carry"],
  ])("%s from %s: %s of %i bytes", (purpose, client, name, size, says) => {
    const problem = fileProblem(limits, purpose, client, name, size);
    if (says === undefined) expect(problem).toBeUndefined();
    else expect(problem).toContain(says);
  });

  it("counts characters, and parts where they are billed", () => {
    expect(lengthOf(contentsOf(limits, "whatsapp"), "👋".repeat(1001))).toEqual({ used: 1001, most: 1000, left: -1 });
    expect(lengthOf(contentsOf(limits, "sms"), "a".repeat(161))?.parts?.segments).toBe(2);
    expect(lengthOf(undefined, "x")).toBeUndefined();
  });

  it("tells the file dialog what fits, and how many", () => {
    expect(accepted(limits, "whatsapp")).toContain(".jpg");
    expect(accepted(limits, "sms")).toBe("");
    expect([mostFiles(limits, "sms"), mostFiles(limits, "whatsapp"), mostFiles(limits, "web"), mostFiles(limits, "note")]).toEqual([0, 1, 10, 10]);
  });
});
