import { t } from "@rapport/i18n";
import type { May, Me, Role, State, Summary, Verdicted } from "./api/types";

// What the person may do, computed the way the server computes it, so that
// buttons are right at once after each live event. The server decides.

const YES: Verdicted = { ok: true, why: "" };
const no = (why: string): Verdicted => ({ ok: false, why });

const next: Record<State, State[]> = {
  open: ["pending", "solved", "closed"],
  pending: ["open", "solved", "closed"],
  solved: ["open", "closed"],
  closed: [],
};

export function mayBecome(from: State, to: State): boolean {
  return next[from].includes(to);
}

/** Open and pending conversations are work that somebody has to do. */
export function isActive(state: State): boolean {
  return state === "open" || state === "pending";
}

export function supervises(role: Role): boolean {
  return role === "supervisor" || role === "admin";
}

export function administers(role: Role): boolean {
  return role === "admin";
}

export function mayOf(me: Me, c: Summary): May {
  const member = memberVerdict(me, c.queue_id, c.queue_name);
  return {
    reply: replyVerdict(me, c, member),
    claim: claimVerdict(me, c, member),
    transfer: isActive(c.state) ? moveVerdict(me, c) : no(notActive(c.state)),
    bot: c.channel === "internal" ? no(t("Bots talk to customers; this conversation is among colleagues.")) : isActive(c.state) ? moveVerdict(me, c) : no(notActive(c.state)),
    handoff: c.bot_id ? moveVerdict(me, c) : no(t("No bot has this conversation.")),
    release: releaseVerdict(me, c),
    snooze: snoozeVerdict(me, c),
    solve: stateVerdict(me, c, "solved", member),
    close: stateVerdict(me, c, "closed", member),
    pend: stateVerdict(me, c, "pending", member),
    reopen: stateVerdict(me, c, "open", member),
    describe: describeVerdict(me, c, member),
  };
}

/** Only members of the queue with the right to reply may write to the customer; supervisors are no exception. */
function memberVerdict(me: Me, queueId: string, queueName: string): Verdicted {
  const place = me.queues.find((queue) => queue.id === queueId);
  if (place?.can_reply) return YES;
  if (place) return no(t("In {{queueName}} you may look, but not reply.", { queueName }));
  return no(t("You are not a member of {{queueName}}, so you cannot reply here.", { queueName }));
}

function held(me: Me, c: Summary): Verdicted | undefined {
  if (!c.assignee_id || c.assignee_id === me.agent.id) return undefined;
  return no(t("{{name}} already has this conversation.", { name: c.assignee_name ?? t("Another agent") }));
}

function replyVerdict(me: Me, c: Summary, member: Verdicted): Verdicted {
  if (c.channel === "internal") return c.state === "closed" ? no(t("The conversation is closed; ask anew.")) : YES;
  if (!member.ok) return member;
  if (c.state === "closed") return no(t("The conversation is closed. When the customer writes again, a new one starts."));
  return (isActive(c.state) ? held(me, c) : undefined) ?? YES;
}

/** What waits for another queue is taken over by that queue's members. */
function claimVerdict(me: Me, c: Summary, member: Verdicted): Verdicted {
  if (!isActive(c.state)) return no(notActive(c.state));
  if (c.transfer && c.assignee_id !== me.agent.id) {
    return memberVerdict(me, c.transfer.queue_id, t("the queue that it waits for"));
  }
  if (c.assignee_id && !c.transfer) return held(me, c) ?? no(t("You already have this conversation."));
  return member;
}

function moveVerdict(me: Me, c: Summary): Verdicted {
  if (supervises(me.role) || c.assignee_id === me.agent.id) return YES;
  if (c.assignee_id) return no(t("{{name}} has it; only they or a supervisor can move it.", { name: c.assignee_name ?? t("Another agent") }));
  return memberVerdict(me, c.queue_id, c.queue_name);
}

function releaseVerdict(me: Me, c: Summary): Verdicted {
  if (!c.assignee_id) return no(t("Nobody has this conversation."));
  if (!isActive(c.state)) return no(notActive(c.state));
  if (c.transfer) return no(t("A transfer is waiting; cancel it first."));
  return moveVerdict(me, c);
}

/** What nobody has cannot sleep: nobody would be woken. */
function snoozeVerdict(me: Me, c: Summary): Verdicted {
  if (!isActive(c.state)) return no(notActive(c.state));
  if (!c.assignee_id) return no(t("Nobody has this conversation; take it first."));
  if (c.transfer) return no(t("A transfer is waiting; cancel it first."));
  return (supervises(me.role) ? undefined : held(me, c)) ?? YES;
}

/** A question of one's own to colleagues, which one may end whoever has it. */
function began(me: Me, c: Summary): boolean {
  return c.channel === "internal" && c.started_by === me.agent.id;
}

/** What is noted of a conversation is changed by whoever may reply in its queue; it need not be open. */
function describeVerdict(me: Me, c: Summary, member: Verdicted): Verdicted {
  if (supervises(me.role) || began(me, c) || member.ok) return YES;
  return no(t("You may write notes here, but change no details: you have no right to reply in {{queueName}}.", { queueName: c.queue_name }));
}

function stateVerdict(me: Me, c: Summary, to: State, member: Verdicted): Verdicted {
  if (c.state === to) return no(t("The conversation is {{state}} already.", { state: stateWord(to) }));
  if (!supervises(me.role) && !began(me, c)) {
    if (!member.ok) return member;
    const other = isActive(c.state) ? held(me, c) : undefined;
    if (other) return other;
  }
  return mayBecome(c.state, to) ? YES : no(t("A conversation that is {{from}} cannot become {{to}}.", { from: stateWord(c.state), to: stateWord(to) }));
}

function notActive(state: State): string {
  return state === "closed" ? t("The conversation is closed.") : t("The conversation is {{state}}; reopen it first.", { state: stateWord(state) });
}

function stateWord(state: State): string {
  return { open: t("open"), pending: t("pending"), solved: t("solved"), closed: t("closed") }[state];
}
