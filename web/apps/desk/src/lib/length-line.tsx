import type { Length } from "@rapport/core/limits";
import { t } from "@rapport/i18n";
import { cn } from "@rapport/ui/cn";

/** How a text fits; shown once it matters: near the limit, or wherever parts are billed. */
export function LengthLine({ length, className }: { length: Length; className?: string }) {
  const { used, most, left, parts } = length;
  if (used === 0 || (!parts && left > most * 0.1)) return null;
  const words = [
    left < 0 ? t("{{count}} characters too many", { count: -left }) : t("{{count}} characters left", { count: left }),
    ...(parts ? [t("{{count}} text messages are billed", { count: parts.segments })] : []),
    ...(parts?.unicode ? [t("special characters: 70 instead of 160 per message")] : []),
  ];
  return (
    <p role="status" className={cn("text-2xs tabular-nums", left < 0 ? "font-medium text-danger" : "text-ink-muted", className)}>
      {words.join(" · ")}
    </p>
  );
}
