import type { Send } from "./bots";
import type { components } from "./schema";
import type { Answer, Priority, State, Summary } from "./types";

// Stock text, macros and what is noted about conversations: the words, and the
// calls that are made with them.

type Schemas = components["schemas"];

/** Stock text in one language, as far as it can be filled in. */
export interface CannedText {
  language: string;
  text: string;
  blanks?: string[];
}

export interface Canned {
  id: string;
  shortcut: string;
  title: string;
  body: string;
  variants?: Record<string, string>;
  folder?: string;
  queues?: string[];
  owner_id?: string;
  used: number;
  updated_at: string;
}
export type CannedView = Canned & { texts: CannedText[] };
export type CannedInput = Pick<Canned, "shortcut" | "title" | "body"> & Partial<Pick<Canned, "variants" | "folder" | "queues">> & { own?: boolean };

/** What becomes of one line of a file of canned responses. */
export interface CannedRow {
  line: number;
  shortcut: string;
  title: string;
  action: "create" | "change" | "skip";
  error?: string;
}
export interface CannedReport {
  rows: CannedRow[];
  good: number;
  bad: number;
  imported: number;
}

export interface TemplateVariable {
  name: string;
  label?: string;
  example?: string;
}
export type TemplateStatus = "approved" | "pending" | "paused" | "rejected";
export interface Template {
  id: string;
  inbox_id: string;
  name: string;
  language: string;
  category?: string;
  header?: string;
  body: string;
  footer?: string;
  variables: TemplateVariable[];
  status: TemplateStatus;
  reason?: string;
  synced?: boolean;
}
export type TemplateInput = Pick<Template, "inbox_id" | "name" | "language" | "body" | "status"> & Partial<Pick<Template, "category" | "header" | "footer" | "variables" | "reason">>;
/** The wish to send a template. */
export interface TemplateUse {
  id: string;
  values: Record<string, string>;
}

export interface Effects {
  topic?: string;
  summary?: string;
  body?: string;
  inbox_id?: string;
  form_id?: string;
  fields?: Record<string, string>;
  queue_id?: string;
  assignee_id?: string;
  state?: State;
  priority?: Priority;
  add_tags?: string[];
  remove_tags?: string[];
  disposition_id?: string;
  note?: string;
}
export type EffectKind = "topic" | "summary" | "form" | "fields" | "priority" | "tags" | "disposition" | "note" | "sender" | "body" | "queue" | "assignee" | "state";
/** One change that a macro makes. */
export interface Effect {
  kind: EffectKind;
  name?: string;
  from?: string;
  to?: string;
  later?: boolean;
}
export interface Macro {
  id: string;
  name: string;
  help?: string;
  tags?: string[];
  queues?: string[];
  enabled: boolean;
  effects: Effects;
  used: number;
}
export type MacroInput = Pick<Macro, "name" | "effects"> & Partial<Pick<Macro, "help" | "tags" | "queues" | "enabled">>;

/** What happens to a conversation with the reply. */
export interface Then {
  state?: State;
  queue_id?: string;
  assignee_id?: string;
  /** The macro that left it. */
  macro_id?: string;
}
export interface MacroPlan {
  effects: Effect[];
  body?: string;
  blanks?: string[];
  inbox_id?: string;
  later: Then;
}
export type MacroPreview = MacroPlan & { refusal?: string; warning?: string };
export type MacroResult = MacroPlan & { conversation: Summary };

/** What a macro puts into a new conversation. */
export interface MacroFilling {
  effects: Effects;
  set: Effect[];
  blanks?: string[];
}

export type FormFieldType = "text" | "number" | "date" | "choice" | "multi" | "yesno" | "url";
export interface FormField {
  name: string;
  label: string;
  type: FormFieldType;
  help?: string;
  default?: string;
  choices?: string[];
  required?: boolean;
  required_on_solve?: boolean;
}
export interface Form {
  id: string;
  name: string;
  help?: string;
  position?: number;
  fields: FormField[];
  default_for?: string[];
}
export type FormInput = Pick<Form, "name" | "fields"> & Partial<Pick<Form, "help" | "position" | "default_for">>;

export interface Disposition {
  id: string;
  code: string;
  label: string;
  queues?: string[];
  enabled: boolean;
  position?: number;
}
export type DispositionInput = Pick<Disposition, "code" | "label"> & Partial<Pick<Disposition, "queues" | "enabled" | "position">>;

