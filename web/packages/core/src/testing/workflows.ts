import words from "./vocabulary.json" with { type: "json" };
import type { Definition, FlowProblem, LogLine, Run, Step, Template, TestInput, TestResult, Vocabulary, Workflow, WorkflowVersion } from "../workflow/types";

// Workflows of the made-up contact centre: a vocabulary like the server's, three workflows, their versions and runs.

export interface FlowWorld {
  vocabulary: Vocabulary;
  templates: Template[];
  workflows: Workflow[];
  versions: Map<string, (WorkflowVersion & { definition: Definition })[]>;
  runs: { run: Run; log: LogLine[] }[];
}

export const vocabulary = words as unknown as Vocabulary;

/** Spec S4: opened by the customer, nobody answers within 15 minutes, somebody else who is online gets it. */
export const silence: Definition = {
  trigger: { kind: "conversation_opened", with: { source: "customer" } },
  start: "assign",
  steps: [
    { id: "assign", kind: "assign_queue", with: { queue: "support", untimed: true }, next: { next: "wait" } },
    { id: "wait", kind: "wait", with: { seconds: 900 }, next: { next: "silent" } },
    {
      id: "silent",
      kind: "branch",
      title: "Still open and not answered?",
      with: { if: { all: [{ fact: "conversation.state", op: "is", value: "open" }, { fact: "since_last_outbound", op: "does_not_exist" }] } },
      next: { yes: "assign_again" },
    },
    {
      id: "assign_again",
      kind: "assign_queue",
      title: "Assign to another agent",
      with: { queue: "support", only_online: true, keep: false, exclude_current: true },
      next: { next: "comment" },
    },
    { id: "comment", kind: "comment", with: { text: "{{contact.name}} has waited 15 minutes for an answer. Please take over.", tell: "assignee" } },
  ],
};

const hours: Definition = {
  trigger: { kind: "message_received", with: {}, when: { fact: "queue.open", op: "is", value: false } },
  start: "send",
  steps: [{ id: "send", kind: "send", with: { text: "Thank you, {{contact.name}}. We are back tomorrow at 9." }, next: { next: "tag" } }, { id: "tag", kind: "tag", with: { add: ["after hours"] } }],
};

export function seedFlows(now: number): FlowWorld {
  const at = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
  const edited = structuredClone(silence);
  const wait = edited.steps.find((step) => step.id === "wait");
  if (wait) wait.with = { seconds: 600 };
  const log: LogLine[] = [
    { n: 1, at: at(14), step: "assign", outcome: "next", detail: "Ana Pires got it: least load in Support." },
    { n: 2, at: at(14), step: "wait", outcome: "", detail: "Waits 15 minutes." },
  ];
  const run = (id: string, more: Partial<Run>): Run => ({ id, workflow_id: "silence", workflow_name: "Nobody answers within 15 minutes", version: 2, conversation_id: "c1", status: "waiting", step: "wait", steps: 2, started_at: at(14), ...more });
  return {
    vocabulary,
    templates: [
      { id: "silent_agent", name: "Nobody answers", help: "If the first agent does not answer within 15 minutes, another one who is online gets it.", definition: silence },
      { id: "out_of_hours", name: "Out-of-hours reply", help: "Answers customers who write outside the business hours.", definition: hours },
    ],
    workflows: [
      { id: "silence", name: "Nobody answers within 15 minutes", enabled: true, published: 2, versions: 2, updated_at: at(50), active_runs: 3, draft_differs: true, draft: edited, live: structuredClone(silence), problems: [], trigger: silence.trigger },
      { id: "hours", name: "Out-of-hours reply", enabled: false, published: 1, versions: 1, updated_at: at(4_000), active_runs: 0, draft_differs: false, draft: hours, live: structuredClone(hours), problems: [], trigger: hours.trigger },
      { id: "empty", name: "VIP to Chen", enabled: true, published: 0, versions: 0, updated_at: at(9), active_runs: 0, draft_differs: true, draft: { trigger: { kind: "", with: {} }, start: "", steps: [] }, live: null, problems: [] },
    ],
    versions: new Map([
      [
        "silence",
        [
          { version: 2, note: "Comment names the customer", by_name: "Ana Pires", published_at: at(3_000), definition: structuredClone(silence) },
          { version: 1, note: "", by_name: "Ana Pires", published_at: at(9_000), definition: { ...structuredClone(silence), steps: structuredClone(silence.steps.slice(0, 4)) } },
        ],
      ],
    ]),
    runs: [
      { run: run("r1", {}), log },
      { run: run("r2", { conversation_id: "c2", started_at: at(6) }), log },
      { run: run("r3", { conversation_id: "c3", status: "done", step: "", steps: 5, started_at: at(200), ended_at: at(185) }), log },
      { run: run("r4", { conversation_id: "c4", status: "failed", step: "assign_again", error: "The queue was deleted.", started_at: at(400), ended_at: at(385) }), log },
    ],
  };
}

