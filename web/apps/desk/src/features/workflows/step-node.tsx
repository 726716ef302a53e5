import { Handle, type NodeProps, Position as Side } from "@xyflow/react";
import { Plus, TriangleAlert } from "lucide-react";
import { createElement, memo } from "react";
import { TRIGGER } from "@rapport/core/workflow/edit";
import { t } from "@rapport/i18n";
import { cn } from "@rapport/ui/cn";
import { Tip } from "@rapport/ui/tip";
import { useBuilder } from "./context";
import type { StepNode as StepNodeType } from "./graph";
import { groundOf, iconOf, triggerIconOf } from "./icons";

/** The box with a picture of what a step does, in the colour of its group. */
export function StepIcon({ kind, group, className }: { kind: string; group: string; className?: string }) {
  const trigger = group === "trigger";
  return (
    <span
      aria-hidden
      className={cn(
        "inline-flex size-7 shrink-0 items-center justify-center rounded-md [&_svg]:size-4",
        trigger ? "bg-accent text-accent-ink" : cn(groundOf(group), "text-avatar-ink"),
        className,
      )}
    >
      {createElement(trigger ? triggerIconOf(kind) : iconOf(kind))}
    </span>
  );
}

/** A step on the canvas: what it is, what it does in a line, and its ways out. */
export const StepNode = memo(function StepNode({ id, data, selected }: NodeProps<StepNodeType>) {
  const { builder } = useBuilder();
  const { outputs, problems } = data;
  return (
    <div
      className={cn(
        "relative flex h-full flex-col rounded-lg border bg-surface text-start transition-[opacity,border-color]",
        selected ? "border-accent ring-2 ring-accent/30" : problems.length > 0 ? "border-danger" : "border-line-strong hover:border-control",
        data.visited > 0 && !selected && "border-accent",
        data.dimmed && "opacity-55",
      )}
    >
      {id === TRIGGER ? null : <Handle type="target" position={Side.Top} className="!size-2.5 !rounded-full !border-2 !border-surface !bg-control" />}
      <div className="flex min-h-0 flex-1 items-center gap-2.5 overflow-hidden px-2.5">
        <StepIcon kind={data.kind} group={data.group} />
        <div className="min-w-0 flex-1">
          <p className="flex items-center gap-1.5">
            <span className="min-w-0 flex-1 truncate text-sm font-semibold">{data.title}</span>
            {problems.length > 0 ? (
              <Tip text={problems.join(" ")} side="top">
                <span className="inline-flex">
                  <TriangleAlert aria-hidden className="size-3.5 text-danger" />
                </span>
              </Tip>
            ) : null}
            {data.visited > 0 && id !== TRIGGER ? (
              <span aria-hidden className="inline-flex size-4 items-center justify-center rounded-full bg-accent text-2xs font-semibold text-accent-ink">
                {data.visited}
              </span>
            ) : null}
          </p>
          <p className="line-clamp-2 text-xs text-ink-muted">{data.summary}</p>
        </div>
      </div>
      {data.named ? (
        <div className="grid h-6.5 shrink-0 border-t border-line" style={{ gridTemplateColumns: `repeat(${outputs.length}, minmax(0, 1fr))` }}>
          {outputs.map((output, n) => (
            <span
              key={output.name}
              className={cn("flex items-center justify-center truncate px-1 text-2xs font-medium text-ink-muted", n > 0 && "border-s border-line")}
            >
              <span className="truncate">{output.label}</span>
            </span>
          ))}
        </div>
      ) : null}
      {data.active > 0 ? (
        <Tip text={t("{{count}} running conversations are here", { count: data.active })} side="right">
          <span className="absolute -top-2.5 end-3 inline-flex h-5 min-w-5 items-center justify-center gap-1 rounded-full bg-positive px-1.5 text-2xs font-semibold text-surface tabular-nums">
            <span className="size-1.5 animate-pulse rounded-full bg-surface" />
            {data.active}
          </span>
        </Tip>
      ) : null}
      {outputs.map((output, n) => {
        const free = output.to === "";
        return (
          <Handle
            key={output.name}
            type="source"
            id={output.name}
            position={Side.Bottom}
            style={{ left: `${((n + 0.5) / outputs.length) * 100}%`, ...(free ? { bottom: -14 } : {}) }}
            title={free ? t("Add a step after {{title}}", { title: data.named ? `${data.title}, ${output.label}` : data.title }) : undefined}
            onClick={
              free
                ? (event) => {
                    event.stopPropagation();
                    builder.choose({ from: id, output: output.name });
                  }
                : undefined
            }
            className={cn(
              "!flex !items-center !justify-center !rounded-full",
              free
                ? "!size-5 !border !border-accent !bg-surface !text-accent hover:!bg-accent hover:!text-accent-ink"
                : "!size-2.5 !border-2 !border-surface !bg-control",
            )}
          >
            {free ? <Plus aria-hidden className="pointer-events-none size-3" /> : null}
          </Handle>
        );
      })}
    </div>
  );
});
