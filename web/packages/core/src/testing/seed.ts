import type { BotKind, BotView, Notification } from "../api/bots";
import type {
  AgentView,
  AuditEntry,
  Channel,
  ChannelOption,
  Contact,
  CustomStatus,
  Decision,
  InboxView,
  Item,
  Me,
  QueueView,
  Rung,
  Settings,
  StatusChange,
  StickyAgent,
  Summary,
} from "../api/types";

// A small contact centre for tests and for looking at screens without a server.

export interface World {
  me: string;
  signedIn: boolean;
  setupNeeded: boolean;
  seq: number;
  agents: AgentView[];
  queues: QueueView[];
  inboxes: InboxView[];
  channels: Channel[];
  contacts: Contact[];
  conversations: Summary[];
  items: Map<string, Item[]>;
  decisions: Map<string, Decision[]>;
  bots: BotView[];
  botKinds: BotKind[];
  notifications: Notification[];
  sticky: StickyAgent[];
  settings: Settings;
  audit: AuditEntry[];
  statuses: CustomStatus[];
  changes: StatusChange[];
  /** Since when agents are what they are. */
  since: Map<string, string>;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function meOf(world: World): Me {
  const agent = agentOf(world, world.me);
  return { agent, role: agent.role, queues: agent.queues, settings: world.settings, preferences: { sound: true, undo_seconds: 5 }, seq: world.seq };
}

export function agentOf(world: World, id: string): AgentView {
  const agent = world.agents.find((one) => one.id === id);
  if (!agent) throw new Error(`no agent ${id}`);
  return agent;
}

interface Talk {
  name: string;
  phone?: string;
  email?: string;
  queue: string;
  inbox?: string;
  assignee?: string;
  state?: Summary["state"];
  priority?: Summary["priority"];
  minutesAgo: number;
  why?: [string, Rung];
  /** Customer, agent, note, event; or "!" and the name of an event. */
  lines: ["c" | "a" | "n" | "e" | "s" | `!${string}`, string][];
  waits?: [string, string];
  /** What happens next, in seconds from now. */
  timer?: [NonNullable<Summary["timer"]>["kind"], number];
  holdsFor?: string;
}

const talks: Talk[] = [
  {
    name: "Mara Lindqvist",
    email: "mara.lindqvist@example.com",
    phone: "+46701234567",
    queue: "billing",
    assignee: "ana",
    minutesAgo: 4,
    priority: "high",
    why: ["Same agent as 2 days ago", "history"],
    timer: ["reply", 4 * 60 - 20],
    lines: [
      ["c", "Hi, it is me again about invoice 2041. The amount is still wrong on the new one."],
      ["e", "Assigned to Ana Pires. Same agent as 2 days ago."],
      ["a", "Hello Mara, I still have our last conversation in front of me. Give me a moment to open the new invoice."],
      ["n", "The credit note of Tuesday was booked on the wrong account. Finance knows (ticket 88)."],
      ["c", "Thank you! It shows 240 € instead of 204 €. Two digits swapped, I think."],
      ["c", "No hurry, but I would like to pay before Friday."],
    ],
  },
  {
    name: "Jonas Weber",
    phone: "+4930901820",
    queue: "support",
    assignee: "ana",
    minutesAgo: 21,
    why: ["Next in turn in Support", "strategy"],
    lines: [
      ["c", "The export button does nothing since this morning."],
      ["!held", "Waited 2 minutes for Dana Whitfield, who had no room."],
      ["e", "Assigned to Emil Sørensen. Next in turn in Support."],
      ["!hopped", "No answer from Emil Sørensen within 15 minutes. Moved on to Ana Pires."],
      ["a", "Thanks for telling us, Jonas. Which browser do you use?"],
      ["c", "Firefox on Windows, newest version. In Chrome it is the same."],
    ],
  },
  {
    name: "Priya Natarajan",
    email: "priya@northwind.example",
    queue: "billing",
    assignee: "ana",
    state: "pending",
    minutesAgo: 96,
    why: ["Named for this customer: Northwind key account", "named_sticky"],
    lines: [
      ["c", "Could you send us the purchase order form for next year?"],
      ["e", "Assigned to Ana Pires. Named for this customer: Northwind key account."],
      ["a", "Of course. I have asked our office for the new form and write to you as soon as it is here."],
      ["e", "Ana Pires set it to pending."],
      ["!warned", "The customer was told that silence closes this conversation soon."],
    ],
    timer: ["inactivity", 118],
  },
  {
    name: "",
    queue: "support",
    minutesAgo: 2,
    waits: ["All available agents of Support are at capacity.", "an agent of Support to have room"],
    lines: [["c", "hello? is somebody there"]],
  },
  {
    name: "Tom Okafor",
    phone: "+447700900123",
    queue: "billing",
    inbox: "api",
    minutesAgo: 11,
    priority: "urgent",
    waits: ["Ben Sauer is away; the conversation waits for them.", "Ben Sauer to become available"],
    holdsFor: "ben",
    timer: ["hold", 40],
    lines: [["c", "My card was charged twice for order 7781. Please stop the second payment."]],
  },
  {
    name: "Lucía Fernández",
    email: "lucia@example.org",
    queue: "support",
    minutesAgo: 37,
    waits: ["No agent of Support is available.", "an agent of Support to become available"],
    timer: ["wait", 170],
    lines: [
      ["c", "I cannot sign in with my new phone."],
      ["c", "The code never arrives."],
    ],
  },
  {
    name: "Ahmed Karim",
    queue: "support",
    assignee: "ben",
    minutesAgo: 15,
    phone: "+201001234567",
    why: ["Next in turn in Support", "strategy"],
    lines: [
      ["c", "Can I change the delivery address of an order that is already paid?"],
      ["a", "Yes, until it leaves the warehouse. What is the new address?"],
    ],
  },
  {
    name: "Grace Hall",
    queue: "billing",
    assignee: "chen",
    minutesAgo: 52,
    email: "grace.hall@example.com",
    lines: [
      ["c", "Where do I find my VAT number on the invoice?"],
      ["a", "On the right, below the address."],
      ["c", "Found it, thanks"],
    ],
  },
  {
    name: "Mara Lindqvist",
    email: "mara.lindqvist@example.com",
    queue: "billing",
    assignee: "ana",
    state: "closed",
    minutesAgo: 2 * 24 * 60 + 30,
    lines: [
      ["c", "Invoice 2041 has the wrong amount."],
      ["a", "You are right. I have sent a credit note, and a new invoice follows tomorrow."],
      ["c", "Perfect, thank you Ana."],
      ["e", "Ana Pires closed it."],
    ],
  },
  {
    name: "Owen Price",
    queue: "support",
    assignee: "ana",
    state: "solved",
    minutesAgo: 190,
    email: "owen@example.net",
    lines: [
      ["c", "How do I invite a colleague?"],
      ["a", "Settings, then People, then Invite. The link is valid for 7 days."],
      ["c", "Great, works."],
      ["e", "Ana Pires solved it."],
    ],
  },
];

const extraNames = [
  "Ines Duarte", "Noah Fischer", "Aiko Tanaka", "Marek Novak", "Sofia Rossi", "Liam Byrne", "Chidi Eze", "Hanna Virtanen",
  "Pedro Alves", "Zoe Martin", "Ravi Menon", "Elif Kaya", "Jan de Vries", "Nora Berg", "Samuel Osei", "Yara Haddad",
];

function idOf(prefix: string, n: number): string {
  return `${prefix}${String(n).padStart(26 - prefix.length, "0")}`;
}

export function seed(now: number): World {
  const at = (back: number) => new Date(now - back).toISOString();
  const created = at(90 * DAY);
  const sticky = { enabled: true, days: 7, availability_check: true, mode: "prefer", min_replies: 1, open_case: true } as const;
  const settings: Settings = {
    account_name: "Harbour Goods",
    capacity: 5,
    sticky,
    country: "DE",
    transfer_minutes: 15,
    away_minutes: 15,
    reply_timer: { enabled: true, minutes: 15, business_hours: false, every_message: false, then: "reassign", hops: 3 },
    offline_grace_seconds: 60,
    reopen_hours: 24,
    texts: { warning: "Are you still there?", closed: "We have closed this conversation.", unavailable: "{agent} is not here right now." },
    assist: { enabled: false },
    version: 3,
  };
  const agent = (id: string, name: string, role: AgentView["role"], more: Partial<AgentView> = {}): AgentView => ({
    id,
    name,
    email: `${id}@harbour.example`,
    role,
    enabled: true,
    invited: false,
    capacity: null,
    status: "available",
    connected: true,
    load: 0,
    seen_at: at(30_000),
    created_at: created,
    queues: [],
    effective_capacity: 5,
    room: more.effective_capacity ?? 5,
    ...more,
  });
  const agents = [
    agent("ana", "Ana Pires", "admin"),
    agent("ben", "Ben Sauer", "agent", { status: "away" }),
    agent("chen", "Chen Li", "agent", { capacity: 2, effective_capacity: 2 }),
    agent("dana", "Dana Whitfield", "supervisor", { status: "busy", custom_status_id: "training" }),
    agent("emil", "Emil Sørensen", "agent", { connected: false, seen_at: at(3 * HOUR) }),
    agent("fatou", "Fatou Diallo", "agent", { invited: true, connected: false, status: "offline" }),
  ];
  const queue = (id: string, name: string, members: [string, boolean][], more: Partial<QueueView> = {}): QueueView => ({
    id,
    name,
    default: false,
    strategy: "round_robin",
    capacity: null,
    sticky: null,
    reply_timer: null,
    hours: null,
    max_wait_minutes: 0,
    version: 7,
    created_at: created,
    members: members.map(([agent_id, can_reply]) => ({ agent_id, can_reply })),
    available: 1,
    waiting: 0,
    ...more,
  });
  const everyone: [string, boolean][] = agents.map((one) => [one.id, true]);
  const queues = [
    queue("general", "General", everyone, { default: true }),
    queue("support", "Support", [["ana", true], ["ben", true], ["emil", true]], { strategy: "least_load" }),
    queue("billing", "Billing", [["ana", true], ["ben", true], ["chen", true]], { sticky: { ...sticky, mode: "strict", days: 30 } }),
    queue("returns", "Returns", [["ben", true], ["ana", false], ["dana", true]], { strategy: "longest_idle" }),
  ];
  for (const one of agents) {
    one.queues = queues.flatMap((q) => {
      const member = q.members.find((m) => m.agent_id === one.id);
      return member ? [{ id: q.id, name: q.name, can_reply: member.can_reply }] : [];
    });
  }

  const world: World = {
    me: "ana",
    signedIn: true,
    setupNeeded: false,
    seq: 1000,
    agents,
    queues,
    settings,
    inboxes: [
      {
        id: "web0000000000000000000000a",
        channel: "web",
        name: "Website",
        queue_id: "support",
        enabled: true,
        options: { title: "Harbour Goods", greeting: "Hello! How can we help?", color: "#0f6fde", position: "right", origins: ["https://harbour.example"] },
        created_at: created,
        pulls: true,
        survey: { enabled: false, question: "", scale: "stars", comment: true, thanks: "", delay_minutes: 0, after_silence: false, after_software: false },
        silence: { conduct: "live", close_minutes: null, warn_minutes: null },
        snippet: '<script src="https://desk.harbour.example/widget.js" data-inbox="web0000000000000000000000a" async></script>',
        endpoint: "https://desk.harbour.example/in/web0000000000000000000000a",
      },
      {
        id: "api0000000000000000000000a",
        channel: "api",
        name: "Order system",
        queue_id: "billing",
        enabled: true,
        options: { webhook_url: "https://orders.harbour.example/hooks/rapport", token: "***", webhook_secret: "***" },
        created_at: created,
        pulls: false,
        survey: { enabled: false, question: "", scale: "stars", comment: true, thanks: "", delay_minutes: 0, after_silence: false, after_software: false },
        silence: { conduct: "messaging", close_minutes: null, warn_minutes: null },
        snippet: "curl -X POST https://desk.harbour.example/in/api0000000000000000000000a/messages",
        endpoint: "https://desk.harbour.example/in/api0000000000000000000000a",
      },
    ],
    channels: channels(),
    bots: [],
    botKinds: [],
    notifications: [],
    contacts: [],
    conversations: [],
    items: new Map(),
    decisions: new Map(),
    sticky: [
      {
        id: idOf("st", 1),
        title: "Northwind key account",
        points: [{ kind: "email", address: "priya@northwind.example" }, { kind: "phone", address: "+4940123456", shown: "+49 40 123456" }],
        agent_id: "ana",
        agent_name: "Ana Pires",
        enabled: true,
        updated_at: at(3 * DAY),
      },
      {
        id: idOf("st", 2),
        title: "Okafor family",
        points: [{ kind: "phone", address: "+447700900123", shown: "+44 7700 900123" }],
        agent_id: "ben",
        agent_name: "Ben Sauer",
        enabled: false,
        updated_at: at(20 * DAY),
      },
    ],
    statuses: [
      { id: "mail", name: "E-mail", base: "available", color: "#2563eb", position: 1, created_at: created },
      { id: "training", name: "Training", base: "busy", color: "#7c3aed", position: 2, created_at: created },
      { id: "lunch", name: "Lunch", base: "away", color: "#d97706", position: 3, created_at: created },
    ],
    changes: [],
    since: new Map([
      ["ana", at(96 * MINUTE)],
      ["ben", at(14 * MINUTE)],
      ["chen", at(3 * HOUR)],
      ["dana", at(35 * MINUTE)],
      ["emil", at(3 * HOUR)],
    ]),
    audit: [
      { id: idOf("au", 1), at: at(HOUR), actor: "Ana Pires", action: "queue.changed", subject: "Billing", detail: "Sticky sessions: 7 → 30 days" },
      { id: idOf("au", 2), at: at(5 * HOUR), actor: "Ana Pires", action: "agent.invited", subject: "Fatou Diallo", detail: "Role agent" },
      { id: idOf("au", 3), at: at(3 * DAY), actor: "Dana Whitfield", action: "sticky_agent.created", subject: "Northwind key account", detail: "Ana Pires" },
    ],
  };

  talks.forEach((talk, n) => {
    addTalk(world, talk, n, now);
  });
  extraNames.forEach((name, n) => {
    addTalk(world, {
      name,
      email: `${name.split(" ")[0]?.toLowerCase() ?? "x"}@mail.example`,
      queue: n % 2 ? "support" : "billing",
      assignee: n % 3 ? "ben" : "chen",
      state: n % 4 === 0 ? "open" : n % 4 === 1 ? "solved" : "closed",
      minutesAgo: 240 + n * 170,
      lines: [["c", "When will my order arrive? I ordered last week."], ["a", "It left our warehouse today and arrives tomorrow."]],
    }, 100 + n, now);
  });
  for (const one of agents) {
    one.load = world.conversations.filter((c) => c.assignee_id === one.id && (c.state === "open" || c.state === "pending")).length;
  }
  for (const one of queues) {
    one.waiting = world.conversations.filter((c) => c.queue_id === one.id && !c.assignee_id).length;
  }
  return world;
}

function addTalk(world: World, talk: Talk, n: number, now: number): void {
  const at = (minutes: number) => new Date(now - minutes * MINUTE).toISOString();
  const known = talk.name !== "";
  let contact = known ? world.contacts.find((one) => one.name === talk.name) : undefined;
  if (!contact) {
    contact = {
      id: idOf("ct", n + 1),
      name: talk.name,
      known,
      points: [
        ...(talk.email ? [{ kind: "email" as const, address: talk.email }] : []),
        ...(talk.phone ? [{ kind: "phone" as const, address: talk.phone }] : []),
        ...(known ? [] : [{ kind: "visitor" as const, address: `web:${n}` }]),
      ],
      created_at: at(30 * 24 * 60),
    };
    world.contacts.push(contact);
  }
  const id = idOf("cv", n + 1);
  const assignee = talk.assignee ? agentOf(world, talk.assignee) : undefined;
  const count = talk.lines.length;
  const items = talk.lines.map(([who, body], index): Item => {
    const when = at(talk.minutesAgo + (count - 1 - index) * 3);
    const base = { conversation_id: id, seq: index + 1, body, at: when };
    if (who === "c") return { ...base, kind: "message", by: "customer", author_id: contact.id, author_name: contact.name || "Visitor 4821" };
    if (who === "s") return { ...base, kind: "message", by: "system", author_name: world.settings.account_name, delivery: "sent" };
    if (who.startsWith("!")) return { ...base, kind: "event", by: "system", event: who.slice(1) };
    if (who === "e") return { ...base, kind: "event", by: "system", event: body.startsWith("Assigned") ? "assigned" : "state" };
    const author = { by: "agent" as const, author_id: assignee?.id ?? "ana", author_name: assignee?.name ?? "Ana Pires" };
    if (who === "n") return { ...base, ...author, kind: "note" };
    return { ...base, ...author, kind: "message", delivery: index < count - 2 ? "seen" : "delivered" };
  });
  world.items.set(id, items);
  const messages = items.filter((item) => item.kind === "message");
  const last = messages.at(-1);
  const waitsFor = last?.by === "customer" && (talk.state ?? "open") === "open" ? last.at : undefined;
  const inbox = world.inboxes.find((one) => one.channel === (talk.inbox ?? "web"));
  const queue = world.queues.find((one) => one.id === talk.queue);
  const conversation: Summary = {
    id,
    contact_id: contact.id,
    inbox_id: inbox?.id ?? "",
    queue_id: talk.queue,
    state: talk.state ?? "open",
    priority: talk.priority ?? "normal",
    point: contact.points[0] ?? { kind: "visitor", address: "" },
    last_seq: items.length,
    customer_seen: 0,
    agent_seen: talk.assignee === "ana" && talk.minutesAgo < 10 ? items.length - 2 : items.length,
    last_text: last?.body ?? "",
    replies: messages.filter((item) => item.by === "agent").length,
    opened_at: items[0]?.at ?? at(0),
    version: 1,
    contact_name: contact.name || "Visitor 4821",
    inbox_name: inbox?.name ?? "",
    channel: inbox?.channel ?? "web",
    queue_name: queue?.name ?? "",
    ...(last ? { last_by: last.by, last_at: last.at } : {}),
    ...(waitsFor ? { awaits_since: waitsFor } : {}),
    ...(assignee ? { assignee_id: assignee.id, assignee_name: assignee.name, assigned_at: at(talk.minutesAgo) } : {}),
    ...(talk.waits
      ? {
          waiting: {
            since: items[0]?.at ?? at(0),
            reason: talk.waits[0],
            waits_for: talk.waits[1],
            ...(talk.holdsFor && talk.timer ? { agent_id: talk.holdsFor, until: new Date(now + talk.timer[1] * 1000).toISOString() } : {}),
          },
        }
      : {}),
    ...(talk.timer ? { timer: { kind: talk.timer[0], at: new Date(now + talk.timer[1] * 1000).toISOString() } } : {}),
    ...(talk.why ? { why: { decision_id: idOf("de", n), sentence: talk.why[0], rung: talk.why[1], at: at(talk.minutesAgo) } } : {}),
  };
  world.conversations.push(conversation);
  const base = { id: idOf("de", n), conversation_id: id, at: at(talk.minutesAgo), policy: "s3.q7", queue_id: talk.queue };
  world.decisions.set(id, [
    {
      ...base,
      trigger: "message",
      rung: talk.why?.[1] ?? (assignee ? "strategy" : "unassigned"),
      sentence: talk.why?.[0] ?? talk.waits?.[0] ?? "Next in turn",
      ...(assignee ? { agent_id: assignee.id } : {}),
      ...(talk.waits ? { waits_for: talk.waits[1] } : {}),
      candidates: [
        ...(assignee ? [{ agent_id: assignee.id, name: assignee.name, rung: talk.why?.[1] ?? "strategy" as const, verdict: "chosen" as const, reason: "Handled this customer 2 days ago; the bond holds for 30 days." }] : []),
        { agent_id: "ben", name: "Ben Sauer", rung: "strategy", verdict: "not_available", reason: "Away since 14:20." },
        { agent_id: "chen", name: "Chen Li", rung: "strategy", verdict: "at_capacity", reason: "Holds 2 of 2 conversations." },
        { agent_id: "emil", name: "Emil Sørensen", rung: "strategy", verdict: "not_available", reason: "No desk connected for 3 hours." },
      ],
    },
    {
      ...base,
      id: idOf("dd", n),
      at: at(talk.minutesAgo + 1),
      trigger: "message",
      rung: "unassigned",
      sentence: "No agent of the queue was available.",
      waits_for: "an agent of the queue to become available",
      candidates: [{ agent_id: "ben", name: "Ben Sauer", rung: "strategy", verdict: "not_available", reason: "Away." }],
    },
  ]);
}

const caps = {
  bold: true,
  emoji: true,
  italic: true,
  location: true,
  max_files: 10,
  media: [],
  segments: false,
  underline: false,
  delivered: true,
  identity: true,
  max_text: 10_000,
  pulls: true, receives: true, seen: true, types: true,
  typing: true,
  reach: { begins: "address" as const, points: ["phone", "email"] },
};

type Described = Pick<ChannelOption, "name" | "type" | "label" | "help"> & Partial<ChannelOption>;

function option(described: Described): ChannelOption {
  return { required: false, secret: false, ...described };
}

function channels(): Channel[] {
  return [
    {
      kind: "web",
      name: "Web chat",
      help: "A chat button on your own web pages.",
      caps,
      options: [
        option({ name: "title", type: "string", label: "Title", help: "Shown at the top of the chat.", default: "Chat with us", example: "Harbour Goods" }),
        option({ name: "greeting", type: "text", label: "Greeting", help: "The first words a visitor reads.", default: "Hello! How can we help?" }),
        option({ name: "color", type: "color", label: "Colour", help: "Of the button and of the visitor's own messages.", default: "#0f6fde" }),
        option({ name: "position", type: "string", label: "Position", help: "Corner of the page.", default: "right", choices: ["right", "left"] }),
        option({ name: "origins", type: "list", label: "Allowed origins", help: "Pages that may show the chat; empty allows none but this desk.", example: "https://www.example.com" }),
        option({ name: "identity", type: "string", label: "Identity", help: "Whether visitors must be signed in on your page.", default: "optional", choices: ["optional", "required"] }),
        option({ name: "identity_secret", type: "secret", label: "Identity secret", help: "Signs who your visitors are.", secret: true, prefix: "ids_" }),
      ],
    },
    {
      kind: "api",
      name: "API",
      help: "Any system that sends and receives messages over HTTP.",
      caps,
      options: [
        option({ name: "webhook_url", type: "url", label: "Webhook address", help: "Where replies are sent to.", required: true, example: "https://example.com/hooks/rapport" }),
        option({ name: "token", type: "secret", label: "Token", help: "Lets a system send messages in.", secret: true, prefix: "tok_" }),
        option({ name: "webhook_secret", type: "secret", label: "Webhook secret", help: "Signs the replies.", secret: true, prefix: "whs_" }),
      ],
    },
  ];
}
