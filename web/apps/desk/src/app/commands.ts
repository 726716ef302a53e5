import {
  ArrowDown,
  ArrowUp,
  Bell,
  BellRing,
  Bot,
  Circle,
  CircleDot,
  ClipboardList,
  ContactRound,
  CornerDownLeft,
  FileCheck2,
  Flag,
  Gauge,
  History,
  Inbox,
  Keyboard,
  Layers,
  ListChecks,
  ListTree,
  LogOut,
  Mail,
  MessageSquareHeart,
  Moon,
  PanelRight,
  ScrollText,
  Search,
  Settings,
  Settings2,
  Star,
  SquareCheck,
  Sun,
  Tag,
  Tags,
  UserRound,
  UserRoundCheck,
  UsersRound,
  Waypoints,
  Workflow,
  X,
  MessageSquareText,
  WandSparkles,
} from "lucide-react";
import type { CustomStatus, View } from "@rapport/core/api/types";
import { YES } from "@rapport/core/command";
import { statusNames, viewNames } from "@rapport/core/format";
import { administers, supervises } from "@rapport/core/permission";
import { t } from "@rapport/i18n";
import { settingsCommands } from "@/features/settings/commands";
import { conversationCommands } from "@/features/conversations/commands";
import { outboundCommands } from "@/features/outbound/commands";
import type { DeskCommand, DeskContext } from "@/lib/command";
import { desk, openDialog } from "@/lib/desk-state";
import { clearSelection, isEmpty, selectAll, selection, toggle } from "@/lib/selection";
import { chooseStatus, statuses } from "@/lib/status-choices";
import { setTheme } from "@/lib/theme";

const views: [View, string, DeskCommand["icon"]][] = [
  ["mine", "g m", UserRound],
  ["unassigned", "g u", Inbox],
  ["all", "g a", Layers],
  ["chatbots", "g c", Bot],
  ["history", "g h", History],
];

const supervisor = ({ me }: DeskContext) => supervises(me.role);
const admin = ({ me }: DeskContext) => administers(me.role);

/** Pages beside the conversations, in the order of the navigation. */
export const pages: { path: string; label: string; icon: DeskCommand["icon"]; keys?: string; shown: (context: DeskContext) => boolean }[] = [
  { path: "/customers", label: t("Customers"), icon: ContactRound, keys: "g k", shown: () => true },
  { path: "/canned-responses", label: t("Canned responses"), icon: MessageSquareText, shown: () => true },
  { path: "/board", label: t("Board"), icon: Gauge, keys: "g b", shown: supervisor },
  { path: "/satisfaction", label: t("Satisfaction"), icon: Star, shown: supervisor },
  { path: "/macros", label: t("Macros"), icon: WandSparkles, shown: supervisor },
  { path: "/tags", label: t("Tags"), icon: Tag, shown: supervisor },
  { path: "/statuses", label: t("Statuses"), icon: CircleDot, shown: supervisor },
  { path: "/admin/sticky-agents", label: t("Sticky agents"), icon: UserRoundCheck, keys: "g s", shown: supervisor },
  { path: "/admin/first-steps", label: t("First steps"), icon: ListChecks, shown: (context) => admin(context) && !context.me.preferences.done?.includes("hidden") },
  { path: "/admin/agents", label: t("Agents"), icon: UsersRound, shown: admin },
  { path: "/admin/attributes", label: t("Customer attributes"), icon: Tags, shown: admin },
  { path: "/admin/templates", label: t("Approved templates"), icon: FileCheck2, shown: admin },
  { path: "/admin/forms", label: t("Forms"), icon: ClipboardList, shown: admin },
  { path: "/admin/dispositions", label: t("Dispositions"), icon: Flag, shown: admin },
  { path: "/admin/cards", label: t("Context cards"), icon: PanelRight, shown: admin },
  { path: "/admin/queues", label: t("Queues"), icon: ListTree, shown: admin },
  { path: "/admin/inboxes", label: t("Inboxes"), icon: Waypoints, shown: admin },
  { path: "/admin/bots", label: t("Bots"), icon: Bot, shown: admin },
  { path: "/admin/workflows", label: t("Workflows"), icon: Workflow, keys: "g w", shown: admin },
  { path: "/admin/settings", label: t("Settings"), icon: Settings, shown: admin },
  { path: "/admin/email", label: t("E-mail"), icon: Mail, shown: admin },
  { path: "/admin/feedback", label: t("Feedback"), icon: MessageSquareHeart, shown: admin },
  { path: "/admin/audit", label: t("Audit log"), icon: ScrollText, shown: admin },
];

