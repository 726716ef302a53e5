import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useBackend } from "@/lib/backend";
import { queries } from "@/lib/queries";
import type { FilterNames } from "./filter-words";

/** What filters may refer to, with names. */
export function useFilterNames(): FilterNames {
  const { api } = useBackend();
  const queues = useQuery(queries.queues(api)).data;
  const inboxes = useQuery(queries.inboxes(api)).data;
  const channels = useQuery(queries.channels(api)).data;
  const agents = useQuery(queries.agents(api)).data;
  const dispositions = useQuery(queries.dispositions(api)).data;
  return useMemo(() => {
    const used = new Set(inboxes?.items.map((inbox) => inbox.channel));
    return {
      queues: queues?.items ?? [],
      inboxes: inboxes?.items ?? [],
      channels: (channels?.items ?? []).filter(({ kind }) => used.has(kind)).map(({ kind, name }) => ({ id: kind, name })),
      agents: (agents?.items ?? []).map(({ id, name }) => ({ id, name })),
      dispositions: (dispositions ?? []).map(({ id, label }) => ({ id, name: label })),
    };
  }, [queues, inboxes, channels, agents, dispositions]);
}