/** What the server would say about a draft, as far as the tests need it. */
export function problemsOf(definition: Definition): FlowProblem[] {
  const problems: FlowProblem[] = [];
  if (!definition.trigger.kind) problems.push({ step: "trigger", field: "kind", message: "Choose what starts the workflow." });
  if (!definition.start) problems.push({ message: "There is no first step. Connect the trigger with a step." });
  for (const step of definition.steps) {
    const kind = vocabulary.steps.find((one) => one.kind === step.kind);
    for (const field of kind?.fields ?? []) {
      const value = step.with?.[field.name] ?? field.default;
      if (field.required && (value === undefined || value === "")) problems.push({ step: step.id, field: field.name, message: `${field.label} is missing.` });
    }
  }
  return problems;
}

function tested(definition: Definition, input: TestInput): TestResult {
  const path: TestResult["path"] = [];
  const actions: TestResult["actions"] = [];
  const answered = (input.events ?? []).some((event) => event.kind === "reply");
  let clock = Date.parse("2026-03-02T10:00:00Z");
  let step: Step | undefined = definition.steps.find((one) => one.id === definition.start);
  while (step && path.length < 50) {
    const id = step.id;
    const kind = vocabulary.steps.find((one) => one.kind === step?.kind);
    const outcome: string = step.kind === "branch" && answered ? "no" : (kind?.outputs[0]?.name ?? "");
    path.push({ step: id, outcome, detail: kind?.label ?? "", at: new Date(clock).toISOString() });
    if (step.kind === "wait") clock += Number(step.with?.["seconds"] ?? 0) * 1000;
    else if (step.kind !== "branch") actions.push({ step: id, kind: step.kind, with: step.with ?? {} });
    const to = step.next?.[outcome];
    step = definition.steps.find((one) => one.id === to);
  }
  return { path, actions, ends: "done", problems: problemsOf(definition) };
}

type Refuse = (status: number, detail: string, code: string, more?: object) => Error;
interface FlowCall {
  params: string[];
  query: URLSearchParams;
  body: Record<string, unknown>;
}

