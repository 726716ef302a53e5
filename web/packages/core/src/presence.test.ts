import { describe, expect, it } from "vitest";
import type { CustomStatus } from "./api/types";
import { customsOf, sharesOf, shownStatus, subOf, utilisation } from "./presence";

const lunch: CustomStatus = { id: "l", name: "Lunch", base: "away", color: "#d97706", position: 2, created_at: "" };
const mail: CustomStatus = { id: "m", name: "E-mail", base: "available", color: "#2563eb", position: 1, created_at: "" };
const agent = { status: "available" as const, connected: true, load: 0, room: 5 };

describe("sub-statuses (S3-10, S3-11)", () => {
  it("follow from the work that an available agent holds", () => {
    expect([subOf("available", 0, 5), subOf("available", 1, 5), subOf("available", 5, 5)]).toEqual(["idle", "under_capacity", "full_capacity"]);
    expect([subOf("busy", 0, 5), subOf("away", 5, 5), subOf("offline", 0, 5)]).toEqual([undefined, undefined, undefined]);
    expect(subOf("available", 0, 0), "no room at all").toBe("full_capacity");
  });

  it("show who has no room as busy", () => {
    expect(shownStatus({ ...agent, load: 5 }, [])).toEqual({ base: "busy", name: "Busy", sub: "Full capacity" });
    expect(shownStatus(agent, [])).toEqual({ base: "available", name: "Available", sub: "Idle" });
  });
});

describe("custom statuses (S3-13)", () => {
  it("are shown by name and colour, while a desk is connected", () => {
    const away = { ...agent, status: "away" as const, custom_status_id: "l" };
    expect(shownStatus(away, [lunch, mail])).toEqual({ base: "away", name: "Lunch", sub: "", color: "#d97706" });
    expect(shownStatus({ ...away, connected: false }, [lunch])).toEqual({ base: "offline", name: "Offline", sub: "" });
    expect(shownStatus({ ...away, custom_status_id: "gone" }, [lunch]).name).toBe("Away");
  });

  it("of a base come in their order", () => {
    const tea = { ...lunch, id: "t", name: "Tea", position: 1 };
    expect(customsOf([lunch, mail, tea], "away").map((one) => one.name)).toEqual(["Tea", "Lunch"]);
  });
});

describe("utilisation", () => {
  const totals = [
    { availability: "offline" as const, seconds: 4_000 },
    { availability: "away" as const, custom_name: "Lunch", seconds: 500 },
    { availability: "available" as const, sub: "idle" as const, seconds: 1_000 },
    { availability: "available" as const, sub: "full_capacity" as const, seconds: 500 },
    { availability: "busy" as const, seconds: 0 },
  ];

  it("is the part of the time at work with conversations", () => {
    expect(utilisation(totals)).toBe(0.25);
    expect(utilisation([{ availability: "offline", seconds: 9 }])).toBeUndefined();
  });

  it("comes in parts that add up to the period, work first", () => {
    const shares = sharesOf(totals);
    expect(shares.map((share) => `${share.name} ${share.sub}`.trim())).toEqual(["Available Idle", "Busy Full capacity", "Lunch", "Offline"]);
    expect(shares.reduce((sum, share) => sum + share.part, 0)).toBeCloseTo(1);
  });
});
