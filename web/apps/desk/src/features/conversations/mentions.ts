import type { Api } from "@rapport/core/api/api";
import type { Me } from "@rapport/core/api/types";
import { t } from "@rapport/i18n";
import type { ComposerMenu, MenuChoice } from "@rapport/thread/composer-menu";

/** Whom a note may name, with the id behind each name that was chosen. */
export interface Named {
  agents: Map<string, string>;
  queues: Map<string, string>;
  /** Names of those who may not see the conversation. */
  blind: Set<string>;
}

export const nobody = (): Named => ({ agents: new Map(), queues: new Map(), blind: new Set() });

/** The list that "@" opens in a note: colleagues who may see the conversation first, and queues. */
export function mentionMenu(api: Api, me: Me, id: string, named: Named): ComposerMenu {
  const queues = async () => (await api.queues.list()).items;
  return {
    char: "@",
    mode: "note",
    label: t("Colleagues and queues"),
    none: t("Nobody of this name"),
    search: async (text) => {
      const [colleagues, all] = await Promise.all([api.together.colleagues(id, text), queues()]);
      const people = colleagues.items.map(
        (one): MenuChoice => ({
          id: one.id,
          label: one.name,
          detail: one.sees ? "" : t("May not see this conversation, and will not be told"),
          pick: (insert) => {
            named.agents.set(one.name, one.id);
            if (one.sees) named.blind.delete(one.name);
            else named.blind.add(one.name);
            insert(`@${one.name} `);
          },
        }),
      );
      const lines = all
        .filter((one) => one.name.toLowerCase().includes(text.toLowerCase()))
        .slice(0, 5)
        .map(
          (one): MenuChoice => ({
            id: one.id,
            label: one.name,
            detail: t("Everybody in this queue"),
            pick: (insert) => {
              named.queues.set(one.name, one.id);
              insert(`@${one.name} `);
            },
          }),
        );
      return [...people, ...lines].filter((one) => one.id !== me.agent.id);
    },
  };
}

/** Those whom a text really names. */
export function namedIn(text: string, named: Named): { mentions?: string[]; mention_queues?: string[] } {
  const in_ = (names: Map<string, string>) => [...names].filter(([name]) => text.includes(`@${name}`)).map(([, id]) => id);
  const mentions = in_(named.agents);
  const mention_queues = in_(named.queues);
  return { ...(mentions.length > 0 ? { mentions } : {}), ...(mention_queues.length > 0 ? { mention_queues } : {}) };
}

/** Names in a text of people who will not be told. */
export function blindIn(text: string, named: Named): string[] {
  return [...named.blind].filter((name) => text.includes(`@${name}`));
}
