import { t } from "@rapport/i18n";
import type { Definition, Output, Position, Step, StepKind, Trigger, Value, Values, Vocabulary } from "./types";
import { kindOf } from "./words";

// Every edit of a definition is a function from one to the next; none changes what it was given.

/** The place of the trigger among the steps' ids. */
export const TRIGGER = "trigger";
/** The output that a failing step leaves by. */
export const ON_ERROR = "on_error";
/** The only output of the trigger. */
export const START = "start";

export interface Link {
  from: string;
  output: string;
  to: string;
}

export function stepOf(definition: Definition, id: string): Step | undefined {
  return definition.steps.find((step) => step.id === id);
}

/** The ways out of a step: those of its kind, and the one for failures where it is used. */
export function outputsOf(vocabulary: Vocabulary, step: Step): Output[] {
  const outputs = kindOf(vocabulary, step)?.outputs ?? Object.keys(step.next ?? {}).map((name) => ({ name, label: name }));
  return step.on_error ? [...outputs, { name: ON_ERROR, label: t("On failure") }] : outputs;
}

/** Every arrow, the trigger's first. */
export function linksOf(definition: Definition): Link[] {
  const links: Link[] = [];
  if (definition.start) links.push({ from: TRIGGER, output: START, to: definition.start });
  for (const step of definition.steps) {
    for (const [output, to] of Object.entries(step.next ?? {})) if (to) links.push({ from: step.id, output, to });
    if (step.on_error) links.push({ from: step.id, output: ON_ERROR, to: step.on_error });
  }
  return links;
}

/** Where a step's fields of type step point to; shown as dashed arrows. */
export function jumpsOf(vocabulary: Vocabulary, definition: Definition): Link[] {
  return definition.steps.flatMap((step) =>
    (kindOf(vocabulary, step)?.fields ?? [])
      .filter((field) => field.type === "step")
      .map((field) => ({ from: step.id, output: field.name, to: String(step.with?.[field.name] ?? "") }))
      .filter((link) => stepOf(definition, link.to)),
  );
}

/** An id that says what the step is and that no other has: "wait", "wait_2". */
export function freshId(taken: Iterable<string>, kind: string): string {
  const all = new Set(taken);
  if (!all.has(kind) && kind !== TRIGGER) return kind;
  for (let n = 2; ; n++) if (!all.has(`${kind}_${n}`)) return `${kind}_${n}`;
}

function defaults(kind: StepKind): Values {
  return Object.fromEntries(kind.fields.flatMap((field) => (field.default === undefined || field.default === null ? [] : [[field.name, field.default]])));
}

function withStep(definition: Definition, id: string, change: (step: Step) => Step): Definition {
  return { ...definition, steps: definition.steps.map((step) => (step.id === id ? change(step) : step)) };
}

function without<T>(record: Record<string, T> | undefined, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record ?? {}).filter(([key]) => key !== name));
}

/** Draws an arrow; what went out there before goes. */
export function connect(definition: Definition, { from, output, to }: Link): Definition {
  if (from === to) return definition;
  if (from === TRIGGER) return { ...definition, start: to };
  return withStep(definition, from, (step) =>
    output === ON_ERROR ? { ...step, on_error: to } : { ...step, next: { ...step.next, [output]: to } },
  );
}

export function disconnect(definition: Definition, from: string, output: string): Definition {
  if (from === TRIGGER) return { ...definition, start: "" };
  return withStep(definition, from, (step) => {
    if (output !== ON_ERROR) return { ...step, next: without(step.next, output) };
    const { on_error: _gone, ...rest } = step;
    return rest;
  });
}

export function targetOf(definition: Definition, from: string, output: string): string {
  if (from === TRIGGER) return definition.start;
  const step = stepOf(definition, from);
  return (output === ON_ERROR ? step?.on_error : step?.next?.[output]) ?? "";
}

/** Adds a step at a place, tied to nothing. */
export function add(definition: Definition, kind: StepKind, position?: Position): { definition: Definition; id: string } {
  const id = freshId(definition.steps.map((step) => step.id), kind.kind);
  const step: Step = { id, kind: kind.kind, with: defaults(kind), next: {}, ...(position ? { position } : {}) };
  return { definition: { ...definition, steps: [...definition.steps, step] }, id };
}

/** Puts a new step into an arrow: what followed there follows the new one. */
export function insert(
  definition: Definition,
  kind: StepKind,
  at: { from: string; output: string },
  position?: Position,
): { definition: Definition; id: string } {
  const followed = targetOf(definition, at.from, at.output);
  const added = add(definition, kind, position);
  let next = connect(added.definition, { ...at, to: added.id });
  const out = kind.outputs[0];
  if (followed && out) next = connect(next, { from: added.id, output: out.name, to: followed });
  return { definition: next, id: added.id };
}

