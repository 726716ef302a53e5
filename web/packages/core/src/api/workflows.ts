import type {
  Definition,
  FlowProblem,
  Run,
  RunStatus,
  RunView,
  Template,
  TestInput,
  TestResult,
  Vocabulary,
  Workflow,
  WorkflowLine,
  WorkflowVersion,
} from "../workflow/types";

import { complete } from "../workflow/edit";

type Call = <T>(method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE", path: string, body?: unknown, signal?: AbortSignal) => Promise<T>;

/** Fills in what the server leaves out of definitions because it is empty. */
function whole<T extends { draft?: Definition; live?: Definition | null; definition?: Definition; before?: Definition | null }>(answer: T): T {
  const filled: T = { ...answer };
  if (answer.draft) filled.draft = complete(answer.draft);
  if (answer.live) filled.live = complete(answer.live);
  if (answer.definition) filled.definition = complete(answer.definition);
  if (answer.before) filled.before = complete(answer.before);
  return filled;
}

/** The calls about workflows and their runs. */
export function workflowCalls(call: Call) {
  const at = (id: string, more = "") => `/api/v1/workflows/${encodeURIComponent(id)}${more}`;
  return {
    vocabulary: () => call<Vocabulary>("GET", "/api/v1/workflow-vocabulary"),
    templates: () => call<{ items: Template[] }>("GET", "/api/v1/workflow-templates").then(({ items }) => ({ items: items.map(whole) })),
    list: () => call<{ items: WorkflowLine[] }>("GET", "/api/v1/workflows"),
    create: (body: { name: string; template?: string; definition?: Definition }) => call<Workflow>("POST", "/api/v1/workflows", body).then(whole),
    read: (id: string, signal?: AbortSignal) => call<Workflow>("GET", at(id), undefined, signal).then(whole),
    saveDraft: (id: string, definition: Definition) =>
      call<Workflow & { problems: FlowProblem[] }>("PUT", at(id, "/draft"), { definition }).then(whole),
    change: (id: string, body: { name?: string; enabled?: boolean }) => call<Workflow>("PATCH", at(id), body).then(whole),
    remove: (id: string) => call<undefined>("DELETE", at(id)),
    publish: (id: string, note: string) => call<Workflow>("POST", at(id, "/publish"), { note }).then(whole),
    versions: (id: string) => call<{ items: WorkflowVersion[] }>("GET", at(id, "/versions")),
    version: (id: string, version: number) => call<WorkflowVersion>("GET", at(id, `/versions/${version}`)).then(whole),
    rollback: (id: string, version: number) => call<Workflow>("POST", at(id, "/rollback"), { version }).then(whole),
    test: (id: string, body: TestInput) => call<TestResult>("POST", at(id, "/test"), body),
    counts: (id: string) => call<{ items: { step: string; active: number }[] }>("GET", at(id, "/counts")),
    runs: (id: string, status: RunStatus | "") => call<{ items: Run[]; next?: string }>("GET", at(id, `/runs${status ? `?status=${status}` : ""}`)),
    run: (id: string) => call<RunView>("GET", `/api/v1/runs/${id}`),
    stop: (id: string) => call<Run>("POST", `/api/v1/runs/${id}/stop`),
    ofConversation: (id: string, signal?: AbortSignal) => call<{ items: Run[] }>("GET", `/api/v1/conversations/${id}/runs`, undefined, signal),
    bots: () => call<{ items: { id: string; name: string; enabled: boolean }[] }>("GET", "/api/v1/bots"),
  };
}
