import { useQuery } from "@tanstack/react-query";
import { WandSparkles } from "lucide-react";
import { useState } from "react";
import type { Effect, Macro, MacroFilling } from "@rapport/core/api/texts";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { useBackend } from "@/lib/backend";
import { ConfirmDialog } from "@/lib/confirm-dialog";
import { EffectList } from "@/lib/effects";
import { Picker } from "@/lib/picker";
import { queries } from "@/lib/queries";
import { tell } from "@/lib/tell";

/** The macro that filled a new conversation in, and what it set. */
export interface AppliedMacro {
  macro: Macro;
  set: Effect[];
  hints: string[];
}

/** Chooses a macro that fills the new conversation in (S3-23). */
export function MacroPicker({ queue, contact, onFilled }: { queue: string | undefined; contact: string | undefined; onFilled: (macro: Macro, filling: MacroFilling) => void }) {
  const { api } = useBackend();
  const macros = useQuery(queries.macros(api, queue ?? ""));
  const list = macros.data ?? [];
  return (
    <Picker
      label={t("Fill in with a macro")}
      triggerClassName="h-8 w-fit border border-line-strong bg-surface px-2.5 text-sm"
      trigger={
        <span className="inline-flex items-center gap-1.5">
          <WandSparkles aria-hidden className="size-4" />
          {t("Fill in with a macro")}
        </span>
      }
      options={list.map((one) => ({ value: one.id, label: one.name, detail: [one.help, ...(one.tags ?? []).map((tag) => `#${tag}`)].filter(Boolean).join(" · ") }))}
      value={undefined}
      loading={macros.isPending}
      empty={t("There are no macros")}
      onChange={(id) => {
        const macro = list.find((one) => one.id === id);
        if (!macro) return;
        api.macros
          .prefill(id, { ...(queue ? { queue_id: queue } : {}), ...(contact ? { contact_id: contact } : {}) })
          .then((filling) => {
            onFilled(macro, filling);
          })
          .catch(tell);
      }}
    />
  );
}

/** Names the macro and what it set; it is taken off after a question (S3-50). */
export function MacroNotice({ applied, onOff }: { applied: AppliedMacro; onOff: () => void }) {
  const [asking, setAsking] = useState(false);
  const name = applied.macro.name;
  return (
    <section aria-label={t("Filled in by {{macro}}", { macro: name })} className="grid gap-2 rounded-md bg-positive-soft px-3 py-2.5">
      <div className="flex flex-wrap items-center gap-2">
        <p role="status" className="min-w-0 flex-1 text-sm font-medium">
          {t("{{macro}} filled the conversation in", { macro: name })}
        </p>
        <Button
          size="sm"
          onClick={() => {
            setAsking(true);
          }}
        >
          {t("Take it off")}
        </Button>
      </div>
      <EffectList effects={applied.set} />
      {applied.hints.map((hint) => (
        <p key={hint} className="text-xs text-warning">
          {hint}
        </p>
      ))}
      {asking ? (
        <ConfirmDialog
          title={t("Take {{macro}} off?", { macro: name })}
          confirm={t("Yes, take it off")}
          perform={() => {
            onOff();
            return Promise.resolve();
          }}
          onClose={() => {
            setAsking(false);
          }}
        >
          {t("What it filled in goes back to what was there before, also where you changed it since.")}
        </ConfirmDialog>
      ) : null}
    </section>
  );
}
