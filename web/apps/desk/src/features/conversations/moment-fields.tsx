import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Moment, localInput, moments } from "@rapport/core/moments";
import { dateTime } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Field, Input } from "@rapport/ui/field";
import { useBackend } from "@/lib/backend";

/** Sensible times as buttons, and any other in a field. */
export function MomentFields({ id, error, onChoose }: { id: string; error?: string | undefined; onChoose: (at: Date) => void }) {
  const { api } = useBackend();
  const times = useQuery({ queryKey: ["times", id], queryFn: () => api.together.times(id), staleTime: 60_000 });
  const [now] = useState(() => Date.now());
  const [custom, setCustom] = useState(localInput(new Date(now + 3_600_000)));
  const list: Moment[] = moments(now, times.data?.next_opening);
  return (
    <div className="grid gap-3">
      <ul className="grid gap-1">
        {list.map((one, n) => (
          <li key={one.id}>
            <Button
              autoFocus={n === 0}
              variant="ghost"
              className="w-full justify-between"
              onClick={() => {
                onChoose(one.at);
              }}
            >
              <span>{one.label}</span>
              <span className="text-xs text-ink-muted tabular-nums">{dateTime(one.at.toISOString())}</span>
            </Button>
          </li>
        ))}
      </ul>
      <div className="flex items-end gap-2">
        <Field label={t("Another time")} error={error} className="flex-1">
          <Input
            type="datetime-local"
            value={custom}
            min={localInput(new Date(now))}
            onChange={(event) => {
              setCustom(event.target.value);
            }}
          />
        </Field>
        <Button
          disabled={custom === ""}
          onClick={() => {
            onChoose(new Date(custom));
          }}
        >
          {t("Choose this time")}
        </Button>
      </div>
    </div>
  );
}