export function deskCommands(signOut: () => void, customs: readonly CustomStatus[]): DeskCommand[] {
  return [
    ...conversationCommands,
    ...outboundCommands,
    {
      id: "next",
      label: t("Next conversation"),
      group: t("List"),
      keys: ["j"],
      icon: ArrowDown,
      enabled: () => YES,
      perform: ({ go }) => {
        go.move(1);
      },
    },
    {
      id: "previous",
      label: t("Previous conversation"),
      group: t("List"),
      keys: ["k"],
      icon: ArrowUp,
      enabled: () => YES,
      perform: ({ go }) => {
        go.move(-1);
      },
    },
    {
      id: "open",
      label: t("Open conversation"),
      group: t("List"),
      keys: ["o", "Enter"],
      icon: CornerDownLeft,
      enabled: () => YES,
      perform: ({ go }) => {
        const { cursor } = desk.get();
        if (cursor) go.open(cursor);
      },
    },
    {
      id: "select",
      label: t("Select conversation"),
      group: t("List"),
      keys: ["x"],
      icon: SquareCheck,
      enabled: () => YES,
      perform: ({ conversation }) => {
        const id = desk.get().cursor ?? conversation?.id;
        if (id) toggle(id);
      },
    },
    {
      id: "select-all",
      label: t("Select all that match"),
      group: t("List"),
      keys: ["mod+shift+a"],
      icon: SquareCheck,
      enabled: () => YES,
      perform: () => {
        selectAll();
      },
    },
    {
      id: "bulks",
      label: t("Recent bulk actions"),
      group: t("List"),
      icon: History,
      enabled: () => YES,
      perform: () => {
        openDialog("bulks");
      },
    },
    {
      id: "filter",
      label: t("Filter this list"),
      group: t("List"),
      keys: ["/"],
      icon: Search,
      enabled: () => YES,
      perform: () => {
        desk.set({ filter: desk.get().filter + 1 });
      },
    },
    {
      id: "search",
      label: t("Search everywhere"),
      group: t("Help"),
      keys: ["mod+shift+f", "q"],
      icon: Search,
      enabled: () => YES,
      perform: () => {
        openDialog("search");
      },
    },
    {
      id: "back",
      label: t("Back to the list"),
      group: t("List"),
      keys: ["Escape"],
      icon: X,
      enabled: () => YES,
      perform: ({ go }) => {
        if (isEmpty(selection.get())) go.back();
        else clearSelection();
      },
    },
    ...views.map(
      ([view, keys, icon]): DeskCommand => ({
        id: `view-${view}`,
        label: t("Go to {{view}}", { view: viewNames[view] }),
        group: t("Go to"),
        keys: [keys],
        icon,
        enabled: () => YES,
        perform: ({ go }) => {
          go.view(view);
        },
      }),
    ),
    ...pages.map(
      ({ path, label, icon, keys, shown }): DeskCommand => ({
        id: `page-${path}`,
        label: t("Go to {{label}}", { label }),
        group: t("Go to"),
        ...(keys ? { keys: [keys] } : {}),
        icon,
        shown,
        enabled: () => YES,
        perform: ({ go }) => {
          go.page(path);
        },
      }),
    ),
    ...statuses.map(
      (status): DeskCommand => ({
        id: `status-${status}`,
        label: t("Status: {{status}}", { status: statusNames[status] }),
        group: t("Status"),
        icon: Circle,
        shown: ({ me }) => me.agent.status !== status || me.agent.custom_status_id !== undefined,
        enabled: () => YES,
        perform: ({ backend }) => chooseStatus(backend, { status }),
      }),
    ),
    ...customs.map(
      (custom): DeskCommand => ({
        id: `status-${custom.id}`,
        label: t("Status: {{name}}", { name: custom.name }),
        group: t("Status"),
        icon: Circle,
        shown: ({ me }) => me.agent.custom_status_id !== custom.id,
        enabled: () => YES,
        perform: ({ backend }) => chooseStatus(backend, { status: custom.base, custom_status_id: custom.id }),
      }),
    ),
    {
      id: "notifications",
      label: t("Notifications"),
      group: t("Go to"),
      keys: ["g n"],
      icon: Bell,
      enabled: () => YES,
      perform: () => {
        openDialog("notifications");
      },
    },
    {
      id: "palette",
      label: t("Command palette"),
      group: t("Help"),
      keys: ["mod+k"],
      icon: Search,
      enabled: () => YES,
      perform: () => {
        openDialog("palette");
      },
    },
    {
      id: "shortcuts",
      label: t("Keyboard shortcuts"),
      group: t("Help"),
      keys: ["?"],
      icon: Keyboard,
      enabled: () => YES,
      perform: () => {
        openDialog("shortcuts");
      },
    },
    {
      id: "my-settings",
      label: t("My settings"),
      group: t("Go to"),
      keys: ["g ,"],
      icon: Settings2,
      enabled: () => YES,
      perform: ({ go }) => {
        go.page("/settings/me");
      },
    },
    {
      id: "test-notifications",
      label: t("Test notifications"),
      group: t("Help"),
      icon: BellRing,
      enabled: () => YES,
      perform: ({ go }) => {
        go.page("/settings/notifications");
      },
    },
    {
      id: "feedback",
      label: t("Give feedback"),
      group: t("Help"),
      icon: MessageSquareHeart,
      enabled: () => YES,
      perform: () => {
        openDialog("feedback");
      },
    },
    ...settingsCommands(),
    {
      id: "theme-light",
      label: t("Light appearance"),
      group: t("Help"),
      icon: Sun,
      enabled: () => YES,
      perform: () => {
        setTheme("light");
      },
    },
    {
      id: "theme-dark",
      label: t("Dark appearance"),
      group: t("Help"),
      icon: Moon,
      enabled: () => YES,
      perform: () => {
        setTheme("dark");
      },
    },
    {
      id: "sign-out",
      label: t("Sign out"),
      group: t("Help"),
      icon: LogOut,
      enabled: () => YES,
      perform: signOut,
    },
  ];
}
