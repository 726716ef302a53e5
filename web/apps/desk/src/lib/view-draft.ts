import type { SavedView, ViewInput } from "@rapport/core/api/views";
import { createStore } from "./store";

/** A view that is about to be saved: a new one, or one that exists. */
export type ViewDraft = Omit<ViewInput, "name" | "shared" | "queues"> & Partial<Pick<SavedView, "id" | "name" | "shared" | "queues">>;

export const viewDraft = createStore<{ draft: ViewDraft | undefined }>({ draft: undefined });

export function editView(draft: ViewDraft | undefined): void {
  viewDraft.set({ draft });
}
