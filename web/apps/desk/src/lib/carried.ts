import type { Limits, Location } from "@rapport/core/api/types";
import { fileProblem, placeProblem, type Purpose } from "@rapport/core/limits";
import type { WritingExtra } from "@rapport/core/outbox";
import type { Uploading, Uploads } from "@rapport/core/uploads";
import type { TemplateUse } from "@rapport/core/api/texts";
import { t } from "@rapport/i18n";
import { drafts } from "./drafts";
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

/** By conversation: the approved template that was chosen for the next reply. */
export const templateUses = createStore<{ of: Record<string, TemplateUse | undefined> }>({ of: {} });

export function setTemplate(conversation: string, use: TemplateUse | undefined): void {
  templateUses.set({ of: { ...templateUses.get().of, [conversation]: use } });
}

/** By conversation: the inbox that a macro wants the next reply to be sent from (S3-46). */
export const wantedSenders = createStore<{ of: Record<string, string | undefined> }>({ of: {} });

export function wantSender(conversation: string, inbox: string | undefined): void {
  wantedSenders.set({ of: { ...wantedSenders.get().of, [conversation]: inbox } });
}

/** Hands over what the writing carries and forgets it. */
export function takeCarried(uploads: Uploads, scope: string): WritingExtra {
  const files = uploads.take(scope);
  const location = places.get().of[scope];
  setPlace(scope, undefined);
  return { ...(files.length > 0 ? { files } : {}), ...(location ? { location } : {}) };
}

/** Lets what a writing carries go along with the reply that is being written in a conversation. */
export function moveCarried(uploads: Uploads, scope: string, conversation: string): void {
  const done = uploads.all().flatMap((one) => (one.scope === scope && one.file ? [one.file] : []));
  const location = places.get().of[scope];
  const held = drafts.carried(conversation, "message");
  drafts.carry(conversation, "message", { ...held, files: [...(held.files ?? []), ...done], ...(location ? { location } : {}) });
  uploads.move(scope, scopeOf(conversation, "message"));
  if (location) setPlace(scopeOf(conversation, "message"), location);
  setPlace(scope, undefined);
}

/** Takes back what a writing carried that did not go. */
export function putBackCarried(uploads: Uploads, scope: string, extra: WritingExtra | undefined): void {
  if (extra?.files) uploads.putBack(scope, extra.files);
  if (extra?.location) setPlace(scope, extra.location);
  const [conversation = ""] = scope.split("/");
  if (extra?.template) setTemplate(conversation, extra.template);
}

/** What goes along, and what of it cannot. */
export interface Fitted {
  files: Uploading[];
  place?: Location | undefined;
  /** Why the place cannot go along. */
  unplaced?: string | undefined;
}

/** Files and place as a way takes them: they were checked for the way that was chosen then, which may be another one now. */
export function fitted(limits: Limits | undefined, purpose: Purpose, files: readonly Uploading[], place?: Location): Fitted {
  if (!limits) return { files: [...files], place };
  const fit = (one: Uploading): Uploading => {
    const error = one.state === "refused" ? undefined : fileProblem(limits, purpose, "desk", one.name, one.size);
    return error ? { ...one, state: "refused", error } : one;
  };
  return { files: files.map(fit), place, unplaced: place && placeProblem(limits, purpose) };
}

/** Why the writing cannot be sent as it is. */
export function whyNot({ files, unplaced }: Fitted, most: number, left: number): string | undefined {
  if (files.some((one) => one.state === "refused")) return t("Remove the files that cannot be sent.");
  if (files.some((one) => one.state === "failed")) return t("Some files did not arrive. Try again, or remove them.");
  if (files.some((one) => one.state !== "done")) return t("Wait until the files are uploaded, or remove them.");
  if (unplaced) return t("Remove the place, which cannot be sent.");
  if (files.length > most) return t("One message carries {{count}} files here. Remove some.", { count: most });
  if (left < 0) return t("The text is {{count}} characters too long for this channel.", { count: -left });
  return undefined;
}
