/** Shapes of the web chat edge, /in/{inbox}/… */

export type ConversationState = "open" | "pending" | "solved" | "closed";

export type Delivery = "queued" | "sent" | "delivered" | "seen" | "failed";

/** How the inbox presents itself before anybody has written. */
export interface InboxConfig {
  name: string;
  title: string;
  greeting: string;
  color: string;
  position: string;
  identity: "optional" | "required";
  /** Whether an agent could answer now. */
  available: boolean;
  /** What messages may carry; missing from older servers. */
  carries?: Carries;
}

export interface Carries {
  max_text: number;
  /** 0: no files. */
  max_files: number;
  media: { kind: string; max_bytes: number; extensions: string[] }[];
  location: boolean;
}

/** A file of a message; its addresses run out after a day, and each answer brings fresh ones. */
export interface FileShown {
  id: string;
  name: string;
  type: string;
  size: number;
  width?: number;
  height?: number;
  url: string;
  thumb_url?: string;
}

export interface Place {
  latitude: number;
  longitude: number;
  name?: string;
  address?: string;
}

export interface Upload {
  id: string;
  offset: number;
  size: number;
  file?: FileShown;
}

/** One message as its customer may see it. */
export interface Item {
  seq: number;
  conversation_id: string;
  from: "me" | "agent" | "system";
  name?: string;
  body: string;
  /** RFC 3339. */
  at: string;
  /** The id this widget gave its own message. */
  client_id?: string;
  delivery?: Delivery;
  files?: FileShown[];
  location?: Place;
  /** Answers to choose from; a click sends one. */
  buttons?: string[];
}

export interface Conversation {
  id: string;
  state: ConversationState;
  assignee_name?: string;
  /** Present while nobody has taken it. */
  waiting?: Waiting | null;
  /** Present after its end, until it is answered. */
  survey?: Survey;
}

/** How it was. */
export interface Survey {
  id: string;
  question: string;
  scale: "stars" | "thumbs";
  /** A few words are welcome. */
  comment: boolean;
  thanks?: string;
}

/** The visitor's place in the line. */
export interface Waiting {
  /** 1 goes first. */
  position: number;
  /** About how long it takes; null if nobody can tell. */
  estimate_seconds: number | null;
  /** The one agent it waits for; empty for whoever is free first. */
  agent_name: string;
  /** Whether the visitor may stop waiting for that agent. */
  anyone: boolean;
  /** When the queue opens, if it is closed; RFC 3339. */
  opens_at?: string;
}

/** A position in the server's event log; the widget only hands it back. */
export type Cursor = number | string;

export interface Session {
  token: string;
  contact: { name: string; known: boolean };
  conversation: Conversation | null;
  items: Item[];
  cursor: Cursor;
  unread: number;
}

export interface Page {
  items: Item[];
  cursor: Cursor;
  conversation: Conversation | null;
}

export interface Receipt {
  item: Item;
  conversation: Conversation | null;
}

export type ServerFrame =
  | { t: "hello" }
  | ({ t: "items" } & Page)
  | { t: "typing"; name?: string; on: boolean }
  | { t: "reset" }
  | { t: "pong" };

export type ClientFrame =
  | { t: "auth"; token: string; cursor: Cursor }
  | { t: "typing"; on: boolean }
  | { t: "seen"; seq: number }
  | { t: "anyone" }
  | { t: "ping" };

/** Close code of the socket: the token is no longer good. */
export const SESSION_OVER = 4401;
