import type { Send } from "./bots";
import type { components } from "./schema";
import type { ListFilter, Priority, Sort, State, View } from "./types";

// Lists that people keep under a name, and changes of many conversations.

type Schemas = components["schemas"];

export type Layout = "list" | "table";
export type Sharing = "" | "queues" | "all";

/** What a list shows, and in which order. */
export interface Listing {
  view: View;
  filter?: ListFilter;
  sort?: Sort | "";
}

export interface ViewInput extends Listing {
  name: string;
  columns: string[];
  layout: Layout;
  shared: Sharing;
  queues: string[];
}

export interface SavedView extends ViewInput {
  id: string;
  owner_id: string;
  version: number;
  pinned: boolean;
  position: number;
  /** The reader may change and delete it. */
  editable: boolean;
}

export interface ViewCount {
  n: number;
  more: boolean;
}

export type BulkAction =
  | { do: "assign"; agent_id: string; override?: boolean; reason?: string }
  | { do: "queue"; queue_id: string; reason?: string }
  | { do: "release" }
  | { do: "state"; state: State }
  | { do: "priority"; priority: Priority }
  | { do: "tags"; add_tags?: string[]; remove_tags?: string[] }
  | { do: "snooze"; until: string };

export type Bulk = Schemas["Bulk"];
export type BulkItem = Schemas["BulkItem"];
export type BulkReport = Bulk & { failed: BulkItem[] };

export type BulkOf = { ids: string[] } | { match: Listing; except?: string[] };

/** The calls about saved views and bulk actions. */
export function viewCalls(send: Send) {
  return {
    views: {
      list: () => send<{ items: SavedView[] }>("GET", "/views"),
      create: (body: ViewInput) => send<SavedView>("POST", "/views", body),
      change: (id: string, body: Partial<ViewInput>) => send<SavedView>("PATCH", `/views/${id}`, body),
      remove: (id: string) => send<undefined>("DELETE", `/views/${id}`),
      restore: (id: string) => send<undefined>("POST", `/views/${id}/restore`),
      pin: (id: string, pinned: boolean) => send<undefined>("PUT", `/views/${id}/place`, { pinned }),
      order: (ids: string[]) => send<undefined>("PUT", "/views/order", { ids }),
      counts: () => send<{ counts: Record<string, ViewCount> }>("GET", "/views/counts"),
    },
    bulk: {
      start: (of: BulkOf, action: BulkAction) => send<Bulk>("POST", "/bulk", { ...of, action }),
      list: () => send<{ items: Bulk[] }>("GET", "/bulk"),
      read: (id: string) => send<BulkReport>("GET", `/bulk/${id}`),
      undo: (id: string) => send<Bulk>("POST", `/bulk/${id}/undo`),
    },
  };
}
