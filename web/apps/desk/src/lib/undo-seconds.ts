import type { Me } from "@rapport/core/api/types";

/** What an agent has who never chose. */
const USUAL = 5;

/** How long a sent message can be taken back: this browser's own value, else the agent's choice. */
export function undoSeconds(me: Me): number {
  const here = localStorage.getItem("rapport.undo_seconds");
  if (here !== null) return Number(here) || 0;
  const { preferences } = me as Me & { preferences?: { undo_seconds?: number } };
  return preferences?.undo_seconds ?? USUAL;
}
