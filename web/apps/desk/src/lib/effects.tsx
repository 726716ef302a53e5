import type { Effect, EffectKind } from "@rapport/core/api/texts";
import { priorityNames, stateNames } from "@rapport/core/format";
import type { Priority, State } from "@rapport/core/api/types";
import { t } from "@rapport/i18n";
import { Badge } from "@rapport/ui/marks";

export const effectNames: Record<EffectKind, string> = {
  topic: t("Topic"),
  summary: t("Summary"),
  form: t("Form"),
  fields: t("Field"),
  priority: t("Priority"),
  tags: t("Tags"),
  disposition: t("Disposition"),
  note: t("Internal note"),
  sender: t("Sent from"),
  body: t("Text"),
  queue: t("Queue"),
  assignee: t("Agent"),
  state: t("Status"),
};

function shown(kind: EffectKind, value: string | undefined): string {
  if (!value) return "";
  if (kind === "state") return stateNames[value as State];
  if (kind === "priority") return priorityNames[value as Priority];
  return value;
}

export function effectLabel(effect: Effect): string {
  return effect.kind === "fields" ? (effect.name ?? effectNames.fields) : effectNames[effect.kind];
}

export function effectText(effect: Effect): string {
  return `${effectLabel(effect)}: ${shown(effect.kind, effect.to)}`;
}

/** What a macro changes, line by line: what it was and what it will be. */
export function EffectList({ effects }: { effects: Effect[] }) {
  if (effects.length === 0) return <p className="text-sm text-ink-muted">{t("It would change nothing here: all of it is so already.")}</p>;
  return (
    <dl className="grid gap-1.5 text-sm">
      {effects.map((effect, n) => (
        <div key={n} className="grid grid-cols-[minmax(0,1fr)_minmax(0,2fr)] gap-2">
          <dt className="text-ink-muted">{effectLabel(effect)}</dt>
          <dd className="min-w-0 break-words whitespace-pre-line">
            {effect.from ? <span className="text-ink-muted line-through">{shown(effect.kind, effect.from)}</span> : null} {shown(effect.kind, effect.to)}{" "}
            {effect.later ? <Badge>{t("With your reply")}</Badge> : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}
