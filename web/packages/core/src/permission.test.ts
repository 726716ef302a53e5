import { describe, expect, it } from "vitest";
import { mayOf } from "./permission";
import { me, summary } from "./testing/make";

const own = me();
const mine = { assignee_id: own.agent.id, assignee_name: own.agent.name };
const bens = { assignee_id: "ben", assignee_name: "Ben Sauer" };

describe("mayOf", () => {
  it("lets only members with the right to reply write; supervisors are no exception (S3-65)", () => {
    const outside = me({ role: "supervisor", queues: [] });
    expect(mayOf(outside, summary()).reply).toEqual({
      ok: false,
      why: "You are not a member of Support, so you cannot reply here.",
    });
    const looksOnly = me({ queues: [{ id: "support", name: "Support", can_reply: false }] });
    expect(mayOf(looksOnly, summary()).reply.why).toBe("In Support you may look, but not reply.");
    expect(mayOf(own, summary()).reply.ok).toBe(true);
  });

  it("lets only who may reply, supervisors and who asked change what is noted, in any state", () => {
    const looksOnly = me({ queues: [{ id: "support", name: "Support", can_reply: false }] });
    expect(mayOf(looksOnly, summary()).describe.why).toContain("no right to reply in Support");
    expect(mayOf(me({ role: "supervisor", queues: [] }), summary(bens)).describe.ok).toBe(true);
    expect(mayOf(own, summary({ ...bens, state: "closed" })).describe.ok).toBe(true);
    expect(mayOf(looksOnly, summary({ channel: "internal", started_by: looksOnly.agent.id })).describe.ok).toBe(true);
  });

  it("does not offer what another agent holds (S3-27)", () => {
    const may = mayOf(own, summary(bens));
    expect(may.claim).toEqual({ ok: false, why: "Ben Sauer already has this conversation." });
    expect(may.reply.ok).toBe(false);
    expect(may.solve.ok).toBe(false);
    expect(may.transfer.ok).toBe(false);
  });

  it("lets a supervisor move and solve what others hold", () => {
    const may = mayOf(me({ role: "supervisor", queues: [] }), summary(bens));
    expect([may.transfer.ok, may.release.ok, may.solve.ok, may.claim.ok]).toEqual([true, true, true, false]);
  });

  it("lets members of the queue that a transfer waits for take over (C16)", () => {
    const transfer = { queue_id: "billing", by: "ben", reason: "", since: "", until: "" };
    const c = summary({ ...bens, transfer });
    expect(mayOf(own, c).claim.ok).toBe(false);
    const taker = me({ queues: [{ id: "billing", name: "Billing", can_reply: true }] });
    expect(mayOf(taker, c).claim.ok).toBe(true);
  });

  it("follows the table of states", () => {
    const open = mayOf(own, summary(mine));
    expect([open.solve.ok, open.pend.ok, open.close.ok, open.reopen.ok]).toEqual([true, true, true, false]);
    const solved = mayOf(own, summary({ ...mine, state: "solved" }));
    expect([solved.reopen.ok, solved.close.ok, solved.pend.ok, solved.release.ok]).toEqual([true, true, false, false]);
    const closed = Object.entries(mayOf(own, summary({ ...mine, state: "closed" })));
    expect(closed.filter(([, { ok }]) => ok).map(([deed]) => deed)).toEqual(["describe"]);
  });

  it("says a reason with every no", () => {
    for (const state of ["open", "pending", "solved", "closed"] as const) {
      for (const holder of [{}, mine, bens]) {
        for (const verdict of Object.values(mayOf(own, summary({ ...holder, state })))) {
          expect(verdict.ok || verdict.why.endsWith(".")).toBe(true);
        }
      }
    }
  });

  it("lets members of the queue hand off what a bot holds, and give what nobody holds to one", () => {
    const held = summary({ bot_id: "robin", bot_name: "Robin" });
    expect(mayOf(me(), held).handoff.ok).toBe(true);
    expect(mayOf(me(), held).claim.ok).toBe(true);
    expect(mayOf(me(), summary()).bot.ok).toBe(true);
    expect(mayOf(me({ queues: [] }), held).handoff.ok).toBe(false);
    expect(mayOf(me({ queues: [], role: "supervisor" }), held).handoff.ok).toBe(true);
    expect(mayOf(me(), summary({ assignee_id: "ben", assignee_name: "Ben" })).bot.ok).toBe(false);
  });
});
