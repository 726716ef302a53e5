import { describe, expect, it } from "vitest";
import { silence, vocabulary } from "@rapport/core/testing/workflows";
import { connect, insert, TRIGGER } from "@rapport/core/workflow/edit";
import { noNames } from "@rapport/core/workflow/words";
import { edgesOf, nodesOf } from "./graph";
import { pathAlong, route } from "./route";
import { arranged, heightOf, placeAfter, placed, placesOf, WIDTH, withRoom } from "./layout";

const forked = connect(insert(silence, kind("close"), { from: "silent", output: "no" }).definition, { from: "silent", output: "yes", to: "assign_again" });
const shown = { vocabulary, names: noNames, selected: [], problems: [], counts: new Map<string, number>(), path: [], moving: new Map<string, { x: number; y: number }>() };

function kind(name: string) {
  const found = vocabulary.steps.find((one) => one.kind === name);
  if (!found) throw new Error(name);
  return found;
}

describe("layout", () => {
  it("puts each step below what leads to it, and none on another", () => {
    const places = arranged(vocabulary, forked);
    const y = (id: string) => places.get(id)?.y ?? NaN;
    expect(y(TRIGGER)).toBeLessThan(y("assign"));
    expect(y("assign")).toBeLessThan(y("wait"));
    expect(y("silent")).toBeLessThan(y("close"));
    const boxes = [...places].map(([id, place]) => ({ ...place, height: heightOf(vocabulary, forked.steps.find((step) => step.id === id)) }));
    for (const a of boxes) {
      for (const b of boxes) {
        if (a === b) continue;
        expect(Math.abs(a.x - b.x) >= WIDTH || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(true);
      }
    }
    expect((places.get("assign_again")?.x ?? 0) < (places.get("close")?.x ?? 0)).toBe(true);
  });

  it("keeps places that are written down, and writes down those that are not", () => {
    const solid = placed(vocabulary, silence);
    expect(placesOf(vocabulary, solid)).toEqual(arranged(vocabulary, silence));
    const { trigger, ...rest } = solid;
    const { position: _none, ...bare } = trigger;
    const first = solid.steps[0]?.position;
    const above = placesOf(vocabulary, { ...rest, trigger: bare }).get(TRIGGER);
    expect(above?.x).toBe(first?.x);
    expect(above?.y).toBeLessThan(first?.y ?? 0);
  });

  it("makes room for a step in between and finds a free place for one at the end", () => {
    const solid = placed(vocabulary, silence);
    const roomy = withRoom(vocabulary, solid, "silent");
    const y = (definition: typeof solid, id: string) => definition.steps.find((step) => step.id === id)?.position?.y ?? NaN;
    expect(y(roomy, "wait")).toBe(y(solid, "wait"));
    expect(y(roomy, "comment")).toBeGreaterThan(y(solid, "comment"));
    const place = placeAfter(vocabulary, solid, "silent", "no");
    for (const step of solid.steps) {
      const at = step.position ?? { x: 0, y: 0 };
      expect(Math.abs(at.x - place.x) >= WIDTH || Math.abs(at.y - place.y) >= 90).toBe(true);
    }
  });
});

describe("arrows", () => {
  const box = (x: number, y: number) => ({ x, y, width: 200, height: 80 });

  it("go straight down, or turn half way", () => {
    expect(route({ x: 0, y: 0 }, { x: 0, y: 90 }, [])).toHaveLength(2);
    expect(route({ x: 0, y: 0 }, { x: 50, y: 90 }, []).map((point) => point.y)).toEqual([0, 45, 45, 90]);
  });

  it("go around a step that stands in the way", () => {
    const way = route({ x: 0, y: 0 }, { x: 30, y: 300 }, [box(-100, 100)]);
    expect(way.some((point) => point.x >= 100 || point.x <= -100)).toBe(true);
    expect(way[0]).toEqual({ x: 0, y: 0 });
    expect(way.at(-1)).toEqual({ x: 30, y: 300 });
  });

  it("go back up beside what is between", () => {
    const boxes = [box(-100, 0), box(-100, 150), box(-100, 300)];
    const way = route({ x: 0, y: 380 }, { x: 0, y: 0 }, boxes);
    expect(way.map((point) => point.x)).toContain(-124);
    expect(pathAlong(way)).toMatch(/^M0,380L/);
  });
});

describe("graph", () => {
  it("makes a node of the trigger and of each step, read aloud by what they do", () => {
    const nodes = nodesOf(silence, { ...shown, problems: [{ step: "wait", message: "Too long." }], counts: new Map([["wait", 2]]) });
    expect(nodes.map((node) => node.id)).toEqual([TRIGGER, "assign", "wait", "silent", "assign_again", "comment"]);
    expect(nodes[0]?.ariaLabel).toBe("Trigger: Conversation opened, opened by customer");
    expect(nodes[2]?.ariaLabel).toBe("Wait 15 minutes. Problem: Too long. 2 active");
    expect(nodes[3]?.data.outputs.map((output) => [output.name, output.to])).toEqual([["yes", "assign_again"], ["no", ""]]);
  });

  it("lights up the path of a test run", () => {
    const at = "2026-03-02T10:00:00Z";
    const path = ["assign", "wait", "wait", "silent"].map((step) => ({ step, outcome: "next", detail: "", at }));
    const nodes = nodesOf(silence, { ...shown, path });
    expect(nodes.map((node) => node.data.visited)).toEqual([1, 1, 2, 3, 0, 0]);
    const lit = edgesOf(silence, { ...shown, path }).filter((edge) => edge.data?.lit);
    expect(lit.map((edge) => edge.id)).toEqual(["trigger:start", "assign:next", "wait:next"]);
  });

  it("draws a jump as an arrow of its own", () => {
    const jumping = insert(silence, kind("jump"), { from: "silent", output: "no" }).definition;
    const aimed = { ...jumping, steps: jumping.steps.map((step) => (step.kind === "jump" ? { ...step, with: { to: "wait", max: 3 } } : step)) };
    expect(edgesOf(aimed, shown).filter((edge) => edge.data?.jump).map((edge) => [edge.source, edge.target])).toEqual([["jump", "wait"]]);
  });
});
