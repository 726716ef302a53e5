import type { Bulk, BulkAction, BulkOf } from "@rapport/core/api/views";
import { applyBulk, keys } from "@rapport/core/apply";
import type { Backend } from "./backend";
import { clearSelection } from "./selection";
import { createStore } from "./store";

/** Changes of many conversations that this page shows until they are put away. */
export const bulks = createStore<{ shown: string[] }>({ shown: [] });

function showAll(ids: readonly string[]): void {
  const { shown } = bulks.get();
  const more = ids.filter((id) => !shown.includes(id));
  if (more.length > 0) bulks.set({ shown: [...shown, ...more] });
}

/** Shows what is under way, also if it began before this page did. */
export function showRunning(list: readonly Bulk[]): void {
  showAll(list.filter((one) => !one.ended_at).map((one) => one.id));
}

export function putAway(id: string): void {
  bulks.set({ shown: bulks.get().shown.filter((one) => one !== id) });
}

async function show({ cache, client }: Backend, bulk: Bulk): Promise<void> {
  showAll([bulk.id]); // the event of its end may have been here before this answer
  applyBulk(cache, bulk);
  if (!client.getQueryData(keys.bulks)) await client.invalidateQueries({ queryKey: keys.bulks });
}

export async function startBulk(backend: Backend, of: BulkOf, action: BulkAction): Promise<void> {
  await show(backend, await backend.api.bulk.start(of, action));
  clearSelection();
}

export async function undoBulk(backend: Backend, id: string): Promise<void> {
  await show(backend, await backend.api.bulk.undo(id));
}
