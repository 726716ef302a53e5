import { CircleCheck, TriangleAlert } from "lucide-react";
import { stepOf, TRIGGER } from "@rapport/core/workflow/edit";
import type { FlowProblem } from "@rapport/core/workflow/types";
import { titleOf } from "@rapport/core/workflow/words";
import { t } from "@rapport/i18n";
import { useBuilder, useDefinition, useDraftState } from "./context";
import { SidePanel } from "./step-panel";

/** What the server finds wrong with the draft; each line leads to its step. */
export function ProblemList({ problems, onGo }: { problems: FlowProblem[]; onGo?: () => void }) {
  const { builder, vocabulary } = useBuilder();
  const definition = useDefinition();
  return (
    <ul aria-label={t("Problems")} className="grid gap-1.5">
      {problems.map((problem, n) => {
        const step = problem.step ? stepOf(definition, problem.step) : undefined;
        const where = step ? titleOf(vocabulary, step) : problem.step === TRIGGER ? t("Trigger") : t("Workflow");
        return (
          <li key={n}>
            <button
              type="button"
              onClick={() => {
                onGo?.();
                builder.open(step ? step.id : TRIGGER);
              }}
              className="flex w-full items-start gap-2.5 rounded-md border border-line px-2.5 py-2 text-start hover:border-control hover:bg-hover"
            >
              <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0 text-danger" />
              <span className="grid min-w-0">
                <span className="text-sm font-medium">{where}</span>
                <span className="text-sm text-ink-muted">{problem.message}</span>
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

export function ProblemsPanel() {
  const { builder } = useBuilder();
  const problems = useDraftState((state) => state.problems);
  return (
    <SidePanel
      title={t("Problems")}
      onClose={() => {
        builder.draft.show(undefined);
      }}
    >
      {problems.length === 0 ? (
        <p className="flex items-center gap-2 text-sm">
          <CircleCheck aria-hidden className="size-4 text-positive" />
          {t("Nothing is wrong. The draft can be published.")}
        </p>
      ) : (
        <ProblemList problems={problems} />
      )}
    </SidePanel>
  );
}
