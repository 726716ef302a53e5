import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { AgentView, QueueView } from "@rapport/core/api/types";
import type { Choice, Definition, Vocabulary } from "@rapport/core/workflow/types";
import { type Names, namesOfSteps } from "@rapport/core/workflow/words";
import { useBackend } from "@/lib/backend";
import { queries } from "@/lib/queries";

export interface People {
  agents: AgentView[];
  queues: QueueView[];
  bots: Choice[];
  inboxes: Choice[];
  workflows: Choice[];
  /** By their codes. */
  dispositions: Choice[];
}

/** Everybody and everything that steps can name. */
export function usePeople(): People {
  const { api } = useBackend();
  const agents = useQuery(queries.agents(api)).data?.items;
  const queues = useQuery(queries.queues(api)).data?.items;
  const bots = useQuery(queries.bots(api)).data?.items;
  const workflows = useQuery(queries.workflows(api)).data?.items;
  const inboxes = useQuery(queries.inboxes(api)).data?.items;
  const dispositions = useQuery(queries.dispositions(api)).data;
  return useMemo(
    () => ({
      agents: agents ?? [],
      queues: queues ?? [],
      bots: (bots ?? []).map((bot) => ({ value: bot.id, label: bot.name })),
      inboxes: (inboxes ?? []).map((inbox) => ({ value: inbox.id, label: inbox.name })),
      workflows: (workflows ?? []).map((flow) => ({ value: flow.id, label: flow.name })),
      dispositions: (dispositions ?? []).filter((one) => one.enabled).map((one) => ({ value: one.code, label: one.label })),
    }),
    [agents, queues, bots, inboxes, workflows, dispositions],
  );
}

export function namesOf(people: People, vocabulary: Vocabulary, definition?: Definition): Names {
  const named = (list: { id: string; name: string }[]) => (id: string) => list.find((one) => one.id === id)?.name;
  const labelled = (list: Choice[]) => (id: string) => list.find((one) => one.value === id)?.label;
  return {
    agent: named(people.agents),
    queue: named(people.queues),
    bot: labelled(people.bots),
    inbox: labelled(people.inboxes),
    workflow: labelled(people.workflows),
    disposition: labelled(people.dispositions),
    step: definition ? namesOfSteps(vocabulary, definition) : () => undefined,
  };
}
