import { ThumbsDown, ThumbsUp } from "lucide-react";
import { t } from "@rapport/i18n";

/** A customer's answer as stars or a thumb. */
export function Score({ score, scale }: { score: number; scale: "stars" | "thumbs" }) {
  if (scale === "thumbs") {
    const Icon = score > 1 ? ThumbsUp : ThumbsDown;
    return <Icon role="img" aria-label={score > 1 ? t("Satisfied") : t("Not satisfied")} className="size-4 text-accent" />;
  }
  return (
    <span role="img" aria-label={t("{{score}} of 5 stars", { score })} className="tracking-wide text-accent">
      {"★".repeat(score)}
      <span className="text-ink-faint">{"☆".repeat(Math.max(0, 5 - score))}</span>
    </span>
  );
}
