import { type Edge, MarkerType, type Node, Position as Side } from "@xyflow/react";
import { jumpsOf, linksOf, ON_ERROR, outputsOf, START, TRIGGER } from "@rapport/core/workflow/edit";
import type { Definition, FlowProblem, Output, PathStep, Position, Step, Vocabulary } from "@rapport/core/workflow/types";
import { capital, kindOf, type Names, stepSentence, summaryOf, titleOf, triggerText } from "@rapport/core/workflow/words";
import { t } from "@rapport/i18n";
import { heightOf, placesOf, WIDTH } from "./layout";
import { type Box, route } from "./route";

// A definition as nodes and arrows of the canvas. Places of handles are computed, not measured.

export interface StepData extends Record<string, unknown> {
  step: Step | undefined;
  kind: string;
  group: string;
  title: string;
  summary: string;
  outputs: (Output & { to: string })[];
  named: boolean;
  problems: string[];
  active: number;
  /** In the last test run: 1 for the first step, and so on; 0 for not at all. */
  visited: number;
  dimmed: boolean;
}

export type StepNode = Node<StepData, "step">;
export interface EdgeData extends Record<string, unknown> {
  output: string;
  label: string;
  lit: boolean;
  dimmed: boolean;
  /** It belongs to a field of the step, not to a way out. */
  jump: boolean;
  /** Its corners. */
  points: Position[];
}

export type FlowEdge = Edge<EdgeData, "flow">;

export interface Shown {
  vocabulary: Vocabulary;
  names: Names;
  selected: string[];
  problems: FlowProblem[];
  counts: Map<string, number>;
  path: PathStep[];
  /** Places of steps that are being dragged. */
  moving: Map<string, Position>;
}

const HANDLE = 10;

function handles(height: number, outputs: Output[], into: boolean) {
  return [
    ...(into ? [{ type: "target" as const, id: null, position: Side.Top, x: WIDTH / 2 - HANDLE / 2, y: -HANDLE / 2, width: HANDLE, height: HANDLE }] : []),
    ...outputs.map((output, n) => ({
      type: "source" as const,
      id: output.name,
      position: Side.Bottom,
      x: (WIDTH * (n + 0.5)) / outputs.length - HANDLE / 2,
      y: height - HANDLE / 2,
      width: HANDLE,
      height: HANDLE,
    })),
  ];
}

/** The steps of a path, each once, in the order in which they were reached. */
export function visitedSteps(path: PathStep[]): string[] {
  return [...new Set(path.map((one) => one.step).filter((id) => id !== TRIGGER))];
}

export function nodesOf(definition: Definition, shown: Shown): StepNode[] {
  const { vocabulary, names } = shown;
  const path = visitedSteps(shown.path);
  const places = placesOf(vocabulary, definition);
  const links = linksOf(definition);
  const node = (id: string, step: Step | undefined, data: Pick<StepData, "kind" | "group" | "title" | "summary">, outputs: Output[], label: string): StepNode => {
    const height = heightOf(vocabulary, step);
    const problems = shown.problems.filter((problem) => problem.step === id).map((problem) => problem.message);
    const visited = id === TRIGGER ? (path.length > 0 ? 1 : 0) : path.indexOf(id) + 1;
    const active = shown.counts.get(id) ?? 0;
    const said = [
      label,
      ...(problems.length > 0 ? [t("Problem: {{problems}}", { problems: problems.join(" ") })] : []),
      ...(active > 0 ? [t("{{n}} active", { n: active })] : []),
    ]
      .map((words) => words.replace(/\.$/, ""))
      .join(". ");
    return {
      id,
      type: "step",
      position: shown.moving.get(id) ?? places.get(id) ?? { x: 0, y: 0 },
      selected: shown.selected.includes(id),
      width: WIDTH,
      height,
      measured: { width: WIDTH, height },
      handles: handles(height, outputs, id !== TRIGGER),
      ariaLabel: said,
      domAttributes: { "aria-roledescription": id === TRIGGER ? "trigger" : "step" },
      data: {
        ...data,
        step,
        outputs: outputs.map((output) => ({ ...output, to: links.find((link) => link.from === id && link.output === output.name)?.to ?? "" })),
        named: outputs.length > 1,
        problems,
        active,
        visited,
        dimmed: path.length > 0 && visited === 0,
      },
    };
  };
  const trigger = vocabulary.triggers.find((one) => one.kind === definition.trigger.kind);
  const words = triggerText(vocabulary, definition.trigger, names);
  const rest = trigger ? words.slice(trigger.label.length).replace(/^, /, "") : "";
  return [
    node(
      TRIGGER,
      undefined,
      { kind: definition.trigger.kind, group: "trigger", title: trigger?.label ?? t("Choose a trigger"), summary: capital(rest) || (trigger?.help ?? t("What starts this workflow?")) },
      [{ name: START, label: t("First step") }],
      t("Trigger: {{words}}", { words }),
    ),
    ...definition.steps.map((step) => {
      const kind = kindOf(vocabulary, step);
      const data = {
        kind: step.kind,
        group: kind?.group ?? "",
        title: titleOf(vocabulary, step),
        summary: summaryOf(vocabulary, step, names) || (kind?.help ?? ""),
      };
      if (data.summary.toLowerCase() === data.title.toLowerCase()) data.summary = kind?.label ?? "";
      return node(step.id, step, data, outputsOf(vocabulary, step), stepSentence(vocabulary, step, names));
    }),
  ];
}

