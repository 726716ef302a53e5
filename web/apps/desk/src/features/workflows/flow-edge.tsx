import { BaseEdge, EdgeLabelRenderer, type EdgeProps } from "@xyflow/react";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { t } from "@rapport/i18n";
import { cn } from "@rapport/ui/cn";
import { useBuilder } from "./context";
import type { FlowEdge as FlowEdgeType } from "./graph";
import { middleOf, pathAlong } from "./route";

/** An arrow. Under the pointer it offers to put a step in or to be taken away. */
export function FlowEdge({ id, source, markerEnd, data, selected }: EdgeProps<FlowEdgeType>) {
  const { builder } = useBuilder();
  const [over, setOver] = useState(false);
  const points = data?.points ?? [];
  const middle = middleOf(points);
  const jump = data?.jump ?? false;
  const lit = data?.lit ?? false;
  const offers = (over || selected) && !jump;
  return (
    <g
      onMouseEnter={() => {
        setOver(true);
      }}
      onMouseLeave={() => {
        setOver(false);
      }}
    >
      <BaseEdge
        id={id}
        path={pathAlong(points)}
        {...(markerEnd ? { markerEnd } : {})}
        interactionWidth={24}
        style={{
          stroke: lit || selected ? "var(--color-accent)" : "var(--color-control)",
          strokeWidth: lit ? 2.5 : 1.5,
          opacity: data?.dimmed ? 0.4 : 1,
          ...(jump ? { strokeDasharray: "5 4" } : {}),
        }}
      />
      <EdgeLabelRenderer>
        <div
          className="nodrag nopan absolute flex items-center gap-0.5"
          style={{ transform: `translate(-50%, -50%) translate(${middle.x}px, ${middle.y}px)`, pointerEvents: "all", zIndex: 2 }}
          onMouseEnter={() => {
            setOver(true);
          }}
          onMouseLeave={() => {
            setOver(false);
          }}
        >
          {jump ? <span className="rounded-sm bg-canvas px-1 text-2xs text-ink-muted">{t("jumps back")}</span> : null}
          {offers ? (
            <>
              <EdgeButton
                label={t("Add a step here")}
                onClick={() => {
                  builder.choose({ from: source, output: data?.output ?? "" });
                }}
              >
                <Plus />
              </EdgeButton>
              <EdgeButton
                label={t("Remove this arrow")}
                onClick={() => {
                  builder.disconnect(source, data?.output ?? "");
                }}
              >
                <X />
              </EdgeButton>
            </>
          ) : null}
        </div>
      </EdgeLabelRenderer>
    </g>
  );
}

function EdgeButton({ label, onClick, children }: { label: string; onClick: () => void; children: React.ReactNode }) {
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={label}
      title={label}
      onClick={onClick}
      className={cn(
        "inline-flex size-5 items-center justify-center rounded-full border border-line-strong bg-surface text-ink-muted hover:border-accent hover:bg-accent hover:text-accent-ink [&_svg]:size-3",
      )}
    >
      {children}
    </button>
  );
}
