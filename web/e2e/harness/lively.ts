/** A contact centre in the middle of a working day, so that no screen is empty. */
import { type Page } from "@playwright/test";
import { type Person, serves, type World } from "./world";

export interface Lively {
  agent: Person;
  /** The agent's desk. */
  page: Page;
  /** A conversation that the agent holds: of a customer who has come back, with messages of both sides and a note. */
  conversation: string;
}

/** Makes it around one agent, who is available at the desk that `arrives` opens. */
export async function lively(world: World, arrives: (agent: Person) => Promise<Page>): Promise<Lively> {
  const support = await world.queue("Support", { strategy: "least_load" });
  const billing = await world.queue("Billing", { strategy: "longest_idle" });
  const returns = await world.queue("Returns");
  const agent = await world.person("Ana Pires", serves(support, billing), "admin");
  const ben = await world.person("Ben Sauer", serves(support, returns));
  await world.person("Cleo Marsh", [{ id: billing, can_reply: false }], "supervisor");
  await world.webInbox(support);
  const write = await orderSystem(world);

  const page = await arrives(agent);
  const talk = agent.signed.api.conversations;
  const mara = { name: "Mara Lind", phone: "+4930901820" };
  const before = await write(billing, mara, "Invoice 2041 has the wrong amount.");
  await talk.reply(before, "You are right. I have sent a credit note, and a new invoice follows tomorrow.", "a1");
  await talk.setState(before, "closed");
  const conversation = await write(billing, mara, "Hi, it is me again. The new invoice shows 240 € instead of 204 €.");
  await talk.reply(conversation, "Hello Mara, I still have our last conversation in front of me. One moment, please.", "a2");
  await talk.note(conversation, "The credit note of Tuesday was booked on the wrong account.", "a3");
  await talk.seen(conversation, (await talk.read(conversation)).last_seq);
  await write(billing, mara, "Thank you! Two digits swapped, I think.\nI would like to pay before Friday.");
  await talk.setPriority(conversation, "high");

  const jonas = await write(support, { name: "Jonas Weber", phone: "+4930901821" }, "The export button does nothing since this morning.");
  await talk.reply(jonas, "Thanks for telling us, Jonas. Which browser do you use?", "a4");
  const priya = await write(billing, { name: "Priya Natarajan", phone: "+447700900124" }, "Could you send us the order form for next year?");
  await talk.reply(priya, "Of course. I have asked our office and write as soon as it is here.", "a5");
  await talk.setState(priya, "pending");
  const owen = await write(support, { name: "Owen Price", phone: "+447700900125" }, "How do I invite a colleague?");
  await talk.reply(owen, "Settings, then People, then Invite.", "a6");
  await talk.setState(owen, "solved");
  await write(support, { name: "Lucía Fernández", phone: "+34911234567" }, "I cannot sign in with my new phone.");
  await write(returns, { name: "Grace Hall", phone: "+12025550143" }, "Where do I send the broken lamp?");
  const tom = await write(returns, { name: "Tom Okafor", phone: "+447700900123" }, "The second parcel was not mine.");
  await ben.signed.api.conversations.claim(tom);

  const { sticky } = world.api;
  await sticky.create({ title: "Northwind key account", points: "+44 7700 900124, orders@northwind.example", agent_id: agent.id, enabled: true });
  await sticky.create({ title: "Harbour office", points: "+49 30 901899", agent_id: ben.id, enabled: false });
  return { agent, page, conversation };
}

type Write = (queue: string, contact: { name: string; phone: string }, body: string) => Promise<string>;

/** An inbox of the API channel; what it returns writes a message and answers the conversation's id. */
async function orderSystem(world: World): Promise<Write> {
  const { inbox, secrets } = await world.api.inboxes.create({
    channel: "api",
    name: "Order system",
    queue_id: "",
    enabled: true,
    options: { webhook_url: `${world.website.origin}/hook` },
  });
  return async (queue, contact, body) => {
    const response = await fetch(`${world.server.url}/in/${inbox.id}/messages`, {
      method: "POST",
      headers: {
        "Authorization": `Bearer ${secrets["token"]}`,
        "Content-Type": "application/json",
        "Idempotency-Key": crypto.randomUUID(),
      },
      body: JSON.stringify({ contact, body, route: { queue, prefer_last_agent: true } }),
    });
    if (!response.ok) throw new Error(`API channel: ${response.status} ${await response.text()}`);
    return ((await response.json()) as { conversation_id: string }).conversation_id;
  };
}
