import type { Client } from "openapi-fetch";
import { complete } from "../workflow/complete";
import type { Definition, RunStatus, RunView, Template, TestInput, TestResult, Vocabulary, Workflow, WorkflowLine, WorkflowVersion } from "../workflow/types";
import type { paths } from "./schema";

/** Fills in what the server leaves out of definitions because it is empty. */
function whole<T extends { draft?: Definition; live?: Definition | null; definition?: Definition; before?: Definition | null }>(answer: T): T {
  const filled: T = { ...answer };
  if (answer.draft) filled.draft = complete(answer.draft);
  if (answer.live) filled.live = complete(answer.live);
  if (answer.definition) filled.definition = complete(answer.definition);
  if (answer.before) filled.before = complete(answer.before);
  return filled;
}

/** The answer as what it is known to be; the document leaves values and embedded members open. */
async function known<T>(call: Promise<{ data?: unknown }>): Promise<T> {
  return (await call).data as T;
}

const flow = async (call: Promise<{ data?: unknown }>): Promise<Workflow> => whole(await known<Workflow>(call));

/** The calls about workflows and their runs. */
export function workflowCalls({ GET, POST, PUT, PATCH, DELETE }: Pick<Client<paths>, "GET" | "POST" | "PUT" | "PATCH" | "DELETE">) {
  const at = (id: string) => ({ params: { path: { id } } });
  const given = (signal: AbortSignal | undefined) => (signal ? { signal } : {});
  return {
    vocabulary: () => known<Vocabulary>(GET("/api/v1/workflow-vocabulary")),
    rotateSecret: () => known<{ value: string }>(POST("/api/v1/workflow-secret")),
    templates: async () => {
      const { items } = await known<{ items: Template[] }>(GET("/api/v1/workflow-templates"));
      return { items: items.map(whole) };
    },
    list: () => known<{ items: WorkflowLine[] }>(GET("/api/v1/workflows")),
    create: (body: { name: string; template?: string; definition?: Definition }) => flow(POST("/api/v1/workflows", { body })),
    read: (id: string, signal?: AbortSignal) => flow(GET("/api/v1/workflows/{id}", { ...at(id), ...given(signal) })),
    saveDraft: (id: string, definition: Definition) => flow(PUT("/api/v1/workflows/{id}/draft", { ...at(id), body: { definition } })),
    change: (id: string, body: { name?: string; enabled?: boolean }) => flow(PATCH("/api/v1/workflows/{id}", { ...at(id), body })),
    remove: (id: string) => known<undefined>(DELETE("/api/v1/workflows/{id}", at(id))),
    publish: (id: string, note: string) => flow(POST("/api/v1/workflows/{id}/publish", { ...at(id), body: { note } })),
    versions: (id: string) => known<{ items: WorkflowVersion[] }>(GET("/api/v1/workflows/{id}/versions", at(id))),
    version: async (id: string, version: number) =>
      whole(await known<WorkflowVersion>(GET("/api/v1/workflows/{id}/versions/{version}", { params: { path: { id, version } } }))),
    rollback: (id: string, version: number) => flow(POST("/api/v1/workflows/{id}/rollback", { ...at(id), body: { version } })),
    test: (id: string, body: TestInput) => known<TestResult>(POST("/api/v1/workflows/{id}/test", { ...at(id), body })),
    counts: (id: string) => known<{ items: { step: string; active: number }[] }>(GET("/api/v1/workflows/{id}/counts", at(id))),
    runs: (id: string, status: RunStatus | "", cursor = "") =>
      known<{ items: RunView["run"][]; next: string }>(
        GET("/api/v1/workflows/{id}/runs", { params: { path: { id }, query: { ...(status ? { status } : {}), ...(cursor ? { cursor } : {}) } } }),
      ),
    run: (id: string) => known<RunView>(GET("/api/v1/runs/{id}", at(id))),
    stop: (id: string) => known<RunView["run"]>(POST("/api/v1/runs/{id}/stop", at(id))),
    ofConversation: (id: string, signal?: AbortSignal) =>
      known<{ items: RunView["run"][] }>(GET("/api/v1/conversations/{id}/runs", { ...at(id), ...given(signal) })),
  };
}
