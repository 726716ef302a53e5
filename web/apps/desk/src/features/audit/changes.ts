import { minutesText, number, strategyNames, worked } from "@rapport/core/format";
import { weekdayName } from "@rapport/core/hours";
import { t } from "@rapport/i18n";

// The log keeps what an admin changed as "member: was → is; member: was → is", with the members of the API and their
// values as JSON. Here it becomes what the pages of the desk call these settings.

/** One setting that was changed: the way to it, and its values. */
export interface Change {
  path: string[];
  from: unknown;
  to: unknown;
}

const nothing = "nothing";

/** The value that a text begins with, and what comes behind it. */
function value(text: string): [unknown, string] | undefined {
  if (text.startsWith(nothing)) return [undefined, text.slice(nothing.length)];
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (quoted) {
      if (sign === "\\") at++;
      else if (sign === '"') quoted = false;
      continue;
    }
    if (sign === '"') quoted = true;
    else if (sign === "{" || sign === "[") depth++;
    else if (sign === "}" || sign === "]") depth--;
    else if (depth === 0 && (sign === " " || sign === ";")) return [JSON.parse(text.slice(0, at)), text.slice(at)];
  }
  return [JSON.parse(text), ""];
}

/** What was changed, setting by setting; nothing if the text says something else. */
export function changes(detail: string): Change[] | undefined {
  const found: Change[] = [];
  let rest = detail;
  try {
    while (rest !== "") {
      const name = /^([a-z_]+): /.exec(rest);
      const from = name && value(rest.slice(name[0].length));
      if (!name?.[1] || !from?.[1].startsWith(" → ")) return undefined;
      const to = value(from[1].slice(" → ".length));
      if (!to || (to[1] !== "" && !to[1].startsWith("; "))) return undefined;
      apart([name[1]], from[0], to[0], found);
      rest = to[1].slice("; ".length);
    }
  } catch {
    return undefined;
  }
  return found.length > 0 ? found : undefined;
}

const members = (one: unknown): one is Record<string, unknown> => typeof one === "object" && one !== null && !Array.isArray(one);

/** Takes settings that consist of others apart, down to those that differ. */
function apart(path: string[], from: unknown, to: unknown, found: Change[]): void {
  if ((members(from) || members(to)) && (members(from) || blank(from)) && (members(to) || blank(to))) {
    const [before, after] = [members(from) ? from : {}, members(to) ? to : {}];
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) apart([...path, name], before[name], after[name], found);
    return;
  }
  if (JSON.stringify(from) !== JSON.stringify(to) && !(blank(from) && blank(to))) found.push({ path, from, to });
}

function blank(one: unknown): boolean {
  return one === undefined || one === null || one === "" || (Array.isArray(one) && one.length === 0);
}

/** What the desk calls a setting, by the end of the way to it. */
const labels: Record<string, string> = {
  account_name: t("Account name"),
  "settings.capacity": t("Capacity of an agent"),
  capacity: t("Capacity"),
  country: t("Country of phone numbers"),
  transfer_minutes: t("Transfer time-out in minutes"),
  away_minutes: t("Away after minutes without input"),
  offline_grace_seconds: t("Grace after going offline"),
  reopen_hours: t("Reopens for"),
  "assist.enabled": t("Help with writing"),
  "assist.bot_id": t("Language model"),
  "details.catalogue_only": t("Tags of the catalogue only"),
  "details.disposition_required": t("Disposition needed before solving"),
  "texts.warning": t("Before a silent conversation closes"),
  "texts.closed": t("When it is closed"),
  "texts.unavailable": t("Assigned to an agent who is not here"),
  reply_timer: t("Answering in time"),
  "reply_timer.enabled": t("Reply timer"),
  "reply_timer.minutes": t("Time for an answer"),
  "reply_timer.business_hours": t("Count business hours only"),
  "reply_timer.every_message": t("After every message"),
  "reply_timer.then": t("Then"),
  "reply_timer.hops": t("Agents it moves on to, at most"),
  "reply_timer.fallback_queue": t("After that"),
  sticky: t("Sticky sessions"),
  "sticky.enabled": t("Sticky sessions"),
  "sticky.days": t("Days"),
  "sticky.min_replies": t("Least replies that count"),
  "sticky.availability_check": t("Check availability"),
  "sticky.mode": t("When the own agent cannot take it"),
  "sticky.open_case": t("Keep open cases together"),
  hold: t("Wait for the own agent while they …"),
  "hold.full": t("Has no room"),
  "hold.busy": t("Is busy"),
  "hold.away": t("Is away"),
  "hold.offline": t("Is offline"),
  name: t("Name"),
  email: t("E-mail"),
  role: t("Role"),
  enabled: t("Enabled"),
  queues: t("Queues"),
  members: t("Members"),
  strategy: t("Strategy"),
  max_wait_minutes: t("Longest wait"),
  fallback_queue: t("After that"),
  hours: t("Business hours"),
  "hours.zone": t("Time zone"),
  "hours.blocks": t("Week"),
  "hours.holidays": t("Holidays"),
  "hours.reply": t("Reply outside the hours"),
  "hours.fallback_queue": t("New conversations outside the hours"),
  "senders.inboxes": t("Senders"),
  queue_id: t("Queue"),
  bot_id: t("Answered first by"),
  window_hours: t("Only templates after (hours)"),
  silence: t("Silent customers"),
  "silence.conduct": t("How customers talk here"),
  "silence.close_minutes": t("Close after"),
  "silence.warn_minutes": t("Warn before"),
  survey: t("Satisfaction survey"),
  "survey.enabled": t("Ask how it was"),
  "survey.question": t("Question"),
  "survey.scale": t("Scale"),
  "survey.comment": t("Customers may add a few words"),
  "survey.thanks": t("Thanks afterwards"),
  "survey.delay_minutes": t("Ask after"),
  "survey.after_silence": t("Also when the customer fell silent"),
  "survey.after_software": t("Also when a bot or a workflow ended it"),
  timeout_seconds: t("Time-out in seconds"),
  handoff_queue: t("Queue"),
  apology: t("Apology"),
  label: t("Label"),
  kind: t("Type"),
  choices: t("Choices"),
  help: t("Help for agents"),
  shown: t("Show in the side panel"),
  title: t("Title"),
  points: t("Customer numbers"),
  agent_name: t("Agent"),
  "mail.enabled": t("Send e-mail"),
  host: t("Server"),
  port: t("Port"),
  security: t("Encryption"),
  user: t("User name"),
  from: t("Sender's address"),
};

