import { type ComponentType, useState } from "react";
import type { ConversationView } from "@rapport/core/api/types";
import { columnChoices } from "@/features/conversations/list-table";
import { SearchDialog } from "@/features/search/search-dialog";
import { desk, type DeskState } from "@/lib/desk-state";
import { later } from "@/lib/later";
import { useStore } from "@/lib/store";
import { viewDraft } from "@/lib/view-draft";
import { CommandPalette } from "./palette";

const ShortcutSheet = later(() => import("./shortcut-sheet").then((part) => part.ShortcutSheet));
const NewConversation = later(() => import("@/features/outbound/new-dialog").then((part) => part.NewConversation));
const FeedbackDialog = later(() => import("@/features/feedback/feedback-dialog").then((part) => part.FeedbackDialog));
const NotificationPanel = later(() => import("@/features/notifications/panel").then((part) => part.NotificationPanel));
const SaveViewDialog = later(() => import("@/features/views/save-dialog").then((part) => part.SaveViewDialog));
const AskDialog = later(() => import("@/features/conversations/ask-dialog").then((part) => part.AskDialog));

/**
 * The dialogs that any page may open. Each comes when it is wanted for the first
 * time, but for those that one types into at once: what is typed must not be lost.
 */
export function RareDialogs({ about }: { about: ConversationView | undefined }) {
  const asking = useStore(desk, (state) => state.dialog === "ask");
  const notifying = useStore(desk, (state) => state.dialog === "notifications");
  const { draft } = useStore(viewDraft, (state) => state);
  return (
    <>
      <Rare name="palette" dialog={CommandPalette} />
      <Rare name="search" dialog={SearchDialog} />
      <Rare name="shortcuts" dialog={ShortcutSheet} />
      <Rare name="new-conversation" dialog={NewConversation} />
      <Rare name="feedback" dialog={FeedbackDialog} />
      {notifying ? <NotificationPanel open={about?.id} /> : null}
      {draft ? <SaveViewDialog key={draft.id ?? "new"} draft={draft} columns={columnChoices} /> : null}
      {asking ? <AskDialog about={about} /> : null}
    </>
  );
}

function Rare({ name, dialog: Dialog }: { name: DeskState["dialog"]; dialog: ComponentType }) {
  const open = useStore(desk, (state) => state.dialog === name);
  const [wanted, setWanted] = useState(open);
  if (open && !wanted) setWanted(true);
  return wanted ? <Dialog /> : null;
}
