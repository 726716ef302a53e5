import {
  AlarmClock,
  ArrowLeftRight,
  Bot,
  CheckCheck,
  CircleSlash,
  Clock,
  Combine,
  Flag,
  Hand,
  HelpCircle,
  MessageSquareReply,
  MessagesSquare,
  PanelRight,
  RotateCcw,
  Sparkles,
  StickyNote,
  TextSearch,
  Undo2,
  Wand,
  WandSparkles,
} from "lucide-react";
import type { ConversationView, Deed, Priority } from "@rapport/core/api/types";
import { no, YES } from "@rapport/core/command";
import { priorityNames, toneNames } from "@rapport/core/format";
import { isActive, mayBecome } from "@rapport/core/permission";
import { t } from "@rapport/i18n";
import type { DeskCommand, DeskContext } from "@/lib/command";
import { desk, openDialog } from "@/lib/desk-state";
import { ask, tones } from "./assist";
import { claim, setState } from "./deeds";

const GROUP = t("Conversation");

function may(deed: Deed): DeskCommand["enabled"] {
  return ({ conversation }) => conversation?.may[deed] ?? no(t("Open a conversation first."));
}

function on(
  act: (conversation: ConversationView, context: DeskContext) => void | Promise<void>,
): DeskCommand["perform"] {
  return (context) => {
    if (context.conversation) return act(context.conversation, context);
  };
}

const open: DeskCommand["shown"] = ({ conversation }) => conversation !== undefined;

function compose(mode: "reply" | "note"): void {
  desk.set({ mode, compose: desk.get().compose + 1 });
}

/** Help by a language model is for replies to a customer whom no bot answers. */
const assisted: DeskCommand["shown"] = ({ conversation: c, me }) =>
  c !== undefined && me.settings.assist.enabled && !c.bot_id && c.state !== "closed";

const priorities: Priority[] = ["urgent", "high", "normal", "low"];

