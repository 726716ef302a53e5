import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { InboxView } from "@rapport/core/api/types";
import { t } from "@rapport/i18n";
import { cn } from "@rapport/ui/cn";

/** The option of a web chat that lists the websites which may show it; without one, only the server's own pages do. */
export const WEBSITES = "origins";

/** Whether an inbox is a web chat that no website shows. */
export function isShownNowhere({ channel, enabled, options }: InboxView): boolean {
  const websites = options[WEBSITES];
  return channel === "web" && enabled && !(Array.isArray(websites) && websites.length > 0);
}

/** Says so, and what to do; `children` is how. */
export function NoWebsite({ className, children }: { className?: string; children?: ReactNode }) {
  return (
    <p className={cn("flex items-start gap-2 text-sm", className)}>
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warning" />
      <span>
        {t("Shown on no website yet: add its address.")} {children}
      </span>
    </p>
  );
}
