import type { State } from "@rapport/core/api/types";
import type { ComposerMode } from "@rapport/thread/composer";
import { createStore } from "./store";

/** What is open on the screen, beside what the address says. */
export interface DeskState {
  dialog: "palette" | "shortcuts" | "transfer" | "close" | "release" | "why" | "menu" | "handoff" | "give-bot" | "notifications" | "snooze" | "ask" | "feedback" | "search" | "new-conversation" | "merge" | "macros" | "lacking" | "bulks" | undefined;
  mode: ComposerMode;
  /** Grows each time that the composer is asked to take the focus. */
  compose: number;
  /** Grows each time that the list's filter is asked to take the focus. */
  filter: number;
  /** The row that j and k have reached. */
  cursor: string | undefined;
  /** The conversations of the list in the order shown. */
  order: string[];
  /** Whether a text narrows the list to some of what is loaded; then `order` is all that it shows. */
  narrowed: boolean;
  details: boolean;
  /** The state that a conversation should get once what is lacking is noted. */
  ending: State | undefined;
  /** The item that a conversation is to show; a new object for each wish. */
  jump: { conversation: string; seq: number } | undefined;
  /** Whether one looks for something in the open conversation. */
  finding: boolean;
}

const WIDE = 1200;

export const desk = createStore<DeskState>({
  dialog: undefined,
  mode: "reply",
  compose: 0,
  filter: 0,
  cursor: undefined,
  order: [],
  narrowed: false,
  ending: undefined,
  jump: undefined,
  finding: false,
  details: typeof window !== "undefined" && window.innerWidth >= WIDE,
});

export function openDialog(dialog: DeskState["dialog"]): void {
  desk.set({ dialog });
}

export function closeDialog(): void {
  desk.set({ dialog: undefined });
}
