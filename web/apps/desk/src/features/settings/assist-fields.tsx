import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Settings } from "@rapport/core/api/types";
import { t } from "@rapport/i18n";
import { Field, Select, Switch, Toggle } from "@rapport/ui/field";
import { useBackend } from "@/lib/backend";
import { queries } from "@/lib/queries";

type Assist = Settings["assist"];

/** Whether a language model helps agents to write, and whose address, model and key are used. */
export function AssistFields({ value, onChange, error }: { value: Assist; onChange: (value: Assist) => void; error: string | undefined }) {
  const { api } = useBackend();
  const bots = useQuery(queries.bots(api)).data?.items;
  const kinds = useQuery(queries.botKinds(api)).data?.items.filter((kind) => kind.caps.assists).map(({ kind }) => kind);
  const models = bots?.filter((bot) => kinds?.includes(bot.kind)) ?? [];
  const none = bots !== undefined && kinds !== undefined && models.length === 0;
  return (
    <div className="grid gap-4">
      <Toggle
        label={t("Help with writing")}
        help={t("Agents can ask for a suggested reply, another tone, and a summary when they transfer. Nothing is sent without them.")}
      >
        <Switch
          checked={value.enabled}
          disabled={none && !value.enabled}
          onCheckedChange={(enabled) => {
            const first = models[0];
            onChange(enabled && !value.bot_id && first ? { enabled, bot_id: first.id } : { ...value, enabled });
          }}
        />
      </Toggle>
      {none ? (
        <p className="text-sm text-ink-muted">
          {t("It needs a bot of the kind language model.")}{" "}
          <Link to="/admin/bots" className="text-accent underline underline-offset-2">
            {t("Make one under Bots")}
          </Link>
          .
        </p>
      ) : null}
      {value.enabled && models.length > 0 ? (
        <Field label={t("Language model")} help={t("The bot whose address, model and key are used. What is asked leaves for that address.")} error={error} className="sm:max-w-1/2">
          <Select
            value={value.bot_id ?? ""}
            onChange={(event) => {
              onChange({ ...value, bot_id: event.target.value });
            }}
          >
            {models.some((bot) => bot.id === value.bot_id) ? null : <option value="">{t("Choose one")}</option>}
            {models.map((bot) => (
              <option key={bot.id} value={bot.id}>
                {bot.name}
              </option>
            ))}
          </Select>
        </Field>
      ) : null}
    </div>
  );
}
