import { Link } from "@tanstack/react-router";
import type { Settings } from "@rapport/core/api/types";
import { t } from "@rapport/i18n";
import { Switch, Toggle } from "@rapport/ui/field";

type Details = Settings["details"];

/** What the account demands of what agents note about conversations. */
export function DetailsFields({ value, onChange }: { value: Details; onChange: (value: Details) => void }) {
  return (
    <div className="grid gap-4">
      <Toggle
        label={t("Tags of the catalogue only")}
        help={
          <>
            {t("Agents choose tags of the catalogue and make up none.")}{" "}
            <Link to="/tags" className="text-accent underline underline-offset-2">
              {t("Open the catalogue")}
            </Link>
          </>
        }
      >
        <Switch
          checked={value.catalogue_only}
          onCheckedChange={(catalogue_only) => {
            onChange({ ...value, catalogue_only });
          }}
        />
      </Toggle>
      <Toggle
        label={t("Disposition needed before solving")}
        help={
          <>
            {t("Nobody solves or closes a conversation without one, where its queue has any.")}{" "}
            <Link to="/admin/dispositions" className="text-accent underline underline-offset-2">
              {t("Open the dispositions")}
            </Link>
          </>
        }
      >
        <Switch
          checked={value.disposition_required}
          onCheckedChange={(disposition_required) => {
            onChange({ ...value, disposition_required });
          }}
        />
      </Toggle>
    </div>
  );
}
