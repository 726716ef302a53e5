import type { BulkAction, BulkOf } from "@rapport/core/api/views";
import { keys } from "@rapport/core/apply";
import type { Backend } from "./backend";
import { clearSelection } from "./selection";
import { createStore } from "./store";

/** Changes of many conversations that this page shows until they are put away. */
export const bulks = createStore<{ shown: string[] }>({ shown: [] });

export function putAway(id: string): void {
  bulks.set({ shown: bulks.get().shown.filter((one) => one !== id) });
}

async function show(backend: Backend, begin: () => Promise<{ id: string }>): Promise<void> {
  const { id } = await begin();
  bulks.set({ shown: [...bulks.get().shown, id] });
  await backend.client.invalidateQueries({ queryKey: keys.bulks });
}

export async function startBulk(backend: Backend, of: BulkOf, action: BulkAction): Promise<void> {
  await show(backend, () => backend.api.bulk.start(of, action));
  clearSelection();
}

export async function undoBulk(backend: Backend, id: string): Promise<void> {
  await show(backend, () => backend.api.bulk.undo(id));
  putAway(id);
}
