import type { KeyboardEvent } from "react";
import { nextBlank } from "@rapport/core/texts";

/** Tab goes through the fields of a text that are still open, and back with Shift (S3-45). Tells whether there was one. */
export function goToBlank(event: KeyboardEvent<HTMLTextAreaElement>, text: string): boolean {
  if (event.key !== "Tab" || event.ctrlKey || event.altKey || event.metaKey) return false;
  const { selectionStart: from, selectionEnd: to } = event.currentTarget;
  const next = nextBlank(text, { from, to }, event.shiftKey ? -1 : 1);
  if (next) event.currentTarget.setSelectionRange(next.from, next.to);
  return next !== undefined;
}
