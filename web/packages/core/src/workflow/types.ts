import type { components } from "../api/schema";

// The words of workflows. A definition is a trigger and steps that name their successors. Where the server's document
// is as precise as we need to be, its types are used; the rest is checked against it at the end.

type Schemas = components["schemas"];

export type Value = string | number | boolean | null | Value[] | { [name: string]: Value };
export type Values = Record<string, Value>;

/** One of the four forms; an empty one holds always. */
export interface Condition {
  all?: Condition[];
  any?: Condition[];
  not?: Condition;
  fact?: string;
  op?: string;
  value?: Value;
  expr?: string;
}

export type Position = Schemas["Position"];

export interface Trigger {
  kind: string;
  with?: Values;
  when?: Condition;
  position?: Position;
}

export interface Step {
  id: string;
  kind: string;
  title?: string;
  with?: Values;
  /** The step that follows, by output. */
  next?: Record<string, string>;
  on_error?: string;
  position?: Position;
}

export type Limits = Schemas["Limits"];

export interface Definition {
  name?: string;
  trigger: Trigger;
  start: string;
  steps: Step[];
  limits?: Limits;
}

/** What is wrong with a definition, and where; an empty step is the workflow as a whole. */
export interface FlowProblem {
  step?: string;
  field?: string;
  message: string;
}

export interface WorkflowLine {
  id: string;
  name: string;
  enabled: boolean;
  /** Version that is live; 0 if none is. */
  published: number;
  versions: number;
  updated_at: string;
  active_runs: number;
  draft_differs: boolean;
  trigger?: Trigger;
}

export interface Workflow extends WorkflowLine {
  draft: Definition;
  live: Definition | null;
  problems: FlowProblem[];
}

/** Before: the version that was published before it. */
export interface WorkflowVersion {
  version: number;
  note: string;
  by_name: string;
  published_at: string;
  definition?: Definition;
  before?: Definition | null;
}

export type RunStatus = "running" | "waiting" | "done" | "failed" | "stopped";

export type Run = Schemas["Run"];

export type LogLine = Schemas["RunLine"];

export type RunView = Schemas["RunView"];

export type Choice = Schemas["Choice"];

export type FieldType =
  | "string" | "text" | "int" | "duration" | "bool" | "agent" | "queue" | "bot" | "inbox" | "status" | "priority" | "tag" | "tags"
  | "fields" | "step" | "url" | "condition" | "expression" | "choices" | "strategy" | "workflow" | "disposition";

export interface FlowField {
  name: string;
  label: string;
  type: FieldType;
  help?: string;
  required?: boolean;
  default?: Value;
  choices?: Choice[];
  /** May hold {{facts}}. */
  template?: boolean;
  min?: number;
  max?: number;
  /** Only with this choice of the field "event". */
  event?: string;
}

export type Output = Schemas["Output"];

export interface StepKind {
  kind: string;
  label: string;
  help: string;
  group: string;
  outputs: Output[];
  fields: FlowField[];
  /** It can fail; then `on_error` says what follows. */
  errors?: boolean;
}

export interface TriggerKind {
  kind: string;
  label: string;
  help: string;
  fields: FlowField[];
}

export type Fact = Schemas["Fact"];

export type Operator = Schemas["Operator"];

export interface Vocabulary {
  triggers: TriggerKind[];
  steps: StepKind[];
  facts: Fact[];
  operators: Operator[];
}

export interface Template {
  id: string;
  name: string;
  help: string;
  definition: Definition;
}

/** Something that happens while a workflow is tried; `after` counts seconds from its beginning. */
export interface TestEvent {
  kind: string;
  after: number;
  text?: string;
  to?: string;
  tag?: string;
  agent?: string;
  output?: string;
}

export interface TestInput {
  definition?: Definition;
  conversation_id?: string;
  /** Facts that differ from those of an ordinary conversation. */
  example?: Values;
  events?: TestEvent[];
}

export type PathStep = Schemas["Line"];

export interface TestAction {
  step: string;
  kind: string;
  with: Values;
}

export interface TestResult {
  path: PathStep[];
  actions: TestAction[];
  ends: "done" | "waiting" | "failed" | "stopped" | "not_started";
  reason?: string;
  problems: FlowProblem[];
}

/** A type of ours that the server's must be able to hold. */
type Fits<Server, Ours extends Server> = [Server, Ours];
export type Checked = [
  Fits<Schemas["Condition"], Condition>,
  Fits<Schemas["Trigger"], Trigger>,
  Fits<Schemas["Step"], Step>,
  Fits<Schemas["Definition"], Definition>,
  Fits<Schemas["SceneEvent"], TestEvent>,
  Fits<RunStatus, Run["status"]>,
];