export const conversationCommands: DeskCommand[] = [
  {
    id: "find",
    label: t("Find in this conversation"),
    group: GROUP,
    keys: ["mod+f"],
    icon: TextSearch,
    shown: open,
    enabled: ({ conversation }) => (conversation ? YES : no(t("Open a conversation first."))),
    perform: () => {
      desk.set({ finding: true });
    },
  },
  {
    id: "reply",
    label: t("Reply"),
    group: GROUP,
    keys: ["r"],
    icon: MessageSquareReply,
    shown: open,
    enabled: may("reply"),
    perform: () => {
      compose("reply");
    },
  },
  {
    id: "note",
    label: t("Write internal note"),
    group: GROUP,
    keys: ["n"],
    icon: StickyNote,
    shown: open,
    enabled: ({ conversation }) => (conversation ? YES : no(t("Open a conversation first."))),
    perform: () => {
      compose("note");
    },
  },
  {
    id: "claim",
    label: ({ conversation: c }) => (c?.bot_id ? t("Take over") : t("Claim")),
    group: GROUP,
    keys: ["c"],
    icon: Hand,
    shown: ({ conversation: c, me }) =>
      c !== undefined && (c.state === "open" || c.state === "pending") && c.assignee_id !== me.agent.id,
    enabled: may("claim"),
    perform: on((c, { backend }) => claim(backend, c)),
  },
  {
    id: "transfer",
    label: ({ conversation: c }) => (c?.bot_id ? t("Hand off") : t("Transfer")),
    group: GROUP,
    keys: ["t"],
    icon: ArrowLeftRight,
    shown: ({ conversation: c }) => c !== undefined && (c.state === "open" || c.state === "pending"),
    enabled: ({ conversation: c }) => (c ? (c.bot_id ? c.may.handoff : c.may.transfer) : no(t("Open a conversation first."))),
    perform: on((c) => {
      openDialog(c.bot_id ? "handoff" : "transfer");
    }),
  },
  {
    id: "give-bot",
    label: t("Give to a bot"),
    group: GROUP,
    keys: ["b"],
    icon: Bot,
    shown: ({ conversation: c, bots }) => c !== undefined && isActive(c.state) && bots.some((bot) => bot.id !== c.bot_id),
    enabled: may("bot"),
    perform: () => {
      openDialog("give-bot");
    },
  },
  {
    id: "suggest",
    label: t("Suggest a reply"),
    group: GROUP,
    keys: ["mod+i"],
    icon: Sparkles,
    shown: assisted,
    enabled: may("reply"),
    perform: on((c, { backend }) => {
      compose("reply");
      return ask(backend, c.id, { task: "reply" });
    }),
  },
  ...tones.map(
    (tone): DeskCommand => ({
      id: `tone-${tone}`,
      label: t("Rewrite the draft: {{tone}}", { tone: toneNames[tone].toLowerCase() }),
      group: GROUP,
      icon: WandSparkles,
      shown: assisted,
      enabled: may("reply"),
      perform: on((c, { backend }) => {
        compose("reply");
        return ask(backend, c.id, { task: "tone", tone });
      }),
    }),
  ),
  {
    id: "macros",
    label: t("Apply a macro"),
    group: GROUP,
    keys: ["m"],
    icon: Wand,
    shown: open,
    enabled: ({ conversation }) => (conversation ? YES : no(t("Open a conversation first."))),
    perform: () => {
      openDialog("macros");
    },
  },
  {
    id: "pending",
    label: t("Pending"),
    group: GROUP,
    keys: ["p"],
    icon: Clock,
    shown: ({ conversation: c }) => c?.state === "open",
    enabled: may("pend"),
    perform: on((c, { backend }) => setState(backend, c, "pending")),
  },
  {
    id: "snooze",
    label: t("Snooze"),
    group: GROUP,
    keys: ["z"],
    icon: AlarmClock,
    shown: ({ conversation: c }) => c !== undefined && isActive(c.state),
    enabled: may("snooze"),
    perform: () => {
      openDialog("snooze");
    },
  },
  {
    id: "wake",
    label: t("Wake now"),
    group: GROUP,
    icon: AlarmClock,
    shown: ({ conversation: c }) => c?.snoozed_until !== undefined,
    enabled: may("reopen"),
    perform: on((c, { backend }) => setState(backend, c, "open")),
  },
  {
    id: "ask",
    label: t("Ask colleagues"),
    group: GROUP,
    icon: MessagesSquare,
    enabled: () => YES,
    perform: () => {
      openDialog("ask");
    },
  },
  {
    id: "solve",
    label: t("Solve"),
    group: GROUP,
    keys: ["e"],
    icon: CheckCheck,
    shown: ({ conversation: c }) => c !== undefined && mayBecome(c.state, "solved"),
    enabled: may("solve"),
    perform: on((c, { backend }) => setState(backend, c, "solved")),
  },
  {
    id: "reopen",
    label: t("Reopen"),
    group: GROUP,
    icon: RotateCcw,
    shown: ({ conversation: c }) => c !== undefined && mayBecome(c.state, "open"),
    enabled: may("reopen"),
    perform: on((c, { backend }) => setState(backend, c, "open")),
  },
  {
    id: "release",
    label: t("Release"),
    group: GROUP,
    icon: Undo2,
    shown: ({ conversation: c }) => c?.assignee_id !== undefined && (c.state === "open" || c.state === "pending"),
    enabled: may("release"),
    perform: () => {
      openDialog("release");
    },
  },
  {
    id: "close",
    label: t("Close"),
    group: GROUP,
    icon: CircleSlash,
    shown: ({ conversation: c }) => c !== undefined && c.state !== "closed",
    enabled: may("close"),
    perform: () => {
      openDialog("close");
    },
  },
  {
    id: "merge",
    label: t("Merge with another conversation"),
    group: GROUP,
    keys: ["mod+shift+m"],
    icon: Combine,
    shown: ({ conversation: c }) => c !== undefined && isActive(c.state),
    enabled: may("reply"),
    perform: () => {
      openDialog("merge");
    },
  },
  {
    id: "why",
    label: t("Why this agent"),
    group: GROUP,
    keys: ["w"],
    icon: HelpCircle,
    shown: open,
    enabled: ({ conversation }) => (conversation ? YES : no(t("Open a conversation first."))),
    perform: () => {
      openDialog("why");
    },
  },
  {
    id: "details",
    label: t("Customer details"),
    group: GROUP,
    keys: ["d"],
    icon: PanelRight,
    shown: open,
    enabled: () => YES,
    perform: () => {
      desk.set({ details: !desk.get().details });
    },
  },
  ...priorities.map(
    (priority): DeskCommand => ({
      id: `priority-${priority}`,
      label: t("Priority: {{priority}}", { priority: priorityNames[priority] }),
      group: GROUP,
      icon: Flag,
      shown: ({ conversation: c }) => c !== undefined && c.state !== "closed" && c.priority !== priority,
      enabled: may("describe"),
      perform: on(async (c, { backend }) => {
        backend.put(await backend.api.conversations.setPriority(c.id, priority));
      }),
    }),
  ),
];
