import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Api } from "@rapport/core/api/api";
import { keys } from "@rapport/core/apply";
import { type ListKey, listQuery } from "@rapport/core/lists";
import type { RunStatus } from "@rapport/core/workflow/types";

// What the desk reads from the server. Answers stay fresh for ever: events keep them so.

export const queries = {
  me: (api: Api) => queryOptions({ queryKey: keys.me, queryFn: () => api.session.me() }),
  list: (api: Api, key: ListKey) =>
    infiniteQueryOptions({
      queryKey: keys.list(key),
      queryFn: ({ pageParam, signal }) => api.conversations.list(listQuery(key, pageParam), signal),
      initialPageParam: "",
      getNextPageParam: (page) => page.next || undefined,
    }),
  limits: (api: Api) => queryOptions({ queryKey: ["limits"], queryFn: () => api.files.limits() }),
  views: (api: Api) => queryOptions({ queryKey: keys.views, queryFn: () => api.views.list() }),
  viewCounts: (api: Api) => queryOptions({ queryKey: keys.viewCounts, queryFn: () => api.views.counts() }),
  bulks: (api: Api) => queryOptions({ queryKey: keys.bulks, queryFn: () => api.bulk.list() }),
  bulk: (api: Api, id: string) => queryOptions({ queryKey: keys.bulk(id), queryFn: () => api.bulk.read(id), staleTime: 0 }),
  counts: (api: Api) => queryOptions({ queryKey: keys.counts, queryFn: () => api.conversations.counts() }),
  conversation: (api: Api, id: string) =>
    queryOptions({ queryKey: keys.conversation(id), queryFn: ({ signal }) => api.conversations.read(id, signal) }),
  thread: (api: Api, id: string) =>
    queryOptions({
      queryKey: keys.thread(id),
      queryFn: ({ signal }) => api.conversations.items(id, { limit: 50 }, signal),
    }),
  senders: (api: Api) => queryOptions({ queryKey: ["senders"], queryFn: () => api.outbound.senders(), staleTime: 0, gcTime: 0 }),
  recipients: (api: Api, text: string, inbox: string) =>
    queryOptions({ queryKey: ["recipients", inbox, text], queryFn: ({ signal }) => api.outbound.recipients(text, inbox, signal), staleTime: 10_000, placeholderData: keepPreviousData }),
  writingWindow: (api: Api, inbox: string, contact: string) =>
    queryOptions({ queryKey: ["window", inbox, contact], queryFn: ({ signal }) => api.outbound.window(inbox, contact, signal), staleTime: 0, gcTime: 0 }),
  ways: (api: Api, id: string, now: string) =>
    queryOptions({ queryKey: [...keys.conversation(id), "ways", now], queryFn: ({ signal }) => api.outbound.ways(id, signal), staleTime: 30_000, placeholderData: keepPreviousData }),
  mergeable: (api: Api, id: string) =>
    queryOptions({ queryKey: [...keys.conversation(id), "mergeable"], queryFn: () => api.outbound.mergeable(id), staleTime: 0, gcTime: 0 }),
  merges: (api: Api, id: string) => queryOptions({ queryKey: [...keys.conversation(id), "merges"], queryFn: () => api.outbound.merges(id), staleTime: 0, gcTime: 0 }),
  mergePreview: (api: Api, id: string, from: string) =>
    queryOptions({ queryKey: [...keys.conversation(id), "merge", from], queryFn: ({ signal }) => api.outbound.preview(id, from, signal), staleTime: 0, gcTime: 0 }),
  decisions: (api: Api, id: string) =>
    queryOptions({ queryKey: keys.decisions(id), queryFn: () => api.conversations.decisions(id) }),
  targets: (api: Api, id: string) =>
    queryOptions({ queryKey: keys.targets(id), queryFn: () => api.conversations.targets(id), staleTime: 0, gcTime: 0 }),
  contact: (api: Api, id: string) =>
    queryOptions({ queryKey: keys.contact(id), queryFn: ({ signal }) => api.contacts.read(id, signal), staleTime: 30_000 }),
  agents: (api: Api) => queryOptions({ queryKey: keys.agents, queryFn: () => api.agents.list() }),
  statuses: (api: Api) => queryOptions({ queryKey: keys.statuses, queryFn: () => api.statuses.list() }),
  statusChanges: (api: Api, id: string, from: string, to: string) =>
    queryOptions({ queryKey: [...keys.statusChanges, id, from, to], queryFn: ({ signal }) => api.agents.statusChanges(id, from, to, signal), staleTime: 0 }),
  queues: (api: Api) => queryOptions({ queryKey: keys.queues, queryFn: () => api.queues.list(), staleTime: 30_000 }),
  inboxes: (api: Api) => queryOptions({ queryKey: keys.inboxes, queryFn: () => api.inboxes.list(), staleTime: 30_000 }),
  channels: (api: Api) => queryOptions({ queryKey: keys.channels, queryFn: () => api.inboxes.channels() }),
  sticky: (api: Api, q: string) =>
    infiniteQueryOptions({
      queryKey: [...keys.stickyAgents, q],
      queryFn: ({ pageParam, signal }) => api.sticky.list({ q, cursor: pageParam }, signal),
      initialPageParam: "",
      getNextPageParam: (page) => page.next || undefined,
      staleTime: 10_000,
    }),
  settings: (api: Api) => queryOptions({ queryKey: keys.settings, queryFn: () => api.settings.read() }),
  audit: (api: Api) =>
    infiniteQueryOptions({
      queryKey: keys.audit,
      queryFn: ({ pageParam }) => api.audit(pageParam),
      initialPageParam: "",
      getNextPageParam: (page) => page.next || undefined,
      staleTime: 0,
    }),
  bots: (api: Api) => queryOptions({ queryKey: keys.bots, queryFn: () => api.bots.list() }),
  botKinds: (api: Api) => queryOptions({ queryKey: keys.botKinds, queryFn: () => api.bots.kinds() }),
  notifications: (api: Api) => queryOptions({ queryKey: keys.notifications, queryFn: () => api.notifications.list() }),
  messageTemplates: (api: Api, inbox = "", usable = false) =>
    queryOptions({ queryKey: [...keys.messageTemplates(inbox), usable], queryFn: async () => (await api.templates.list({ inbox, usable })).items }),
  macros: (api: Api, queue = "", all = false) =>
    queryOptions({ queryKey: [...keys.macros(queue), all], queryFn: async () => (await api.macros.list({ queue, all })).items }),
  canned: (api: Api) => queryOptions({ queryKey: keys.canned("all"), queryFn: async () => (await api.canned.list({ limit: 2500 })).items }),
  forms: (api: Api) => queryOptions({ queryKey: keys.forms, queryFn: async () => (await api.forms.list()).items }),
  dispositions: (api: Api) => queryOptions({ queryKey: keys.dispositions, queryFn: async () => (await api.dispositions.list()).items }),
  tags: (api: Api) => queryOptions({ queryKey: keys.tags, queryFn: () => api.tags.list() }),
  workflows: (api: Api) => queryOptions({ queryKey: keys.workflows, queryFn: () => api.workflows.list(), staleTime: 0 }),
  workflow: (api: Api, id: string) =>
    queryOptions({ queryKey: keys.workflow(id), queryFn: ({ signal }) => api.workflows.read(id, signal), staleTime: 0, gcTime: 0 }),
  workflowVersions: (api: Api, id: string) =>
    queryOptions({ queryKey: keys.workflowVersions(id), queryFn: () => api.workflows.versions(id), staleTime: 0 }),
  vocabulary: (api: Api) => queryOptions({ queryKey: keys.vocabulary, queryFn: () => api.workflows.vocabulary(), staleTime: 300_000 }),
  workflowTemplates: (api: Api) => queryOptions({ queryKey: keys.templates, queryFn: () => api.workflows.templates() }),
  workflowRuns: (api: Api, id: string, status: RunStatus | "") =>
    queryOptions({ queryKey: keys.workflowRuns(id, status), queryFn: () => api.workflows.runs(id, status), staleTime: 0 }),
  run: (api: Api, id: string) => queryOptions({ queryKey: keys.run(id), queryFn: () => api.workflows.run(id), staleTime: 0 }),
  conversationRuns: (api: Api, id: string) =>
    queryOptions({ queryKey: keys.conversationRuns(id), queryFn: ({ signal }) => api.workflows.ofConversation(id, signal), staleTime: 0 }),
  mail: (api: Api) => queryOptions({ queryKey: keys.mail, queryFn: () => api.mail.read(), staleTime: 0 }),
  feedback: (api: Api) => queryOptions({ queryKey: keys.feedback, queryFn: () => api.feedback.list(), staleTime: 0 }),
  feedbackSettings: (api: Api) => queryOptions({ queryKey: keys.feedbackSettings, queryFn: () => api.feedback.settings(), staleTime: 0 }),
  satisfaction: (api: Api, days: number) =>
    queryOptions({ queryKey: [...keys.satisfaction, days], queryFn: () => api.surveys.summary(days), staleTime: 0 }),
  surveys: (api: Api, conversation: string) =>
    queryOptions({ queryKey: keys.surveys(conversation), queryFn: () => api.surveys.of(conversation), staleTime: 30_000 }),
  checklist: (api: Api) => queryOptions({ queryKey: keys.checklist, queryFn: () => api.checklist(), staleTime: 10_000 }),
  board: (api: Api) => queryOptions({ queryKey: keys.board, queryFn: () => api.board(), staleTime: 0 }),
};
