import { useQuery } from "@tanstack/react-query";
import type { ConversationView } from "@rapport/core/api/types";
import { fieldLabel } from "@rapport/core/format";
import { formOf } from "@rapport/core/texts";
import { t } from "@rapport/i18n";
import { useBackend } from "@/lib/backend";
import { PanelSection } from "@/lib/panel-section";
import { queries } from "@/lib/queries";
import { TagName, useCatalogue } from "@/lib/tag-name";

/** What is noted about a conversation, for who may not change it: all that has a value, and why it is only to be read. */
export function NotedOnly({ conversation: c, why }: { conversation: ConversationView; why: string }) {
  const { api } = useBackend();
  const { find } = useCatalogue();
  const form = formOf(useQuery(queries.forms(api)).data ?? [], c);
  const disposition = useQuery(queries.dispositions(api)).data?.find((one) => one.id === c.disposition_id);
  const held = c.fields ?? {};
  const free = Object.keys(held).filter((name) => !form?.fields.some((field) => field.name === name));
  const lines: [label: string, value: string][] = [[t("Topic"), c.topic ?? ""]];
  if (c.form_id) lines.push([t("Form"), form?.name ?? ""]);
  for (const field of form?.fields ?? []) {
    const value = held[field.name] ?? "";
    lines.push([field.label, field.type === "yesno" && value === "yes" ? t("Yes") : field.type === "yesno" && value === "no" ? t("No") : value]);
  }
  lines.push([t("Disposition"), disposition?.label ?? ""], [t("Summary"), c.summary ?? ""]);
  for (const name of free.sort()) lines.push([fieldLabel(name), held[name] ?? ""]);
  const noted = lines.filter(([, value]) => value !== "");
  return (
    <PanelSection id="noted" title={t("Details")}>
      <div className="grid gap-3">
        {noted.length > 0 ? (
          <dl className="grid gap-1.5">
            {noted.map(([label, value]) => (
              <div key={`${label} ${value}`} className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)] gap-2 text-sm">
                <dt className="pt-0.5 text-xs break-words text-ink-muted">{label}</dt>
                <dd className="break-words whitespace-pre-wrap">{value}</dd>
              </div>
            ))}
          </dl>
        ) : null}
        {c.tags && c.tags.length > 0 ? (
          <ul aria-label={t("Tags")} className="flex flex-wrap gap-1">
            {c.tags.map((tag) => (
              <li key={tag} className="inline-flex h-6 max-w-full items-center rounded-md bg-hover px-2 text-xs font-medium">
                <TagName name={tag} color={find(tag)?.color} />
              </li>
            ))}
          </ul>
        ) : null}
        <p className="text-xs text-ink-muted">{why}</p>
      </div>
    </PanelSection>
  );
}
