// The words of workflows. A definition is a trigger and steps that name their successors.

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

export interface Position {
  x: number;
  y: number;
}

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

export interface Limits {
  max_steps?: number;
  per_hour?: number;
  /** What a trigger does while a run about the same conversation is under way. */
  again?: "ignore" | "restart";
}

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
  problems?: FlowProblem[];
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

export interface Run {
  id: string;
  workflow_id: string;
  workflow_name?: string;
  version: number;
  conversation_id?: string;
  status: RunStatus;
  step?: string;
  awaits?: string;
  due_at?: string;
  error?: string;
  steps: number;
  started_at: string;
  ended_at?: string;
}

export interface LogLine {
  n: number;
  at: string;
  step: string;
  outcome: string;
  detail?: string;
}

export interface RunView {
  run: Run;
  log: LogLine[];
}

export interface Choice {
  value: string;
  label: string;
}

export type FieldType =
  | "string" | "text" | "int" | "duration" | "bool" | "agent" | "queue" | "bot" | "inbox" | "status" | "priority" | "tag" | "tags"
  | "fields" | "step" | "url" | "condition" | "expression" | "choices" | "strategy" | "workflow";

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

export interface Output {
  name: string;
  label: string;
}

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

export interface Fact {
  name: string;
  label: string;
  type: string;
  help?: string;
  choices?: Choice[];
}

export interface Operator {
  name: string;
  label: string;
  types: string[];
  /** Whether it takes a value: none, one, or a list. */
  value: "none" | "one" | "many";
}

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

export interface PathStep {
  step: string;
  outcome: string;
  detail: string;
  at: string;
}

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
