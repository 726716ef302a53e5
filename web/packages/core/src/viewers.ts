/** Who has a conversation open, by conversation. */
export type Viewers = Readonly<Record<string, readonly Viewer[]>>;

export interface Viewer {
  id: string;
  name: string;
}

/** The viewers after somebody opened a conversation, or turned from it. */
export function viewed(held: Viewers, conversationId: string, who: Viewer, on: boolean): Viewers {
  const before = held[conversationId] ?? [];
  const others = before.filter((one) => one.id !== who.id);
  if (on && others.length < before.length) return held;
  if (!on && others.length === before.length) return held;
  const next = on ? [...others, who] : others;
  if (next.length > 0) return { ...held, [conversationId]: next };
  const { [conversationId]: _gone, ...rest } = held;
  return rest;
}
