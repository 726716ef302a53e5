// The shapes that travel between server and desk, as the server's words define
// them. Times are RFC 3339 texts, ids 26 characters.

export type Role = "agent" | "supervisor" | "admin";
export type Status = "available" | "busy" | "away" | "offline";
export type State = "open" | "pending" | "solved" | "closed";
export type Priority = "low" | "normal" | "high" | "urgent";
export type ItemKind = "message" | "note" | "event";
export type PartyKind = "customer" | "agent" | "bot" | "system";
export type Delivery = "queued" | "sent" | "delivered" | "seen" | "failed";
export type PointKind = "phone" | "email" | "external" | "visitor" | "handle";
export type Strategy = "round_robin" | "least_load" | "longest_idle" | "random";
export type StickyMode = "prefer" | "strict" | "ignore_availability";
export type View = "mine" | "unassigned" | "all" | "history";
export type Sort = "oldest" | "latest";

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

export interface AgentRef {
  id: string;
  name: string;
}

/** A queue as its member sees it. */
export interface QueuePlace {
  id: string;
  name: string;
  can_reply: boolean;
}

export interface Agent {
  id: string;
  name: string;
  email: string;
  role: Role;
  enabled: boolean;
  invited: boolean;
  /** Most conversations at once; null takes the queue's or the account's value. */
  capacity: number | null;
  status: Status;
  connected: boolean;
  load: number;
  last_assigned_at?: string;
  idle_since?: string;
  seen_at?: string;
  created_at: string;
}

export interface AgentView extends Agent {
  queues: QueuePlace[];
  effective_capacity: number;
}

export interface AgentInput {
  name: string;
  email: string;
  role: Role;
  capacity: number | null;
  enabled: boolean;
  queues: { id: string; can_reply: boolean }[];
}

export interface Sticky {
  enabled: boolean;
  days: number;
  availability_check: boolean;
  mode: StickyMode;
  min_replies: number;
  open_case: boolean;
}

export interface Queue {
  id: string;
  name: string;
  default: boolean;
  strategy: Strategy;
  capacity: number | null;
  sticky: Sticky | null;
  version: number;
  created_at: string;
}

export interface Member {
  agent_id: string;
  can_reply: boolean;
}

export interface QueueView extends Queue {
  members: Member[];
  available: number;
  waiting: number;
}

export interface QueueInput {
  name: string;
  strategy: Strategy;
  capacity: number | null;
  sticky: Sticky | null;
  members: Member[];
}

export interface Point {
  kind: PointKind;
  address: string;
  shown?: string;
}

export interface Contact {
  id: string;
  name: string;
  known: boolean;
  points: Point[];
  created_at: string;
}

export interface ContactView extends Contact {
  conversations: Summary[];
  named?: { sticky_id: string; title: string; agent: AgentRef };
  last_agent?: { agent: AgentRef; ended_at: string; expires_at: string };
}

export interface Waiting {
  since: string;
  reason: string;
  waits_for: string;
  agent_id?: string;
}

export interface Transfer {
  queue_id: string;
  by: string;
  reason: string;
  since: string;
  until: string;
}

export interface Why {
  decision_id: string;
  sentence: string;
  rung: Rung;
  at: string;
}

/** A conversation as lists and live events carry it. */
export interface Summary {
  id: string;
  contact_id: string;
  inbox_id: string;
  queue_id: string;
  assignee_id?: string;
  state: State;
  priority: Priority;
  point: Point;
  follows?: string;
  waiting?: Waiting;
  transfer?: Transfer;
  why?: Why;
  assigned_while_unavailable?: boolean;
  last_seq: number;
  customer_seen: number;
  agent_seen: number;
  last_text: string;
  last_by?: PartyKind;
  last_at?: string;
  awaits_since?: string;
  replies: number;
  opened_at: string;
  assigned_at?: string;
  solved_at?: string;
  closed_at?: string;
  version: number;
  contact_name: string;
  inbox_name: string;
  channel: string;
  queue_name: string;
  assignee_name?: string;
}

export interface Verdicted {
  ok: boolean;
  why: string;
}

export type Deed = "reply" | "claim" | "transfer" | "solve" | "close" | "reopen" | "release" | "pend";
export type May = Record<Deed, Verdicted>;

