import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { SearchQuery } from "@rapport/core/api/api";
import { useBackend } from "@/lib/backend";

/** One types on for this long before the server is asked; milliseconds. */
const CALM = 120;

export interface Filters {
  queue: string;
  agent: string;
  /** Not older than this many days; 0 for any age. */
  days: number;
}

/** The text as it is once one pauses. */
function useCalm(text: string): string {
  const [calm, setCalm] = useState(text);
  useEffect(() => {
    const timer = setTimeout(setCalm, CALM, text);
    return () => {
      clearTimeout(timer);
    };
  }, [text]);
  return calm;
}

const DAY = 86_400_000;

/** What is found while one types. A question that was overtaken is cancelled. */
export function useSearch(typed: string, limit: number, filters: Filters) {
  const { api } = useBackend();
  const text = useCalm(typed.trim());
  const { queue, agent, days } = filters;
  const found = useQuery({
    queryKey: ["search", text, limit, queue, agent, days],
    queryFn: ({ signal }) => {
      const query: SearchQuery = { q: text, limit };
      if (queue) query.queue = queue;
      if (agent) query.agent = agent;
      if (days) query.from = new Date(Date.now() - days * DAY).toISOString();
      return api.search(query, signal);
    },
    enabled: text !== "",
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    gcTime: 60_000,
  });
  return { ...found, text, waiting: text !== typed.trim() || found.isFetching };
}