/** Settings whose name above them says nothing, or says the same again. */
const unnamed = new Set(["options", "texts", "details", "assist", "senders"]);

const choices: Record<string, Record<string, string>> = {
  strategy: strategyNames,
  role: { agent: t("Agent"), supervisor: t("Supervisor"), admin: t("Admin") },
  then: { reassign: t("Move it on to another agent"), notify: t("Tell supervisors and leave it") },
  mode: { prefer: t("Prefer the own agent"), strict: t("Wait for the own agent"), ignore_availability: t("Always the own agent") },
  conduct: { live: t("Live chat"), messaging: t("Messaging") },
  scale: { stars: t("1 to 5 stars"), thumbs: t("Thumb up or down") },
};

/** How a setting that is a time is written, where its label does not name the unit. */
const times: Record<string, (n: number) => string> = {
  minutes: minutesText,
  max_wait_minutes: minutesText,
  close_minutes: minutesText,
  warn_minutes: minutesText,
  delay_minutes: minutesText,
  reopen_hours: (n) => minutesText(n * 60),
  offline_grace_seconds: worked,
  full: worked,
  busy: worked,
  away: worked,
  offline: worked,
};

/** What stands above a setting whose name means something else elsewhere, by what was done. */
const scopes: Record<string, string> = { "settings.changed": "settings", "mail.changed": "mail" };

/** Says what was changed, line by line. names has what the ids of queues, agents, bots and inboxes are called, and options what those of channels and bots are. */
export function changedText(action: string, change: Change, names: ReadonlyMap<string, string>, options: ReadonlyMap<string, string>): string {
  const last = change.path.at(-1) ?? "";
  const shown = (one: unknown) => oneText(last, one, names);
  const label = labelOf(action, change.path, options);
  if (Array.isArray(change.from) || Array.isArray(change.to)) {
    const [before, after] = [change.from, change.to].map((list) => (Array.isArray(list) ? list.map(shown) : []));
    const parts = [...(after ?? []).filter((one) => !before?.includes(one)).map((one) => `+ ${one}`), ...(before ?? []).filter((one) => !after?.includes(one)).map((one) => `− ${one}`)];
    return `${label}: ${parts.join(", ") || t("another order")}`;
  }
  return `${label}: ${shown(change.from)} → ${shown(change.to)}`;
}

function labelOf(action: string, path: string[], options: ReadonlyMap<string, string>): string {
  const said: string[] = [];
  path.forEach((name, at) => {
    if (unnamed.has(name)) return;
    const above = path[at - 1] ?? scopes[action];
    const label = (above === "options" ? options.get(name) : undefined) ?? labels[`${above ?? ""}.${name}`] ?? labels[name] ?? name.replaceAll("_", " ");
    if (said.at(-1) !== label) said.push(label);
  });
  return said.join(" · ");
}

function oneText(name: string, one: unknown, names: ReadonlyMap<string, string>): string {
  if (blank(one)) return "–";
  if (typeof one === "boolean") return one ? t("On") : t("Off");
  if (typeof one === "number") return times[name]?.(one) ?? number(one);
  if (typeof one === "string") return choices[name]?.[one] ?? names.get(one) ?? one;
  if (!members(one)) return JSON.stringify(one);
  if (name === "blocks" && typeof one.day === "number") return `${weekdayName(one.day)} ${String(one.from)}–${String(one.to)}`;
  if (name === "members" || name === "queues") return one.can_reply === false ? t("{{name}} (cannot reply)", { name: String(one.name) }) : String(one.name);
  if (name === "points") return String(one.shown ?? one.address);
  return Object.values(one)
    .filter((part) => typeof part === "string" || typeof part === "number")
    .join(" ");
}
