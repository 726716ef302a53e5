import type { BotView, Notification } from "./bots";
import type { components } from "./schema";
import type { Bulk } from "./views";

// The words of the API, read from the server's OpenAPI document. Times are RFC
// 3339 texts, ids 26 characters.

type Schemas = components["schemas"];

export type Role = Me["role"];
export type Status = Agent["status"];
export type SubStatus = NonNullable<Agent["sub_status"]>;
export type State = Summary["state"];
export type Priority = Summary["priority"];
export type PartyKind = Item["by"];
export type Delivery = NonNullable<Item["delivery"]>;
export type PointKind = Point["kind"];
export type Strategy = Queue["strategy"];
export type StickyMode = Sticky["mode"];
/** What a list is taken from; any is whatever there is. */
export type View = "mine" | "unassigned" | "all" | "chatbots" | "history" | "any";
export type Sort = "waiting" | "oldest" | "latest" | "status" | "customer" | "queue";
export type Standing = State | "snoozed";

/** What narrows a list; values of one member are alternatives. */
export interface ListFilter {
  queues?: string[];
  inboxes?: string[];
  channels?: string[];
  /** Ids; "me" is whoever looks, "none" is nobody. */
  assignees?: string[];
  statuses?: Standing[];
  priorities?: Priority[];
  tags?: string[];
  dispositions?: string[];
  /** Answers to the survey: "1" to "5", or "none" for asked and not answered. */
  ratings?: string[];
  /** Answered with a comment. */
  commented?: boolean;
  waits_minutes?: number;
  topic?: string;
}

export type Rung =
  | "explicit_agent"
  | "explicit_queue"
  | "named_sticky"
  | "open_case"
  | "history"
  | "strategy"
  | "unassigned"
  | "manual";

export type Verdict =
  | "chosen"
  | "next"
  | "not_a_member"
  | "may_not_reply"
  | "disabled"
  | "deleted"
  | "not_available"
  | "at_capacity"
  | "excluded"
  | "expired"
  | "bypassed"
  | "did_not_qualify";

/** Members whose words the document leaves open, and what they are. */
interface Known {
  role: "agent" | "supervisor" | "admin";
  rung: Rung;
  verdict: Verdict;
  last_by: Schemas["Item"]["by"];
  availability: Schemas["Agent"]["status"];
  sub: NonNullable<Schemas["Agent"]["sub_status"]>;
}

/** A shape with its open words replaced by the known ones. */
export type Answer<T> = T extends readonly (infer Element)[]
  ? Answer<Element>[]
  : T extends object
    ? { [K in keyof T]: K extends keyof Known ? Known[K] | Extract<T[K], undefined> : Answer<T[K]> }
    : T;

type Word<Name extends keyof Schemas> = Answer<Schemas[Name]>;

