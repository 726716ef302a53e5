import { MessageSquarePlus } from "lucide-react";
import { YES } from "@rapport/core/command";
import { t } from "@rapport/i18n";
import type { DeskCommand } from "@/lib/command";
import { openDialog } from "@/lib/desk-state";

export const outboundCommands: DeskCommand[] = [
  {
    id: "new-conversation",
    label: t("New conversation"),
    group: t("List"),
    keys: ["+"],
    icon: MessageSquarePlus,
    enabled: () => YES,
    perform: () => {
      openDialog("new-conversation");
    },
  },
];
