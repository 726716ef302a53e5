import { hashKey, type Query, type QueryClient, type QueryKey } from "@tanstack/react-query";
import type { Summary } from "@rapport/core/api/types";
import { type Cache, keys } from "@rapport/core/apply";
import type { ListKey, Pages } from "@rapport/core/lists";

/** A refetch waits this long for more events that ask for it … */
const CALM = 400;
/** … and this long after the one before, so that a busy hour costs the server little; milliseconds. */
const REST = 2_500;

type Change = (held: unknown) => unknown;

/**
 * The query cache as events patch it. A patch that comes while an answer is on
 * its way is applied again to that answer, which may have been made before.
 */
export function cacheOf(client: QueryClient): Cache {
  const again = new Map<string, Change[]>();
  const waiting = new Set<string>();
  const asked = new Map<string, number>();

  client.getQueryCache().subscribe((event) => {
    if (event.type !== "updated" || event.action.type !== "success" || event.action.manual) return;
    const changes = again.get(event.query.queryHash);
    if (!changes) return;
    again.delete(event.query.queryHash);
    for (const change of changes) patchQuery(event.query, change);
  });

  function patchQuery(query: Query, change: Change): void {
    if (query.state.fetchStatus === "fetching") {
      again.set(query.queryHash, [...(again.get(query.queryHash) ?? []), change]);
    }
    if (query.state.data === undefined) return;
    const next = change(query.state.data);
    if (next !== query.state.data) client.setQueryData(query.queryKey, next, { updatedAt: query.state.dataUpdatedAt });
  }

  return {
    patch: <T>(key: QueryKey, change: (held: T) => T) => {
      const query = client.getQueryCache().find({ queryKey: key, exact: true });
      if (query) patchQuery(query, change as Change);
    },
    patchLists: (change) => {
      for (const query of client.getQueryCache().findAll({ queryKey: keys.lists })) {
        const key = query.queryKey[1] as ListKey;
        patchQuery(query, (held) => change(held as Pages<Summary>, key));
      }
    },
    stale: (key) => {
      const hash = hashKey(key);
      if (waiting.has(hash)) return;
      waiting.add(hash);
      const rested = (asked.get(hash) ?? 0) + REST * (0.8 + Math.random() * 0.4);
      setTimeout(
        () => {
          waiting.delete(hash);
          asked.set(hash, Date.now());
          void client.invalidateQueries({ queryKey: key });
        },
        Math.max(CALM, rested - Date.now()),
      );
    },
  };
}
