import type { Location } from "@rapport/core/api/types";
import type { WritingExtra } from "@rapport/core/outbox";
import type { Uploads } from "@rapport/core/uploads";
import { createStore } from "./store";

// What a writing will carry besides its text, until it is sent: files are with the
// uploads, the place is here. Both go by conversation and kind of writing.

export const places = createStore<{ of: Record<string, Location | undefined> }>({ of: {} });

export function scopeOf(conversation: string, kind: "message" | "note"): string {
  return `${conversation}/${kind}`;
}

export function setPlace(scope: string, place: Location | undefined): void {
  places.set({ of: { ...places.get().of, [scope]: place } });
}

/** Hands over what the writing carries and forgets it. */
export function takeCarried(uploads: Uploads, scope: string): WritingExtra {
  const files = uploads.take(scope);
  const location = places.get().of[scope];
  setPlace(scope, undefined);
  return { ...(files.length > 0 ? { files } : {}), ...(location ? { location } : {}) };
}

/** Takes back what a writing carried that did not go. */
export function putBackCarried(uploads: Uploads, scope: string, extra: WritingExtra | undefined): void {
  if (extra?.files) uploads.putBack(scope, extra.files);
  if (extra?.location) setPlace(scope, extra.location);
}
