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
  const place = me.queues.find((queue) => queue.id === c.queue_id);
  const holder = c.assignee_id !== undefined && c.assignee_id === me.agent.id;
  const member = memberVerdict(c, place?.can_reply);
  const moves = holder || supervises(me.role) ? YES : no("Only the agent who holds it or a supervisor may do this.");
  const manages = member.ok || supervises(me.role) ? YES : member;

  return {
    reply: c.state === "closed" ? no("This conversation is closed. The customer's next message starts a new one.") : member,
    claim: claimVerdict(me, c, holder, member),
    transfer: isActive(c.state) ? moves : no(notActive(c.state)),
    release: c.assignee_id === undefined ? no("Nobody holds it.") : isActive(c.state) ? moves : no(notActive(c.state)),
    solve: stateVerdict(c.state, "solved", manages),
    close: stateVerdict(c.state, "closed", manages),
    pend: stateVerdict(c.state, "pending", manages),
    reopen: stateVerdict(c.state, "open", manages),
  };
}

function memberVerdict(c: Summary, canReply: boolean | undefined): Verdicted {
  if (canReply === true) return YES;
  if (canReply === false) return no(`In the queue ${c.queue_name} you may look, but not reply.`);
  return no(`You are not a member of the queue ${c.queue_name}, so you cannot reply here.`);
}

/** What waits for another queue is taken over by that queue's members. */
function claimVerdict(me: Me, c: Summary, holder: boolean, member: Verdicted): Verdicted {
  if (holder) return no("You already have it.");
  if (c.assignee_id && !c.transfer) return no(`${c.assignee_name ?? "Another agent"} already has it.`);
  if (!isActive(c.state)) return no(notActive(c.state));
  const { transfer } = c;
  if (!transfer) return member;
  const takes = me.queues.some((queue) => queue.id === transfer.queue_id && queue.can_reply);
  return takes ? YES : no("Only members of the queue that it waits for can take it over.");
}

function stateVerdict(from: State, to: State, manages: Verdicted): Verdicted {
  if (!mayBecome(from, to)) return no(from === to ? `It is ${from} already.` : notActive(from));
  return manages;
}

function notActive(state: State): string {
  return state === "closed" ? "It is closed." : `It is ${state}; reopen it first.`;
}
