import { Minus, Pencil, Plus } from "lucide-react";
import type { Difference } from "@rapport/core/workflow/diff";
import { t } from "@rapport/i18n";
import { cn } from "@rapport/ui/cn";

const marks = {
  added: { icon: Plus, className: "bg-positive-soft text-positive", word: t("Added") },
  removed: { icon: Minus, className: "bg-danger-soft text-danger", word: t("Removed") },
  changed: { icon: Pencil, className: "bg-warning-soft text-warning", word: t("Changed") },
};

/** Differences of two definitions in words. */
export function DiffList({ differences, none = t("Nothing that a run would notice.") }: { differences: Difference[]; none?: string }) {
  if (differences.length === 0) return <p className="text-sm text-ink-muted">{none}</p>;
  return (
    <ul aria-label={t("Changes")} className="grid gap-2">
      {differences.map((one, n) => {
        const { icon: Icon, className, word } = marks[one.kind];
        return (
          <li key={n} className="flex items-start gap-2.5">
            <span className={cn("mt-px inline-flex size-5 shrink-0 items-center justify-center rounded-sm", className)}>
              <Icon role="img" aria-label={word} className="size-3" />
            </span>
            <div className="min-w-0 text-sm">
              <p className="break-words">{one.title}</p>
              {one.details.map((detail) => (
                <p key={detail} className="text-xs break-words text-ink-muted">
                  {detail}
                </p>
              ))}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
