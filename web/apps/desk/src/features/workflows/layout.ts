import { Graph, layout } from "@dagrejs/dagre";
import { linksOf, outputsOf, targetOf, TRIGGER } from "@rapport/core/workflow/edit";
import type { Definition, Position, Step, Vocabulary } from "@rapport/core/workflow/types";

// Where steps stand. Their size depends only on what they are, so that places can be computed without drawing.

export const WIDTH = 248;
export const HEAD = 70;
const OUTPUTS = 26;
const GAP = { x: 40, y: 64 };

/** A step shows the names of its outputs where there is more than one way. */
export function namesOutputs(vocabulary: Vocabulary, step: Step): boolean {
  return outputsOf(vocabulary, step).length > 1;
}

export function heightOf(vocabulary: Vocabulary, step: Step | undefined): number {
  return step && namesOutputs(vocabulary, step) ? HEAD + OUTPUTS : HEAD;
}

/** Places for all, the trigger on top and each step below what leads to it. */
export function arranged(vocabulary: Vocabulary, definition: Definition): Map<string, Position> {
  const graph = new Graph();
  graph.setGraph({ rankdir: "TB", nodesep: GAP.x, ranksep: GAP.y });
  graph.setDefaultEdgeLabel(() => ({}));
  const size = (step?: Step) => ({ width: WIDTH, height: heightOf(vocabulary, step) });
  graph.setNode(TRIGGER, size());
  for (const step of definition.steps) graph.setNode(step.id, size(step));
  const order = new Map(definition.steps.map((step) => [step.id, outputsOf(vocabulary, step).map((output) => output.name)]));
  const rank = (from: string, output: string) => order.get(from)?.indexOf(output) ?? 0;
  const links = linksOf(definition).sort((a, b) => rank(a.from, a.output) - rank(b.from, b.output));
  for (const link of links) if (graph.hasNode(link.to)) graph.setEdge(link.from, link.to);
  // What follows the first way out stands left of what follows the second, so that arrows do not cross.
  const constraints = definition.steps.flatMap((step) => {
    const targets = [...new Set(links.filter((link) => link.from === step.id && graph.hasNode(link.to)).map((link) => link.to))];
    return targets.slice(1).map((right, n) => ({ left: targets[n] ?? right, right }));
  });
  layout(graph, { constraints });
  const places = new Map<string, Position>();
  for (const id of graph.nodes()) {
    const node = graph.node(id) as { x: number; y: number; width: number; height: number };
    places.set(id, { x: Math.round(node.x - node.width / 2), y: Math.round(node.y - node.height / 2) });
  }
  return places;
}

/** Places as they are drawn: those kept in the definition, or arranged ones if any is missing. A trigger without one stands above the first step. */
export function placesOf(vocabulary: Vocabulary, definition: Definition): Map<string, Position> {
  if (definition.steps.some((step) => !step.position)) return arranged(vocabulary, definition);
  const own = definition.trigger.position;
  const places = new Map(definition.steps.map((step) => [step.id, step.position ?? { x: 0, y: 0 }]));
  const first = places.get(definition.start) ?? highest([...places.values()]);
  places.set(TRIGGER, own ?? (first ? { x: first.x, y: first.y - HEAD - GAP.y } : { x: 0, y: 0 }));
  return places;
}

function highest(places: Position[]): Position | undefined {
  return places.reduce<Position | undefined>((top, place) => (!top || place.y < top.y ? place : top), undefined);
}

/** The definition with every place written down, so that the next edit moves nothing else. */
export function placed(vocabulary: Vocabulary, definition: Definition): Definition {
  if (definition.steps.every((step) => step.position)) return definition;
  const places = placesOf(vocabulary, definition);
  const at = (id: string) => places.get(id) ?? { x: 0, y: 0 };
  return {
    ...definition,
    trigger: { ...definition.trigger, position: at(TRIGGER) },
    steps: definition.steps.map((step) => ({ ...step, position: at(step.id) })),
  };
}

/** A free place for a step after another: below it, or beside what stands there, on the side of its way out. */
export function placeAfter(vocabulary: Vocabulary, definition: Definition, from: string, output: string): Position {
  const places = placesOf(vocabulary, definition);
  const at = places.get(from) ?? { x: 0, y: 0 };
  const step = definition.steps.find((one) => one.id === from);
  const outputs = step ? outputsOf(vocabulary, step).map((one) => one.name) : [];
  const index = outputs.indexOf(output);
  const later = outputs.slice(index + 1).some((name) => targetOf(definition, from, name));
  const place = { x: at.x, y: at.y + heightOf(vocabulary, step) + GAP.y };
  const taken = (p: Position) => [...places.values()].some((other) => Math.abs(other.x - p.x) < WIDTH && Math.abs(other.y - p.y) < HEAD + 20);
  while (taken(place)) place.x += (later ? -1 : 1) * (WIDTH + GAP.x);
  return place;
}

/** Makes room under an arrow for a step that goes in between: what is below moves down. */
export function withRoom(vocabulary: Vocabulary, definition: Definition, below: string): Definition {
  const solid = placed(vocabulary, definition);
  const first = solid.steps.find((step) => step.id === below)?.position;
  if (!first) return solid;
  const down = new Set<string>();
  const visit = (id: string) => {
    const step = solid.steps.find((one) => one.id === id);
    if (!step || down.has(id) || (step.position?.y ?? 0) < first.y) return;
    down.add(id);
    for (const to of Object.values(step.next ?? {})) visit(to);
    if (step.on_error) visit(step.on_error);
  };
  visit(below);
  const by = HEAD + OUTPUTS + GAP.y;
  return {
    ...solid,
    steps: solid.steps.map((step) => (down.has(step.id) && step.position ? { ...step, position: { x: step.position.x, y: step.position.y + by } } : step)),
  };
}
