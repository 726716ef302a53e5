import { useQuery } from "@tanstack/react-query";
import { t } from "@rapport/i18n";
import { Checkbox, Toggle } from "@rapport/ui/field";
import { useBackend } from "./backend";
import { queries } from "./queries";

/** For the members of which queues something is; none chosen is all. */
export function QueuesField({ legend, help, value, onChange }: { legend: string; help: string; value: string[]; onChange: (value: string[]) => void }) {
  const { api } = useBackend();
  const queues = useQuery(queries.queues(api)).data?.items ?? [];
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1 text-sm font-medium">{legend}</legend>
      <div className="grid max-h-40 gap-1.5 overflow-y-auto sm:grid-cols-2">
        {queues.map((queue) => (
          <Toggle key={queue.id} label={queue.name}>
            <Checkbox
              checked={value.includes(queue.id)}
              onCheckedChange={(on) => {
                onChange(on === true ? [...value, queue.id] : value.filter((one) => one !== queue.id));
              }}
            />
          </Toggle>
        ))}
      </div>
      <p className="text-xs text-ink-muted">{help}</p>
    </fieldset>
  );
}

export function useQueueNames(): (ids: string[] | undefined) => string {
  const { api } = useBackend();
  const queues = useQuery(queries.queues(api)).data?.items ?? [];
  return (ids) => (ids?.length ? ids.map((id) => queues.find((queue) => queue.id === id)?.name ?? "?").join(", ") : t("All queues"));
}