export interface CatalogueTag {
  name: string;
  color?: string;
  description?: string;
}
export type Retagging = Schemas["Retagging"];
export type TagUse = Answer<Schemas["TagUse"]>;
export type TagRenamed = Answer<Schemas["TagRenamed"]>;

export interface DetailsChange {
  topic?: string;
  summary?: string;
  form_id?: string;
  disposition_id?: string;
  fields?: Record<string, string>;
}

function query(of: Record<string, string | number | boolean | undefined>): string {
  const set = Object.entries(of).filter(([, value]) => value !== undefined && value !== "" && value !== false);
  return set.length === 0 ? "" : `?${set.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join("&")}`;
}

/** The calls about them. */
export function textCalls(send: Send, sendCsv: <T>(path: string, body: string) => Promise<T>) {
  return {
    canned: {
      list: (of: { q?: string; conversation?: string; contact?: string; queue?: string; inbox?: string; limit?: number }, signal?: AbortSignal) =>
        send<{ items: CannedView[]; more: boolean }>("GET", `/canned${query(of)}`, undefined, signal),
      create: (body: CannedInput) => send<Canned>("POST", "/canned", body),
      change: (id: string, body: Partial<CannedInput>) => send<Canned>("PATCH", `/canned/${id}`, body),
      remove: (id: string) => send<undefined>("DELETE", `/canned/${id}`),
      used: (id: string) => send<undefined>("POST", `/canned/${id}/used`, {}),
      importCsv: (csv: string, dryRun: boolean) => sendCsv<CannedReport>(`/canned/import${query({ dry_run: dryRun })}`, csv),
      exportPath: "/api/v1/canned.csv",
    },
    templates: {
      list: (of: { inbox?: string; usable?: boolean }) => send<{ items: Template[] }>("GET", `/templates${query(of)}`),
      create: (body: TemplateInput) => send<Template>("POST", "/templates", body),
      change: (id: string, body: Partial<TemplateInput>) => send<Template>("PATCH", `/templates/${id}`, body),
      remove: (id: string) => send<undefined>("DELETE", `/templates/${id}`),
    },
    macros: {
      list: (of: { q?: string; tag?: string; queue?: string; all?: boolean }) => send<{ items: Macro[] }>("GET", `/macros${query(of)}`),
      create: (body: MacroInput) => send<Macro>("POST", "/macros", body),
      change: (id: string, body: Partial<MacroInput>) => send<Macro>("PATCH", `/macros/${id}`, body),
      remove: (id: string) => send<undefined>("DELETE", `/macros/${id}`),
      preview: (id: string, conversation_id: string, signal?: AbortSignal) => send<MacroPreview>("POST", `/macros/${id}/preview`, { conversation_id }, signal),
      prefill: (id: string, body: { queue_id?: string; inbox_id?: string; contact_id?: string }) => send<MacroFilling>("POST", `/macros/${id}/prefill`, body),
      apply: (id: string, body: { conversation_id: string; without?: string[]; rest?: boolean; client_id?: string }) =>
        send<MacroResult>("POST", `/macros/${id}/apply`, body),
    },
    forms: {
      list: () => send<{ items: Form[] }>("GET", "/forms"),
      create: (body: FormInput) => send<Form>("POST", "/forms", body),
      change: (id: string, body: Partial<FormInput>) => send<Form>("PATCH", `/forms/${id}`, body),
      remove: (id: string) => send<undefined>("DELETE", `/forms/${id}`),
    },
    dispositions: {
      list: () => send<{ items: Disposition[] }>("GET", "/dispositions"),
      create: (body: DispositionInput) => send<Disposition>("POST", "/dispositions", body),
      change: (id: string, body: Partial<DispositionInput>) => send<Disposition>("PATCH", `/dispositions/${id}`, body),
      remove: (id: string) => send<undefined>("DELETE", `/dispositions/${id}`),
    },
    tags: {
      list: () => send<{ items: CatalogueTag[]; renaming: Retagging[] }>("GET", "/tags"),
      save: (name: string, body: { color?: string; description?: string }) => send<CatalogueTag>("PUT", `/tags/${encodeURIComponent(name)}`, body),
      remove: (name: string) => send<undefined>("DELETE", `/tags/${encodeURIComponent(name)}`),
      use: (name: string) => send<TagUse>("GET", `/tags/use?name=${encodeURIComponent(name)}`),
      rename: (from: string, to: string) => send<TagRenamed>("POST", "/tags/rename", { from, to }),
    },
    noting: {
      describe: (id: string, change: DetailsChange) => send<Summary>("PATCH", `/conversations/${id}`, change),
    },
  };
}
