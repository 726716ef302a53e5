import type { Fact } from "@rapport/core/workflow/types";
import { t } from "@rapport/i18n";

const names: Record<string, string> = {
  conversation: t("Conversation"),
  contact: t("Customer"),
  agent: t("Agent"),
  queue: t("Queue"),
  time: t("Time"),
  message: t("Message"),
  run: t("This run"),
  since: t("Time since"),
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
