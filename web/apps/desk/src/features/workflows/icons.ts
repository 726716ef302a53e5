import { t } from "@rapport/i18n";

import {
  AlarmClock,
  Bell,
  Bot,
  CalendarClock,
  CircleCheckBig,
  CircleDot,
  CircleHelp,
  ClipboardCheck,
  ContactRound,
  CornerUpLeft,
  Flag,
  GitBranch,
  HandHelping,
  Hourglass,
  type LucideIcon,
  MessageCircleQuestion,
  MessageSquarePlus,
  MessageSquareText,
  Send,
  SlidersHorizontal,
  StickyNote,
  Tag,
  TextCursorInput,
  UserRound,
  UserRoundCheck,
  UserRoundPlus,
  UsersRound,
  Webhook,
  Zap,
} from "lucide-react";

const icons: Record<string, LucideIcon> = {
  assign_agent: UserRound,
  assign_queue: UsersRound,
  assign_sticky: UserRoundCheck,
  give_to_bot: Bot,
  hand_off: HandHelping,
  wait: AlarmClock,
  wait_for: Hourglass,
  branch: GitBranch,
  jump: CornerUpLeft,
  comment: StickyNote,
  send: Send,
  ask: MessageCircleQuestion,
  notify: Bell,
  set_state: CircleDot,
  set_priority: Flag,
  tag: Tag,
  set_topic: TextCursorInput,
  set_disposition: ClipboardCheck,
  set_fields: SlidersHorizontal,
  set_contact_fields: ContactRound,
  webhook: Webhook,
  close: CircleCheckBig,
  conversation_opened: MessageSquarePlus,
  message_received: MessageSquareText,
  assigned: UserRoundPlus,
  status_changed: CircleDot,
  tag_added: Tag,
  contact_field_changed: ContactRound,
  handed_off: HandHelping,
  handed_to_flow: Bot,
  schedule: CalendarClock,
};

export function iconOf(kind: string): LucideIcon {
  return icons[kind] ?? CircleHelp;
}

export function triggerIconOf(kind: string): LucideIcon {
  return icons[kind] ?? Zap;
}

/** Groups of steps have a colour each, so that a canvas reads at a glance. */
const tones: Record<string, string> = {
  people: "bg-avatar-1",
  customer: "bg-avatar-2",
  flow: "bg-avatar-3",
  conversation: "bg-avatar-5",
  outside: "bg-avatar-6",
};
const grounds = Object.values(tones);

const groups: Record<string, string> = {
  people: t("People"),
  customer: t("Write to the customer"),
  conversation: t("Change the conversation"),
  flow: t("Time and conditions"),
  outside: t("Other systems"),
};

export function groupName(group: string): string {
  return groups[group] ?? group;
}

export function groundOf(group: string): string {
  const word = group.toLowerCase().split(/\W/)[0] ?? "";
  if (tones[word]) return tones[word];
  let sum = 0;
  for (const letter of word) sum += letter.codePointAt(0) ?? 0;
  return grounds[sum % grounds.length] ?? "bg-avatar-1";
}
