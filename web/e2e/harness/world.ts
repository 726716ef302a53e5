/** A small contact centre, made over the API as an admin would make it in the desk. */
import type { AgentInput, QueueInput, Role } from "@rapport/core/api/types";
import type { Server } from "./server";
import { type Api, Signed } from "./signed";
import type { Website } from "./website";

export interface Person {
  id: string;
  name: string;
  email: string;
  password: string;
  signed: Signed;
}

export interface ApiInbox {
  id: string;
  token: string;
}

export const ACCOUNT = "Harbour Goods";
const PASSWORD = "correct horse battery staple";

/** Queues that a person serves, and may reply in. */
export const serves = (...queues: string[]) => queues.map((id) => ({ id, can_reply: true }));

export class World {
  private constructor(
    readonly server: Server,
    readonly website: Website,
    readonly admin: Person,
  ) {}

  /** Signs the first admin up with the token from the log. */
  static async make(server: Server, website: Website): Promise<World> {
    const signed = new Signed(server.url);
    const name = "Dana Whitfield";
    const email = "dana@harbour.example";
    const token = await server.setupToken();
    const me = await signed.api.setup.finish({ token, name, email, password: PASSWORD, account_name: ACCOUNT });
    return new World(server, website, { id: me.agent.id, name, email, password: PASSWORD, signed });
  }

  get api(): Api {
    return this.admin.signed.api;
  }

  /** Invites somebody, who accepts. */
  async person(name: string, queues: AgentInput["queues"] = [], role: Role = "agent"): Promise<Person> {
    const email = `${name.toLowerCase().replaceAll(" ", ".")}@harbour.example`;
    const { agent, invite_url } = await this.api.agents.invite({ name, email, role, capacity: null, enabled: true, queues });
    const token = inviteToken(invite_url);
    const signed = new Signed(this.server.url);
    await signed.api.invites.accept(token, name, PASSWORD);
    return { id: agent.id, name, email, password: PASSWORD, signed };
  }

  async queue(name: string, more: Partial<QueueInput> = {}): Promise<string> {
    const queue = await this.api.queues.create({
      name,
      strategy: "round_robin",
      capacity: null,
      sticky: null,
      members: [],
      ...more,
    });
    return queue.id;
  }

  /** From now on a bot answers first in an inbox. */
  async answersFirst(inboxId: string, bot_id: string): Promise<void> {
    const change: { bot_id: string } = { bot_id };
    await this.api.inboxes.change(inboxId, change as object);
  }

  /** A web inbox for the website, which shows its tag from now on. */
  async webInbox(
    queueId: string,
    options: Record<string, string> = {},
    origins = [this.website.origin],
  ): Promise<{ id: string; tag: string; identitySecret: string }> {
    const { inbox, secrets } = await this.api.inboxes.create({
      channel: "web",
      name: "Website",
      queue_id: queueId,
      enabled: true,
      options: {
        title: "Harbour help",
        greeting: "Hello! How can we help you?",
        origins,
        ...options,
      },
    });
    const view = (await this.api.inboxes.list()).items.find((one) => one.id === inbox.id);
    if (!view) throw new Error("the new inbox is not in the list");
    this.website.show({ tag: view.snippet });
    return { id: inbox.id, tag: view.snippet, identitySecret: secrets["identity_secret"] ?? "" };
  }

  /** An inbox of the API channel, which can write first; nobody listens at its address. */
  async apiInbox(name: string, queue_id: string, more: object = {}): Promise<ApiInbox> {
    const { inbox, secrets } = await this.api.inboxes.create({ channel: "api", name, queue_id, enabled: true, options: {}, ...more });
    return { id: inbox.id, token: secrets["token"] ?? "" };
  }

  /** A customer's message to an inbox of the API channel. One that was just made is served a moment later. */
  async receives(inbox: ApiInbox, contact: Record<string, string>, body: string, patience = 50): Promise<void> {
    const answer = await fetch(`${this.server.url}/in/${inbox.id}/messages`, {
      method: "POST",
      headers: { authorization: `Bearer ${inbox.token}`, "content-type": "application/json", "idempotency-key": body },
      body: JSON.stringify({ contact, body }),
    });
    if (answer.status === 404 && patience > 0) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return this.receives(inbox, contact, body, patience - 1);
    }
    if (answer.status !== 202) throw new Error(`${answer.status}: ${await answer.text()}`);
  }
}

function inviteToken(url: string): string {
  const token = /([^/=#]+)$/.exec(url)?.[1];
  if (!token) throw new Error(`no token in ${url}`);
  return token;
}
