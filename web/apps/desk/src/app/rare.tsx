import { type ComponentType, lazy, Suspense, useState } from "react";
import type { ConversationView } from "@rapport/core/api/types";
import { desk, type DeskState } from "@/lib/desk-state";
import { useStore } from "@/lib/store";

const CommandPalette = lazy(() => import("./palette").then((part) => ({ default: part.CommandPalette })));
const SearchDialog = lazy(() => import("@/features/search/search-dialog").then((part) => ({ default: part.SearchDialog })));
const ShortcutSheet = lazy(() => import("./shortcut-sheet").then((part) => ({ default: part.ShortcutSheet })));
const NewConversation = lazy(() => import("@/features/outbound/new-dialog").then((part) => ({ default: part.NewConversation })));
const FeedbackDialog = lazy(() => import("@/features/feedback/feedback-dialog").then((part) => ({ default: part.FeedbackDialog })));
const AskDialog = lazy(() => import("@/features/conversations/ask-dialog").then((part) => ({ default: part.AskDialog })));

/** The dialogs that any page may open. Each comes when it is wanted for the first time. */
export function RareDialogs({ about }: { about: ConversationView | undefined }) {
  const asking = useStore(desk, (state) => state.dialog === "ask");
  return (
    <Suspense>
      <Rare name="palette" dialog={CommandPalette} />
      <Rare name="search" dialog={SearchDialog} />
      <Rare name="shortcuts" dialog={ShortcutSheet} />
      <Rare name="new-conversation" dialog={NewConversation} />
      <Rare name="feedback" dialog={FeedbackDialog} />
      {asking ? <AskDialog about={about} /> : null}
    </Suspense>
  );
}

function Rare({ name, dialog: Dialog }: { name: DeskState["dialog"]; dialog: ComponentType }) {
  const open = useStore(desk, (state) => state.dialog === name);
  const [wanted, setWanted] = useState(open);
  if (open && !wanted) setWanted(true);
  return wanted ? <Dialog /> : null;
}
