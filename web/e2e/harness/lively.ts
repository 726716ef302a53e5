/** A contact centre in the middle of a working day, so that no screen is empty. */
import { type Person, type World } from "./world";

export interface Lively {
  world: World;
  agent: Person;
  /** A conversation that the agent holds, with messages of both sides and a note. */
  conversation: string;
}

interface Letter {
  name: string;
  phone: string;
  body: string;
  queue: string;
}

export async function lively(world: World): Promise<Lively> {
  const { api } = world;
  const support = await world.queue("Support", { strategy: "least_load" });
  const billing = await world.queue("Billing", { strategy: "longest_idle" });
  const both = [
    { id: support, can_reply: true },
    { id: billing, can_reply: true },
  ];
  const agent = await world.person("Ana Pires", both, "admin");
  const ben = await world.person("Ben Sauer", both);
  await world.person("Cleo Marsh", [{ id: billing, can_reply: false }], "supervisor");
  await world.webInbox(support);
  const { inbox, secrets } = await api.inboxes.create({
    channel: "api",
    name: "Order system",
    queue_id: billing,
    enabled: true,
    options: {},
  });
  const write = async (letter: Letter): Promise<string> => {
    const response = await fetch(`${world.server.url}/in/${inbox.id}/messages`, {
      method: "POST",
      headers: {
        "Authorization": `Bearer ${secrets["token"]}`,
        "Content-Type": "application/json",
        "Idempotency-Key": crypto.randomUUID(),
      },
      body: JSON.stringify({
        contact: { name: letter.name, phone: letter.phone },
        body: letter.body,
        route: { queue: letter.queue },
      }),
    });
    if (!response.ok) throw new Error(`API channel: ${response.status} ${await response.text()}`);
    return ((await response.json()) as { conversation_id: string }).conversation_id;
  };

  const letters: Letter[] = [
    { name: "Mara Lind", phone: "+4930901820", body: "Invoice 2041 shows 240 € instead of 204 €. Two digits swapped?", queue: billing },
    { name: "Jonas Weber", phone: "+4930901821", body: "The export button does nothing since this morning.", queue: support },
    { name: "Priya Natarajan", phone: "+447700900124", body: "Could you send us the order form for next year?", queue: billing },
    { name: "Tom Okafor", phone: "+447700900123", body: "My card was charged twice for order 7781.", queue: billing },
    { name: "Lucía Fernández", phone: "+34911234567", body: "I cannot sign in with my new phone.", queue: support },
    { name: "Grace Hall", phone: "+12025550143", body: "Where do I find my VAT number on the invoice?", queue: billing },
  ];
  const ids: string[] = [];
  for (const letter of letters) ids.push(await write(letter));
  const [conversation = "", second = "", third = "", fourth = ""] = ids;
  const talk = agent.signed.api.conversations;
  await talk.claim(conversation);
  await talk.reply(conversation, "Hello Mara, let me open the new invoice. https://harbour.example/invoices/2041", "a1");
  await talk.note(conversation, "The credit note of Tuesday was booked on the wrong account.", "a2");
  await write({ name: "Mara Lind", phone: "+4930901820", body: "Thank you! I would like to pay before Friday.", queue: billing });
  await talk.setPriority(conversation, "high");
  await talk.claim(second);
  await talk.reply(second, "Thanks for telling us, Jonas. Which browser do you use?", "a3");
  await talk.claim(third);
  await talk.reply(third, "Here it is: order form 2027.", "a4");
  await talk.setState(third, "solved");
  await ben.signed.api.conversations.claim(fourth);
  await ben.signed.api.conversations.reply(fourth, "I have stopped the second payment.", "b1");
  await ben.signed.api.conversations.setState(fourth, "closed");
  await api.sticky.create({ title: "Key account Lind", points: "+49 30 901820, mara@lind.example", agent_id: agent.id, enabled: true });
  await api.sticky.create({ title: "Harbour office", points: "+49 30 901899", agent_id: ben.id, enabled: false });
  return { world, agent, conversation };
}
