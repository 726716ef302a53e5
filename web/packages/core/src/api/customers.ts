import type { Send } from "./bots";
import type { Contact, ContactView, Page, Point, Summary } from "./types";

// Customers, what is known of them, and who is the same person.

export type AttributeKind = "text" | "number" | "date" | "choice" | "yes_no" | "url" | "phone" | "email" | "country" | "language" | "time_zone";

export interface Attribute {
  name: string;
  label: string;
  kind: AttributeKind;
  choices?: string[];
  help?: string;
  shown: boolean;
  position: number;
  built_in?: boolean;
}
export type AttributeInput = Pick<Attribute, "name" | "label" | "kind" | "shown"> & { choices?: string[]; help?: string };

export interface Customer extends Contact {
  active_at: string;
  conversations: number;
}

export interface CustomerQuery {
  q?: string;
  known?: "true" | "false";
  tag?: string;
  field?: string;
  value?: string;
  sort?: "active" | "name" | "created";
  cursor?: string;
  limit?: number;
}

export interface ContactMerge {
  id: string;
  into_id: string;
  from_id: string;
  from_name: string;
  at: string;
  by_name: string;
  linked?: boolean;
}

export type CustomerView = ContactView & { merges?: ContactMerge[]; erased_at?: string; merged_into?: string };

export interface ContactChange {
  id: string;
  at: string;
  by_name: string;
  action: string;
  detail?: { what: string; from?: string; to?: string }[];
}

export type Side = "into" | "from";

export interface MergeField {
  name: string;
  into?: string;
  from?: string;
  wins: Side;
  clash?: boolean;
}

export interface MergePreview {
  into: Contact;
  from: Contact;
  into_name: string;
  from_name: string;
  name: MergeField;
  fields: MergeField[];
  tags: string[];
  points: Point[];
  conversations: number;
  bonds: { agent_id: string; name: string; ended_at: string; side: Side }[];
  sticky: { id: string; title: string; agent_name: string; side: Side; leads?: boolean }[];
  clashes: { inbox_id: string; into: Summary; from: Summary; stays: string; merges?: boolean; why?: string }[];
}

export interface MergeChoice {
  name?: Side;
  fields?: Record<string, Side>;
  stay?: Record<string, string>;
}

export interface Pair {
  a: Contact;
  b: Contact;
  a_name: string;
  b_name: string;
  reason: "phone" | "email" | "name";
  shared: string;
}

export interface CustomerImport {
  id: string;
  name: string;
  status: "checking" | "checked" | "running" | "done" | "failed";
  lines: number;
  good: number;
  bad: number;
  done: number;
  added: number;
  changed: number;
  skipped: number;
  problems: { line: number; name: string; errors: string[] }[];
  error?: string;
}

function query(values: object): string {
  const given = Object.entries(values).filter((pair): pair is [string, string | number] => pair[1] !== undefined && pair[1] !== "");
  return given.length > 0 ? `?${new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString()}` : "";
}

export function customerCalls(send: Send, sendCsv: <T>(path: string, csv: string) => Promise<T>) {
  return {
    attributes: {
      list: () => send<{ items: Attribute[] }>("GET", "/attributes"),
      create: (body: AttributeInput) => send<Attribute>("POST", "/attributes", body),
      change: (name: string, body: Partial<AttributeInput>) => send<Attribute>("PATCH", `/attributes/${name}`, body),
      remove: (name: string) => send<undefined>("DELETE", `/attributes/${name}`),
      order: (names: string[]) => send<{ items: Attribute[] }>("PUT", "/attributes/order", { names }),
    },
    customers: {
      list: (values: CustomerQuery, signal?: AbortSignal) => send<Page<Customer>>("GET", `/contacts${query(values)}`, undefined, signal),
      create: (body: { name: string; points?: string[] }) => send<Contact>("POST", "/contacts", body),
      read: (id: string, signal?: AbortSignal) => send<CustomerView>("GET", `/contacts/${id}`, undefined, signal),
      setTags: (id: string, tags: string[]) => send<Contact>("PATCH", `/contacts/${id}`, { tags }),
      addPoint: (id: string, address: string) => send<Contact>("POST", `/contacts/${id}/points`, { address }),
      changePoint: (id: string, point: Point, to: string) =>
        send<Contact>("PATCH", `/contacts/${id}/points`, { kind: point.kind, address: point.address, to }),
      removePoint: (id: string, { kind, address }: Point) => send<Contact>("DELETE", `/contacts/${id}/points${query({ kind, address })}`),
      history: (id: string, cursor: string, signal?: AbortSignal) =>
        send<Page<Summary>>("GET", `/contacts/${id}/conversations${query({ cursor })}`, undefined, signal),
      changes: (id: string, cursor: string, signal?: AbortSignal) =>
        send<Page<ContactChange>>("GET", `/contacts/${id}/changes${query({ cursor })}`, undefined, signal),
      preview: (id: string, other: string, signal?: AbortSignal) =>
        send<MergePreview>("GET", `/contacts/${id}/merge${query({ with: other })}`, undefined, signal),
      merge: (id: string, other: string, choice: MergeChoice) =>
        send<{ contact: Contact; merge: ContactMerge }>("POST", `/contacts/${id}/merge`, { with: other, ...choice }),
      undoMerge: (id: string) => send<Contact>("POST", `/contact-merges/${id}/undo`),
      unlink: (conversation: string) =>
        send<{ conversation: Summary; contact: Contact; with_point: boolean }>("POST", `/conversations/${conversation}/unlink`),
      link: (conversation: string, contact_id: string) => send<Contact>("POST", `/conversations/${conversation}/link`, { contact_id }),
      duplicates: (cursor: string, signal?: AbortSignal) =>
        send<Page<Pair>>("GET", `/contact-duplicates${query({ cursor })}`, undefined, signal),
      dismiss: (a: string, b: string) => send<undefined>("POST", "/contact-duplicates/dismiss", { a, b }),
      upload: (csv: string, name: string) => sendCsv<CustomerImport>(`/contact-imports${query({ name })}`, csv),
      import: (id: string, signal?: AbortSignal) => send<CustomerImport>("GET", `/contact-imports/${id}`, undefined, signal),
      startImport: (id: string) => send<CustomerImport>("POST", `/contact-imports/${id}/start`),
      exportPath: (values: CustomerQuery) => `/api/v1/contacts.csv${query({ ...values, sort: undefined, cursor: undefined, limit: undefined })}`,
      dossierPath: (id: string) => `/api/v1/contacts/${id}/dossier`,
      erase: (id: string, body: { name: string; close: boolean; notes: boolean }) => send<undefined>("POST", `/contacts/${id}/erase`, body),
    },
  };
}
