import { Plus, TriangleAlert } from "lucide-react";
import { linksOf, ON_ERROR, ordered, outputsOf, stepOf, TRIGGER } from "@rapport/core/workflow/edit";
import { kindOf, summaryOf, titleOf, triggerText } from "@rapport/core/workflow/words";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { Badge } from "@rapport/ui/marks";
import { useBuilder, useDefinition, useDraftState } from "./context";
import { StepIcon } from "./step-node";

/** The steps one below the other, where there is no room for a canvas. Each opens its panel. */
export function StepList({ counts }: { counts: Map<string, number> }) {
  const { builder, vocabulary, names } = useBuilder();
  const definition = useDefinition();
  const problems = useDraftState((state) => state.problems);
  const path = useDraftState((state) => state.path);
  const links = linksOf(definition);
  const lines = ordered(definition);
  const number = new Map(lines.map(({ step }, n) => [step.id, n + 1]));
  const trigger = vocabulary.triggers.find((one) => one.kind === definition.trigger.kind);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto bg-canvas px-3 py-3">
      <ol aria-label={t("Steps")} className="grid gap-2">
        <Line
          id={TRIGGER}
          icon={<StepIcon kind={definition.trigger.kind} group="trigger" />}
          title={trigger?.label ?? t("Choose a trigger")}
          summary={triggerText(vocabulary, definition.trigger, names)}
          problem={problems.find((one) => one.step === TRIGGER)?.message}
          lit={path.length > 0}
          active={0}
        />
        {lines.map(({ step, reached }) => {
          const outputs = outputsOf(vocabulary, step);
          const ways = links.filter((link) => link.from === step.id);
          const kind = kindOf(vocabulary, step);
          return (
            <Line
              key={step.id}
              id={step.id}
              number={number.get(step.id)}
              icon={<StepIcon kind={step.kind} group={kind?.group ?? ""} />}
              title={titleOf(vocabulary, step)}
              summary={summaryOf(vocabulary, step, names) || (kind?.help ?? "")}
              problem={problems.find((one) => one.step === step.id)?.message}
              note={reached ? undefined : t("No arrow leads here.")}
              lit={path.some((one) => one.step === step.id)}
              active={counts.get(step.id) ?? 0}
              ways={ways.map((way) => ({
                label: way.output === ON_ERROR ? t("On failure") : outputs.length > 1 ? (outputs.find((one) => one.name === way.output)?.label ?? way.output) : t("Then"),
                to: stepOf(definition, way.to) ? `${number.get(way.to) ?? "?"}. ${titleOf(vocabulary, stepOf(definition, way.to) ?? step)}` : t("the end"),
              }))}
            />
          );
        })}
      </ol>
      <Button
        className="mt-3 w-full"
        onClick={() => {
          builder.addAfter(builder.selected ?? lines.findLast((line) => line.reached)?.step.id ?? TRIGGER);
        }}
      >
        <Plus aria-hidden />
        {t("Add a step")}
      </Button>
    </div>
  );
}

function Line({
  id,
  number,
  icon,
  title,
  summary,
  problem,
  note,
  lit,
  active,
  ways = [],
}: {
  id: string;
  number?: number | undefined;
  icon: React.ReactNode;
  title: string;
  summary: string;
  problem: string | undefined;
  note?: string | undefined;
  lit: boolean;
  active: number;
  ways?: { label: string; to: string }[];
}) {
  const { builder } = useBuilder();
  return (
    <li>
      <button
        type="button"
        onClick={() => {
          builder.draft.select([id], true);
        }}
        className={cn("flex w-full items-start gap-2.5 rounded-lg border bg-surface px-3 py-2.5 text-start", problem ? "border-danger" : lit ? "border-accent" : "border-line")}
      >
        {icon}
        <span className="grid min-w-0 flex-1 gap-0.5">
          <span className="flex items-center gap-2 text-sm font-semibold">
            <span className="min-w-0 flex-1">
              {number === undefined ? "" : `${number}. `}
              {title}
            </span>
            {active > 0 ? <Badge tone="positive">{t("{{active}} here", { active })}</Badge> : null}
          </span>
          <span className="text-sm text-ink-muted">{summary}</span>
          {ways.map((way) => (
            <span key={way.label} className="text-xs text-ink-muted">
              <span className="font-medium">{way.label}</span> → {way.to}
            </span>
          ))}
          {note ? <span className="text-xs text-warning">{note}</span> : null}
          {problem ? (
            <span className="flex items-start gap-1.5 text-xs text-danger">
              <TriangleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
              {problem}
            </span>
          ) : null}
        </span>
      </button>
    </li>
  );
}