export interface ConversationView extends Summary {
  contact: Contact;
  may: May;
  follows_summary?: Summary;
}

export interface Item {
  conversation_id: string;
  seq: number;
  kind: ItemKind;
  by: PartyKind;
  author_id?: string;
  author_name?: string;
  body?: string;
  event?: string;
  data?: Record<string, unknown>;
  inbox_id?: string;
  external_id?: string;
  client_id?: string;
  delivery?: Delivery;
  error?: string;
  at: string;
}

export interface Candidate {
  agent_id: string;
  name: string;
  rung: Rung;
  verdict: Verdict;
  reason: string;
}

export interface Decision {
  id: string;
  conversation_id: string;
  at: string;
  trigger: string;
  policy: string;
  queue_id: string;
  rung: Rung;
  agent_id?: string;
  sentence: string;
  waits_for?: string;
  hold_for?: string;
  override?: boolean;
  candidates: Candidate[];
}

export interface Targets {
  agents: {
    id: string;
    name: string;
    availability: Status;
    load: number;
    capacity: number;
    eligible: boolean;
    reason: string;
  }[];
  queues: { id: string; name: string; available: number; waiting: number }[];
}

export interface StickyAgent {
  id: string;
  title: string;
  points: Point[];
  agent_id: string;
  agent_name?: string;
  enabled: boolean;
  updated_at: string;
}

export interface StickyInput {
  title: string;
  /** Comma-separated, as typed. */
  points: string;
  agent_id: string;
  enabled: boolean;
}

export interface ImportRow {
  line: number;
  title: string;
  customer: string;
  agent: string;
  ok: boolean;
  action: "create" | "skip";
  errors: string[];
}

export interface ImportReport {
  rows: ImportRow[];
  good: number;
  bad: number;
  imported: number;
}

export interface Settings {
  account_name: string;
  capacity: number;
  sticky: Sticky;
  country: string;
  transfer_minutes: number;
  version: number;
}

export type OptionType = "string" | "text" | "bool" | "int" | "url" | "color" | "list" | "secret";
export type OptionValue = string | number | boolean | string[] | null;

/** One setting of a channel, as the channel describes it; forms are made from these. */
export interface ChannelOption {
  name: string;
  type: OptionType;
  label: string;
  help: string;
  default?: OptionValue;
  secret?: boolean;
  required?: boolean;
  example?: string;
  choices?: string[];
}

export interface Channel {
  kind: string;
  name: string;
  help: string;
  caps: Record<string, unknown>;
  options: ChannelOption[];
}

export interface Inbox {
  id: string;
  channel: string;
  name: string;
  queue_id: string;
  enabled: boolean;
  options: Record<string, OptionValue>;
  created_at: string;
}

export interface InboxView extends Inbox {
  snippet: string;
  endpoint: string;
}

export interface InboxInput {
  channel: string;
  name: string;
  queue_id: string;
  enabled: boolean;
  options: Record<string, OptionValue>;
}

export interface AuditEntry {
  id: string;
  at: string;
  actor: string;
  action: string;
  subject: string;
  detail: string;
}

export interface Board {
  agents: AgentView[];
  queues: { id: string; name: string; waiting: number; oldest_since?: string; available: number }[];
  waiting: Summary[];
}

export interface Counts {
  mine: number;
  unassigned: number;
  all: number;
}

export interface Me {
  agent: Agent;
  role: Role;
  queues: QueuePlace[];
  settings: Settings;
  /** Position of the event log that this answer reflects. */
  seq: number;
}

export interface Page<T> {
  items: T[];
  next: string;
}

export interface ItemPage {
  items: Item[];
  more: boolean;
}

/** The state after a change; readers replace what they hold by what is here. */
export interface Change {
  conversation?: Summary;
  items?: Item[];
  agent?: Agent;
  queue?: Queue;
  contact?: Contact;
  settings?: Settings;
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

/** RFC 9457 problem document with the members this API adds. */
export interface ProblemDocument {
  title: string;
  status: number;
  detail: string;
  code: string;
  field?: string;
  errors?: { location?: string; message: string }[];
  assignee?: AgentRef;
  record?: { id: string; title: string };
  address?: string;
  verdict?: string;
  reason?: string;
}
