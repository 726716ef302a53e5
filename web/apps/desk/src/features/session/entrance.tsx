import { MessagesSquare } from "lucide-react";
import type { ReactNode } from "react";
import { t } from "@rapport/i18n";

/** The frame of every screen before one is signed in. */
export function Entrance({ title, lead, children }: { title: string; lead?: ReactNode; children?: ReactNode }) {
  return (
    <main className="flex h-full items-start justify-center overflow-y-auto bg-canvas px-4 py-[12dvh]">
      <div className="w-full max-w-sm">
        <p className="mb-6 flex items-center gap-2 text-lg font-semibold">
          <span aria-hidden className="inline-flex size-8 items-center justify-center rounded-lg bg-accent text-accent-ink">
            <MessagesSquare className="size-4.5" />
          </span>
          {t("Rapport")}
        </p>
        <div className="rounded-xl border border-line bg-surface p-6">
          <h1 className="text-xl font-semibold">{title}</h1>
          {lead ? <div className="mt-1 text-sm text-ink-muted">{lead}</div> : null}
          {children ? <div className="mt-5">{children}</div> : null}
        </div>
      </div>
    </main>
  );
}
