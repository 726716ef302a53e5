import { sentenceOf } from "@rapport/core/api/problem";
import { toast } from "@rapport/ui/toast";

/** Tells the person why something did not work. */
export function tell(error: unknown): void {
  toast(sentenceOf(error), { tone: "danger" });
}
