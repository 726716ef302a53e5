import type { LucideIcon } from "lucide-react";
import type { BotRef } from "@rapport/core/api/bots";
import type { ConversationView, Me, View } from "@rapport/core/api/types";
import type { Command } from "@rapport/core/command";
import type { Backend } from "./backend";

/** Where commands can take the person. */
export interface Go {
  view: (view: View) => void;
  open: (conversationId: string) => void;
  page: (path: string) => void;
  back: () => void;
  /** Moves the cursor of the list. */
  move: (step: 1 | -1) => void;
}

/** What a command of the desk sees. */
export interface DeskContext {
  me: Me;
  backend: Backend;
  conversation: ConversationView | undefined;
  /** Bots that are switched on. */
  bots: BotRef[];
  go: Go;
}

export type DeskCommand = Command<DeskContext, LucideIcon>;