export type Agent = Word<"Agent">;
export type Invitation = Word<"InviteURL">;
export type AgentRef = Word<"AgentRef">;
export type AgentView = Word<"AgentView">;
export type AuditEntry = Word<"AuditLine">;
export type BoardAgent = AgentView & Word<"BoardAgent">;
export type Board = Omit<Word<"Board">, "agents"> & { agents: BoardAgent[] };
export type Candidate = Word<"Candidate">;
export type Contact = Word<"Contact">;
export type ContactView = Word<"ContactView">;
export type ConversationView = Word<"ConversationView">;
export type Counts = Word<"Counts">;
export type CustomStatus = Word<"CustomStatus">;
export type CustomStatusInput = Word<"CustomInputBody">;
export type Decision = Word<"Decision">;
export type File = Word<"File">;
export type Limits = Word<"MediaLimits">;
export type Contents = Word<"Contents">;
export type Upload = Word<"Upload">;
export type Location = Word<"Location">;
export type Hours = Word<"Hours">;
export type ImportReport = Word<"ImportReport">;
export type Item = Word<"Item">;
export type ItemPage = Word<"ItemPage">;
/** A piece of a text, marked where it is what was looked for. */
export type Piece = Word<"Piece">;
export type SearchAnswer = Word<"SearchAnswer">;
export type Within = Word<"Within">;
export type WithinHit = Word<"WithinHit">;
export type May = Word<"May">;
export type Me = Word<"Me">;
export type QueueMember = Word<"QueueMember">;
export type Point = Word<"Point">;
export type QueuePlace = Word<"QueuePlace">;
export type ReplyTimer = Word<"ReplyTimer">;
export type Settings = Word<"Settings">;
export type Block = Word<"Block">;
export type Hold = Word<"Hold">;
export type Holiday = Word<"Holiday">;
export type Silence = Word<"Silence">;
export type Texts = Word<"Texts">;
export type Timer = Word<"Timer">;
export type StatusChange = Word<"StatusChange">;
export type StatusReport = Word<"StatusHistory">;
export type StatusTotal = Word<"Total">;
export type Sticky = Word<"Sticky">;
export type StickyAgent = Word<"StickyAgent">;
export type Summary = Word<"Summary">;
export type Targets = Word<"Targets">;
export type Verdicted = Word<"Permission">;
export type Deed = keyof May;
export type ProblemDocument = Word<"Document">;

/** A queue without sticky settings of its own takes the account's. */
interface OwnRules {
  sticky: Sticky | null;
  reply_timer: ReplyTimer | null;
  hours: Hours | null;
}
export type Queue = Omit<Word<"Queue">, keyof OwnRules> & OwnRules;
export type QueueView = Omit<Word<"QueueView">, keyof OwnRules> & OwnRules;

export type OptionValue = string | number | boolean | string[] | null;
export type Options = Record<string, OptionValue>;

/** One setting of a channel, as the channel describes it; forms are made from these. */
export type ChannelOption = Omit<Word<"Option">, "default"> & { default?: OptionValue; prefix?: string };
export type Channel = Omit<Word<"Info">, "options"> & { options: ChannelOption[] };
export type InboxView = Omit<Word<"InboxView">, "options"> & { options: Options };

export type AgentInput = Required<Answer<Schemas["AgentInputBody"]>>;
/** What a queue says about time. */
export interface QueueRules {
  reply_timer: ReplyTimer | null;
  hours: Hours | null;
  max_wait_minutes: number;
  fallback_queue: string;
}

/** A status to choose: a base one, or a custom one with its base. */
export interface StatusChoice {
  status: Status;
  custom_status_id?: string;
}

export type QueueInput = Required<Omit<Answer<Schemas["QueueInputBody"]>, keyof QueueRules | "senders">> & Partial<QueueRules> & { senders?: Schemas["Senders"] };
export type InboxInput = Required<Omit<Answer<Schemas["InboxInputBody"]>, "options" | "silence" | "bot_id" | "survey" | "window_hours">> & {
  survey?: Schemas["SurveyRules"];
  window_hours?: number;
  options: Options;
  silence?: Silence;
};
export type StickyInput = Required<Answer<Schemas["StickyNewBody"]>>;
export type SettingsInput = Answer<Schemas["SettingsChangeBody"]>;

export interface Page<T> {
  items: T[];
  next: string;
}

// What the socket carries is no part of the document.

/** The state after a change; readers replace what they hold by what is here. */
export interface Change {
  conversation?: Summary;
  items?: Item[];
  agent?: Agent;
  queue?: Queue;
  contact?: Contact;
  settings?: Settings;
  notification?: Notification;
  bot?: BotView;
  bulk?: Bulk;
}

/** One entry of the log. Seq grows in the order of commits. */
export interface LogEvent {
  seq: number;
  at: string;
  kind: string;
  conversation_id?: string;
  queue_id?: string;
  agent_id?: string;
  contact_id?: string;
  from_queue?: string;
  from_agent?: string;
  data?: Change;
}
