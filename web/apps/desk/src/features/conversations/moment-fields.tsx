import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { dateTime, fromClock, onClock } from "@rapport/core/format";
import { type Moment, moments } from "@rapport/core/moments";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Field, Input } from "@rapport/ui/field";
import { useBackend } from "@/lib/backend";
import type { Entered } from "@/lib/entered";

/** Sensible times as buttons, and any other in a field. */
export function MomentFields({ id, error, watch, onChoose }: { id: string; error?: string | undefined; watch?: Entered["watch"]; onChoose: (at: string) => void }) {
  const { api } = useBackend();
  const times = useQuery({ queryKey: ["times", id], queryFn: () => api.together.times(id), staleTime: 60_000 });
  const [now] = useState(() => Date.now());
  const [custom, setCustom] = useState(onClock(now + 3_600_000));
  const list: Moment[] = moments(now, times.data?.next_opening);
  return (
    <div className="grid grid-cols-1 gap-3" {...watch}>
      <ul className="grid gap-1">
        {list.map((one, n) => (
          <li key={one.id}>
            <Button
              data-acts
              autoFocus={n === 0}
              variant="ghost"
              className="w-full justify-between"
              onClick={() => {
                onChoose(new Date(one.at).toISOString());
              }}
            >
              <span>{one.label}</span>
              <span className="text-xs text-ink-muted tabular-nums">{dateTime(new Date(one.at).toISOString())}</span>
            </Button>
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap items-end gap-2">
        <Field label={t("Another time")} error={error} className="min-w-56 flex-1">
          <Input
            type="datetime-local"
            value={custom}
            min={onClock(now)}
            onChange={(event) => {
              setCustom(event.target.value);
            }}
          />
        </Field>
        <Button
          data-acts
          disabled={custom === ""}
          onClick={() => {
            onChoose(new Date(fromClock(custom)).toISOString());
          }}
        >
          {t("Choose this time")}
        </Button>
      </div>
    </div>
  );
}
