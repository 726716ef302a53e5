import type { WorkflowLine } from "@rapport/core/workflow/types";
import { t } from "@rapport/i18n";
import type { Tone } from "@rapport/ui/marks";

/** What a workflow is right now, in a few words. */
export function stateOf(workflow: Pick<WorkflowLine, "enabled" | "published" | "draft_differs">): { label: string; tone: Tone; also?: string } {
  if (workflow.published === 0) return { label: t("Draft only"), tone: "neutral" };
  const also = workflow.draft_differs ? { also: t("Unpublished changes") } : {};
  if (!workflow.enabled) return { label: t("Off"), tone: "neutral", ...also };
  return { label: t("Live, version {{published}}", { published: workflow.published }), tone: "positive", ...also };
}
