import type { WorkflowLine } from "@rapport/core/workflow/types";
import type { Tone } from "@rapport/ui/marks";

/** What a workflow is right now, in a few words. */
export function stateOf(workflow: Pick<WorkflowLine, "enabled" | "published" | "draft_differs">): { label: string; tone: Tone; also?: string } {
  if (workflow.published === 0) return { label: "Draft only", tone: "neutral" };
  const also = workflow.draft_differs ? { also: "Unpublished changes" } : {};
  if (!workflow.enabled) return { label: "Off", tone: "neutral", ...also };
  return { label: `Live, version ${workflow.published}`, tone: "positive", ...also };
}
