import type { LogEvent, Me } from "./api/types";

/** Something that a person may be told of while they look elsewhere. */
export interface Alert {
  /** The same on every page of the desk that hears of it. */
  id: string;
  kind: string;
  text: string;
  conversationId?: string | undefined;
}

/** What an event tells a person who looks elsewhere: notifications, messages of their customers, and who became theirs. */
export function alertOf({ agent }: Pick<Me, "agent">, event: LogEvent): Alert | undefined {
  const { conversation, items = [], notification: told } = event.data ?? {};
  if (told) return { id: told.id, kind: told.kind, text: told.text, conversationId: told.conversation_id };
  if (conversation?.assignee_id !== agent.id) return undefined;
  const alert = { id: String(event.seq), text: `${conversation.contact_name}: ${conversation.last_text}`, conversationId: conversation.id };
  // Also with the first message, which comes as an opened or reopened conversation.
  if (items.some((item) => item.kind === "message" && item.by === "customer")) return { ...alert, kind: "message" };
  // Out of the line. Of what somebody else held, or a colleague gave, there is a notification.
  const routed = items.some((item) => item.event === "assigned" && item.data?.["agent_id"] === agent.id && item.data["rung"] !== "manual");
  return routed && !event.from_agent ? { ...alert, kind: "assigned" } : undefined;
}
