import { ArrowDown, ArrowUp } from "lucide-react";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";

export type Step = 1 | -1;

/** The list with one of its entries a step up or down; as it is where there is no such place. */
export function moved<T>(list: readonly T[], at: number, step: Step): T[] {
  const next = [...list];
  const to = at + step;
  if (at < 0 || at >= list.length || to < 0 || to >= list.length) return next;
  next.splice(to, 0, ...next.splice(at, 1));
  return next;
}

/** Moves an entry of a list up or down. */
export function OrderButtons({ name, at, count, blocked = false, onMove }: { name: string; at: number; count: number; blocked?: boolean; onMove: (step: Step) => void }) {
  return (
    <>
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label={t("Move {{name}} up", { name })}
        disabled={blocked || at <= 0}
        onClick={() => {
          onMove(-1);
        }}
      >
        <ArrowUp />
      </Button>
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label={t("Move {{name}} down", { name })}
        disabled={blocked || at >= count - 1}
        onClick={() => {
          onMove(1);
        }}
      >
        <ArrowDown />
      </Button>
    </>
  );
}
