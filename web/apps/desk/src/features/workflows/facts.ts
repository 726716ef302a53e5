import type { Fact } from "@rapport/core/workflow/types";

const names: Record<string, string> = {
  conversation: "Conversation",
  contact: "Customer",
  agent: "Agent",
  queue: "Queue",
  time: "Time",
  message: "Message",
  run: "This run",
  since: "Time since",
};

/** Facts by what they are about. */
export function factGroups(facts: Fact[]): [string, Fact[]][] {
  const groups = new Map<string, Fact[]>();
  for (const fact of facts) {
    const word = fact.name.split(/[._]/)[0] ?? "";
    const group = names[word] ?? word;
    groups.set(group, [...(groups.get(group) ?? []), fact]);
  }
  return [...groups];
}