export function edgesOf(definition: Definition, shown: Pick<Shown, "vocabulary" | "path" | "moving">): FlowEdge[] {
  const { vocabulary } = shown;
  const boxes = new Map(
    [...placesOf(vocabulary, definition)].map(([id, place]): [string, Box] => {
      const at = shown.moving.get(id) ?? place;
      return [id, { ...at, width: WIDTH, height: heightOf(vocabulary, definition.steps.find((step) => step.id === id)) }];
    }),
  );
  const all = [...boxes.values()];
  const way = (from: string, outputs: Output[], output: string | undefined, to: string): Position[] => {
    const box = boxes.get(from);
    const target = boxes.get(to);
    if (!box || !target) return [];
    const n = Math.max(0, outputs.findIndex((one) => one.name === output));
    const start = { x: box.x + (WIDTH * (n + 0.5)) / Math.max(1, outputs.length), y: box.y + box.height };
    return route(start, { x: target.x + WIDTH / 2, y: target.y }, all);
  };
  const path = shown.path.filter((one) => one.step !== TRIGGER);
  const ids = new Set(definition.steps.map((step) => step.id));
  const titled = (id: string) => {
    const step = definition.steps.find((one) => one.id === id);
    return step ? titleOf(vocabulary, step) : t("Trigger");
  };
  /** Arrows that the last test run went along. */
  const lit = new Set<string>();
  path.forEach((one, n) => {
    const before = path[n - 1];
    if (!before) lit.add(`${TRIGGER} ${START}`);
    else {
      const link = linksOf(definition).find((l) => l.from === before.step && l.to === one.step && l.output === before.outcome);
      const any = link ?? linksOf(definition).find((l) => l.from === before.step && l.to === one.step);
      if (any) lit.add(`${any.from} ${any.output}`);
    }
  });
  const edge = (from: string, output: string, to: string, jump: boolean): FlowEdge => {
    const step = definition.steps.find((one) => one.id === from);
    const outputs = step ? outputsOf(vocabulary, step) : [];
    const label = output === ON_ERROR ? t("On failure") : outputs.length > 1 ? (outputs.find((one) => one.name === output)?.label ?? output) : "";
    const on = lit.has(`${from} ${output}`) || (jump && path.some((one, n) => one.step === from && path[n + 1]?.step === to));
    return {
      id: `${from}:${jump ? "jump:" : ""}${output}`,
      type: "flow",
      source: from,
      target: to,
      ...(jump ? { sourceHandle: outputs[0]?.name ?? null } : { sourceHandle: output }),
      focusable: false,
      deletable: !jump,
      selectable: !jump,
      ariaLabel: t("{{from}}, leads to {{to}}", { from: label ? `${titled(from)}, ${label}` : titled(from), to: titled(to) }),
      markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16, color: on ? "var(--color-accent)" : "var(--color-control)" },
      zIndex: on ? 1 : 0,
      data: { output, label, lit: on, dimmed: path.length > 0 && !on, jump, points: way(from, outputs, jump ? outputs[0]?.name : output, to) },
    };
  };
  return [
    ...linksOf(definition).filter((link) => ids.has(link.to)).map((link) => edge(link.from, link.output, link.to, false)),
    ...jumpsOf(vocabulary, definition).map((link) => edge(link.from, link.output, link.to, true)),
  ];
}
