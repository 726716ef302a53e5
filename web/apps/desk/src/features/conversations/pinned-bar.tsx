import { useQuery } from "@tanstack/react-query";
import { Pin, PinOff } from "lucide-react";
import { keys } from "@rapport/core/apply";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { useBackend } from "@/lib/backend";
import { painted } from "@/lib/painted";
import { tell } from "@/lib/tell";

/** Messages and notes that somebody pinned to the top of the thread. */
export function PinnedBar({ id, onJump }: { id: string; onJump: (seq: number) => void }) {
  const { api, client } = useBackend();
  const items = useQuery({ queryKey: keys.pinned(id), queryFn: () => painted().then(() => api.together.pinned(id)) }).data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section aria-label={t("Pinned")} className="max-h-28 shrink-0 overflow-y-auto border-b border-line bg-canvas px-4 py-1">
      <ul className="mx-auto max-w-3xl">
        {items.map((item) => (
          <li key={item.seq} className="flex items-center gap-2 text-sm">
            <Pin aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
            <button
              type="button"
              className="min-w-0 flex-1 truncate rounded-sm py-1 text-start hover:underline"
              onClick={() => {
                onJump(item.seq);
              }}
            >
              <span className="text-ink-muted">{item.author_name}: </span>
              {item.body || item.files?.[0]?.name}
            </button>
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label={t("Take down")}
              onClick={() => {
                api.together
                  .pin(id, item.seq, false)
                  .catch(tell)
                  .finally(() => void client.invalidateQueries({ queryKey: keys.pinned(id) }));
              }}
            >
              <PinOff />
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
