import type { Send } from "./bots";
import type { components } from "./schema";

// Context cards: boxes of the side panel that other systems fill.

type Schemas = components["schemas"];

/** A card as agents see it. */
export type CardFace = Schemas["Face"];
export type CardFaceField = Schemas["FaceField"];
export type CardValue = Schemas["FaceValue"];
/** What the source of a card says, or why it says nothing. */
export type CardReading = Omit<Schemas["Reading"], "$schema">;
export type CardState = CardReading["state"];

/** A card as admins set it up. */
export type Card = Omit<Schemas["Card"], "$schema">;
export type CardInput = Omit<Schemas["CardInput"], "$schema">;
export type CardField = Schemas["CardField"];
export type CardHeader = Schemas["CardHeader"];
export type CardProbe = Omit<Schemas["Probe"], "$schema">;
export interface CardTry {
  id?: string;
  card: CardInput;
  conversation_id?: string;
  contact_id?: string;
  sample?: Record<string, string>;
}

export function cardCalls(send: Send) {
  const at = (id: string, card: string) => `/conversations/${id}/cards/${card}`;
  return {
    of: (id: string, signal?: AbortSignal) => send<{ items: CardFace[] }>("GET", `/conversations/${id}/cards`, undefined, signal),
    read: (id: string, card: string, fresh = false, signal?: AbortSignal) => send<CardReading>("GET", `${at(id, card)}${fresh ? "?fresh=true" : ""}`, undefined, signal),
    write: (id: string, card: string, change: { key: string; seen: Record<string, string>; values: Record<string, string> }) => send<CardReading>("POST", at(id, card), change),
    list: () => send<{ items: Card[]; variables: string[] }>("GET", "/cards"),
    create: (body: CardInput) => send<Card>("POST", "/cards", body),
    replace: (id: string, body: CardInput) => send<Card>("PUT", `/cards/${id}`, body),
    enable: (id: string, enabled: boolean) => send<Card>("PATCH", `/cards/${id}`, { enabled }),
    remove: (id: string) => send<undefined>("DELETE", `/cards/${id}`),
    order: (ids: string[]) => send<{ items: Card[]; variables: string[] }>("PUT", "/cards/order", { ids }),
    tryOut: (body: CardTry, signal?: AbortSignal) => send<CardProbe>("POST", "/cards/try", body, signal),
  };
}
