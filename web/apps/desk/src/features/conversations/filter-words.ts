import type { ListFilter, Priority, Sort, Standing, View } from "@rapport/core/api/types";
import { priorityNames, stateNames } from "@rapport/core/format";
import { t } from "@rapport/i18n";

export const standingNames: Record<Standing, string> = { ...stateNames, snoozed: t("Snoozed") };
export const allPriorities: readonly Priority[] = ["urgent", "high", "normal", "low"];

/** The statuses that a view can hold. */
export function standingsOf(view: View): Standing[] {
  if (view === "history") return ["solved", "closed"];
  return view === "any" ? ["open", "pending", "snoozed", "solved", "closed"] : ["open", "pending", "snoozed"];
}

/** What customers may have answered in a survey, the worst first: that is what people look for. */
export const ratingNames: Record<string, string> = {
  "1": t("{{score}} of 5", { score: 1 }),
  "2": t("{{score}} of 5", { score: 2 }),
  "3": t("{{score}} of 5", { score: 3 }),
  "4": t("{{score}} of 5", { score: 4 }),
  "5": t("{{score}} of 5", { score: 5 }),
  none: t("No answer"),
};

/** What an order is called: in History it is about the end (S3-90). */
export function sortName(view: View, sort: Sort): string {
  switch (sort) {
    case "waiting":
      return view === "unassigned" ? t("Priority, then longest waiting") : t("Waiting for an answer first");
    case "oldest":
      return view === "history" ? t("Oldest closed") : t("Oldest pending");
    case "latest":
      return view === "history" ? t("Latest closed") : view === "any" ? t("Latest") : t("Latest pending");
    case "status":
      return t("Status A–Z");
    case "customer":
      return t("Customer name A–Z");
    case "queue":
      return view === "history" ? t("Queue name") : t("Queue");
  }
}

export const waitChoices: readonly number[] = [5, 15, 30, 60, 240, 1440];

export function waitName(minutes: number): string {
  if (minutes % 1440 === 0) return t("{{count}} days", { count: minutes / 1440 });
  return minutes % 60 === 0 ? t("{{count}} hours", { count: minutes / 60 }) : t("{{count}} minutes", { count: minutes });
}

/** Names of what filters refer to. */
export interface FilterNames {
  queues: { id: string; name: string }[];
  inboxes: { id: string; name: string }[];
  channels: { id: string; name: string }[];
  agents: { id: string; name: string }[];
  dispositions: { id: string; name: string }[];
}

export interface Chip {
  key: string;
  text: string;
  /** The filter without it. */
  without: ListFilter;
}

/** A filter in words, each of which can be taken off. */
export function chipsOf(filter: ListFilter | undefined, names: FilterNames): Chip[] {
  if (!filter) return [];
  const chips: Chip[] = [];
  const named = (list: { id: string; name: string }[], id: string) => list.find((one) => one.id === id)?.name ?? t("Unknown");
  const add = (member: keyof ListFilter, values: readonly string[] | undefined, word: (value: string) => string) => {
    if (!values || values.length === 0) return;
    chips.push({ key: member, text: values.map(word).join(", "), without: { ...filter, [member]: undefined } });
  };
  add("queues", filter.queues, (id) => named(names.queues, id));
  add("inboxes", filter.inboxes, (id) => named(names.inboxes, id));
  add("channels", filter.channels, (id) => named(names.channels, id));
  add("assignees", filter.assignees, (id) => (id === "me" ? t("Me") : id === "none" ? t("Nobody") : named(names.agents, id)));
  add("statuses", filter.statuses, (one) => standingNames[one as Standing]);
  add("priorities", filter.priorities, (one) => priorityNames[one as Priority]);
  add("tags", filter.tags, (tag) => `#${tag}`);
  add("dispositions", filter.dispositions, (id) => named(names.dispositions, id));
  add("ratings", filter.ratings, (one) => t("Survey: {{answer}}", { answer: ratingNames[one] ?? one }));
  if (filter.commented) chips.push({ key: "commented", text: t("With a comment"), without: { ...filter, commented: false } });
  if (filter.waits_minutes) chips.push({ key: "waits", text: t("Waits {{time}} or longer", { time: waitName(filter.waits_minutes) }), without: { ...filter, waits_minutes: 0 } });
  if (filter.topic) chips.push({ key: "topic", text: `“${filter.topic}”`, without: { ...filter, topic: "" } });
  return chips;
}