/** Takes steps out. Where one had one way in the middle of a line, the line closes again. */
export function remove(definition: Definition, ids: string[]): Definition {
  const gone = new Set(ids);
  /** What comes after removed steps, along their first way out. */
  const after = (id: string): string => {
    const seen = new Set<string>();
    let at = id;
    while (gone.has(at) && !seen.has(at)) {
      seen.add(at);
      const ways = Object.values(stepOf(definition, at)?.next ?? {}).filter(Boolean);
      at = ways.length === 1 ? (ways[0] ?? "") : "";
    }
    return gone.has(at) ? "" : at;
  };
  const steps = definition.steps
    .filter((step) => !gone.has(step.id))
    .map((step) => {
      if (![...Object.values(step.next ?? {}), step.on_error ?? ""].some((to) => gone.has(to))) return step;
      const next = Object.fromEntries(
        Object.entries(step.next ?? {})
          .map(([output, to]) => [output, gone.has(to) ? after(to) : to] as const)
          .filter(([, to]) => to !== "" && to !== step.id),
      );
      const { on_error, ...rest } = step;
      const failing = on_error && gone.has(on_error) ? after(on_error) : on_error;
      return { ...rest, next, ...(failing ? { on_error: failing } : {}) };
    });
  return { ...definition, start: gone.has(definition.start) ? after(definition.start) : definition.start, steps };
}

export function setValue(definition: Definition, id: string, name: string, value: Value | undefined): Definition {
  const set = (values: Values | undefined): Values => (value === undefined ? without(values, name) : { ...values, [name]: value });
  if (id === TRIGGER) return { ...definition, trigger: { ...definition.trigger, with: set(definition.trigger.with) } };
  return withStep(definition, id, (step) => ({ ...step, with: set(step.with) }));
}

export function setTitle(definition: Definition, id: string, title: string): Definition {
  return withStep(definition, id, (step) => {
    const { title: _old, ...rest } = step;
    return title ? { ...rest, title } : rest;
  });
}

export function setTrigger(definition: Definition, trigger: Trigger): Definition {
  return { ...definition, trigger };
}

export function move(definition: Definition, places: Map<string, Position>): Definition {
  const at = <T extends { position?: Position }>(thing: T, id: string): T => {
    const place = places.get(id);
    return place ? { ...thing, position: { x: Math.round(place.x), y: Math.round(place.y) } } : thing;
  };
  return { ...definition, trigger: at(definition.trigger, TRIGGER), steps: definition.steps.map((step) => at(step, step.id)) };
}

/** Steps that were copied, with the arrows among them. */
export interface Clip {
  rapport: "steps";
  steps: Step[];
}

export function copy(definition: Definition, ids: string[]): Clip {
  const chosen = new Set(ids);
  return { rapport: "steps", steps: definition.steps.filter((step) => chosen.has(step.id)) };
}

export function isClip(value: unknown): value is Clip {
  return typeof value === "object" && value !== null && (value as Clip).rapport === "steps" && Array.isArray((value as Clip).steps);
}

/** Puts copied steps in, beside where they were, under ids of their own; arrows that lead out of the copy are dropped. */
export function paste(definition: Definition, clip: Clip, offset: Position = { x: 40, y: 40 }): { definition: Definition; ids: string[] } {
  const taken = new Set(definition.steps.map((step) => step.id));
  const renamed = new Map<string, string>();
  for (const step of clip.steps) {
    const id = freshId(taken, step.kind);
    taken.add(id);
    renamed.set(step.id, id);
  }
  const steps = clip.steps.map((step): Step => {
    const next = Object.fromEntries(
      Object.entries(step.next ?? {}).flatMap(([output, to]) => (renamed.has(to) ? [[output, renamed.get(to) ?? ""]] : [])),
    );
    const { on_error, ...rest } = step;
    const failing = on_error ? renamed.get(on_error) : undefined;
    const moved: Step = { ...structuredClone(rest), id: renamed.get(step.id) ?? step.id, next };
    if (failing) moved.on_error = failing;
    if (step.position) moved.position = { x: step.position.x + offset.x, y: step.position.y + offset.y };
    return moved;
  });
  return { definition: { ...definition, steps: [...definition.steps, ...steps] }, ids: steps.map((step) => step.id) };
}

/** Steps in the order in which they can be reached, then those that cannot. Branches come one after the other. */
export function ordered(definition: Definition): { step: Step; reached: boolean }[] {
  const seen = new Set<string>();
  const order: { step: Step; reached: boolean }[] = [];
  const visit = (id: string) => {
    const step = stepOf(definition, id);
    if (!step || seen.has(id)) return;
    seen.add(id);
    order.push({ step, reached: true });
    for (const to of Object.values(step.next ?? {})) visit(to);
    if (step.on_error) visit(step.on_error);
  };
  visit(definition.start);
  for (const step of definition.steps) if (!seen.has(step.id)) order.push({ step, reached: false });
  return order;
}

/** Where an arrow key leads from a step: down along the arrows, up against them, sideways among siblings. */
export function neighbour(definition: Definition, id: string, way: "up" | "down" | "left" | "right"): string | undefined {
  const links = linksOf(definition);
  if (way === "down") return links.find((link) => link.from === id)?.to;
  const into = links.find((link) => link.to === id);
  if (way === "up") return into?.from;
  const siblings = [...new Set(links.filter((link) => link.from === into?.from).map((link) => link.to))];
  const at = siblings.indexOf(id);
  return at < 0 ? undefined : siblings[at + (way === "right" ? 1 : -1)];
}