export function flowRoutes(world: FlowWorld, at: () => string, refuse: Refuse): [string, RegExp, (call: FlowCall) => unknown][] {
  const find = (id: string | undefined) => {
    const found = world.workflows.find((one) => one.id === id);
    if (!found) throw refuse(404, "There is no such workflow.", "not_found");
    return found;
  };
  const versionsOf = (id: string) => world.versions.get(id) ?? [];
  const publish = (flow: Workflow, definition: Definition, note: string) => {
    flow.versions += 1;
    flow.published = flow.versions;
    flow.live = structuredClone(definition);
    flow.draft = structuredClone(definition);
    flow.trigger = flow.live.trigger;
    flow.draft_differs = false;
    flow.updated_at = at();
    world.versions.set(flow.id, [{ version: flow.versions, note, by_name: "Ana Pires", published_at: at(), definition: structuredClone(definition) }, ...versionsOf(flow.id)]);
    return flow;
  };
  return [
    ["GET", /^\/workflow-vocabulary$/, () => world.vocabulary],
    ["GET", /^\/workflow-templates$/, () => ({ items: world.templates })],
    ["GET", /^\/bots$/, () => ({ items: [{ id: "bot1", name: "Harbour bot", kind: "flow", enabled: true }] })],
    ["GET", /^\/workflows$/, () => ({ items: world.workflows })],
    ["POST", /^\/workflows$/, ({ body }) => {
      const name = String(body["name"] ?? "").trim();
      if (world.workflows.some((one) => one.name === name)) throw refuse(409, `There is a workflow “${name}” already.`, "name_taken", { field: "name" });
      const template = world.templates.find((one) => one.id === body["template"]);
      const draft = (body["definition"] as Definition | undefined) ?? template?.definition ?? { trigger: { kind: "", with: {} }, start: "", steps: [] };
      const flow: Workflow = { id: `flow${world.workflows.length}`, name, enabled: true, published: 0, versions: 0, updated_at: at(), active_runs: 0, draft_differs: true, draft: structuredClone(draft), live: null, problems: [], trigger: draft.trigger };
      world.workflows.push(flow);
      return flow;
    }],
    ["GET", /^\/workflows\/([^/]+)$/, ({ params }) => ({ ...find(params[0]), problems: problemsOf(find(params[0]).draft) })],
    ["PUT", /^\/workflows\/([^/]+)\/draft$/, ({ params, body }) => {
      const flow = find(params[0]);
      flow.draft = body["definition"] as Definition;
      flow.draft_differs = true;
      flow.updated_at = at();
      return { ...flow, problems: problemsOf(flow.draft) };
    }],
    ["PATCH", /^\/workflows\/([^/]+)$/, ({ params, body }) => Object.assign(find(params[0]), body, { updated_at: at() })],
    ["DELETE", /^\/workflows\/([^/]+)$/, ({ params }) => void (world.workflows = world.workflows.filter((one) => one !== find(params[0])))],
    ["POST", /^\/workflows\/([^/]+)\/publish$/, ({ params, body }) => {
      const flow = find(params[0]);
      const problems = problemsOf(flow.draft);
      if (problems.length > 0) throw refuse(409, "The draft has problems; mend them first.", "invalid_workflow", { problems });
      return publish(flow, flow.draft, String(body["note"] ?? ""));
    }],
    ["GET", /^\/workflows\/([^/]+)\/versions$/, ({ params }) => ({ items: versionsOf(params[0] ?? "") })],
    ["GET", /^\/workflows\/([^/]+)\/versions\/(\d+)$/, ({ params }) => {
      const list = versionsOf(params[0] ?? "");
      const at = list.findIndex((one) => String(one.version) === params[1]);
      return { ...list[at], before: list[at + 1]?.definition ?? null };
    }],
    ["POST", /^\/workflows\/([^/]+)\/rollback$/, ({ params, body }) => {
      const version = versionsOf(params[0] ?? "").find((one) => one.version === body["version"]);
      if (!version) throw refuse(404, "There is no such version.", "not_found");
      return publish(find(params[0]), version.definition, `Back to version ${version.version}`);
    }],
    ["POST", /^\/workflows\/([^/]+)\/test$/, ({ params, body }) => {
      const input = body as unknown as TestInput;
      return tested(input.definition ?? find(params[0]).draft, input);
    }],
    ["GET", /^\/workflows\/([^/]+)\/counts$/, ({ params }) => ({ items: params[0] === "silence" ? [{ step: "wait", active: 2 }, { step: "comment", active: 1 }] : [] })],
    ["GET", /^\/workflows\/([^/]+)\/runs$/, ({ params, query }) => ({
      items: world.runs.map((one) => one.run).filter((run) => run.workflow_id === params[0] && (!query.get("status") || run.status === query.get("status"))),
    })],
    ["GET", /^\/runs\/([^/]+)$/, ({ params }) => world.runs.find((one) => one.run.id === params[0])],
    ["POST", /^\/runs\/([^/]+)\/stop$/, ({ params }) => {
      const found = world.runs.find((one) => one.run.id === params[0]);
      return Object.assign(found?.run ?? {}, { status: "stopped", ended_at: at() });
    }],
    ["GET", /^\/conversations\/([^/]+)\/runs$/, ({ params }) => ({ items: world.runs.map((one) => one.run).filter((run) => run.conversation_id === params[0]) })],
  ];
}
