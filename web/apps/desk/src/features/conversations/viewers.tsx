import { Eye } from "lucide-react";
import { t } from "@rapport/i18n";
import { useBackend } from "@/lib/backend";
import { useStore } from "@/lib/store";

/** Colleagues who have a conversation open right now. */
export function ViewersLine({ id }: { id: string }) {
  const { live } = useBackend();
  const viewers = useStore(live, (value) => value.viewers[id]);
  if (!viewers) return null;
  const names = viewers.map((one) => one.name).join(", ");
  return (
    <p role="status" className="flex items-center gap-1.5 border-t border-line px-4 py-1 text-xs text-ink-muted">
      <Eye aria-hidden className="size-3.5 shrink-0" />
      <span className="truncate">{viewers.length > 1 ? t("{{names}} are viewing this", { names }) : t("{{names}} is viewing this", { names })}</span>
    </p>
  );
}

/** The same in a row of the list. */
export function ViewersMark({ id }: { id: string }) {
  const { live } = useBackend();
  const viewers = useStore(live, (value) => value.viewers[id]);
  if (!viewers) return null;
  const names = viewers.map((one) => one.name).join(", ");
  return <Eye aria-label={t("Being viewed by {{names}}", { names })} className="size-3 shrink-0 text-ink-muted" />;
}
