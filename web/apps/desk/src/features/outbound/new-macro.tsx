import { useQuery } from "@tanstack/react-query";
import { WandSparkles } from "lucide-react";
import { useState } from "react";
import type { Effect, Macro, MacroFilling } from "@rapport/core/api/texts";
import { keys } from "@rapport/core/apply";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Dialog } from "@rapport/ui/dialog";
import { Empty } from "@rapport/ui/marks";
import { useBackend } from "@/lib/backend";
import { ConfirmDialog } from "@/lib/confirm-dialog";
import { EffectList } from "@/lib/effects";
import { MacroChooser } from "@/lib/macro-chooser";
import { Loaded } from "@/lib/page";
import { queries } from "@/lib/queries";

/** The macro that filled a new conversation in, and what it set. */
export interface AppliedMacro {
  macro: Macro;
  set: Effect[];
  hints: string[];
}

/** Chooses a macro that fills the new conversation in, with what it would set (S3-23). */
export function MacroButton({
  queue,
  inbox,
  contact,
  onFilled,
}: {
  queue: string | undefined;
  inbox: string | undefined;
  contact: string | undefined;
  onFilled: (macro: Macro, filling: MacroFilling) => void;
}) {
  const { api } = useBackend();
  const [open, setOpen] = useState(false);
  const macros = useQuery({ ...queries.macros(api, queue ?? ""), enabled: open });
  const about = { ...(queue ? { queue_id: queue } : {}), ...(inbox ? { inbox_id: inbox } : {}), ...(contact ? { contact_id: contact } : {}) };
  return (
    <>
      <Button
        className="w-fit"
        onClick={() => {
          setOpen(true);
        }}
      >
        <WandSparkles aria-hidden />
        {t("Fill in with a macro")}
      </Button>
      {open ? (
        <Dialog open onOpenChange={setOpen} title={t("Fill in with a macro")} size="lg">
          <Loaded query={macros} what={t("the macros")}>
            {(items) =>
              items.length === 0 ? (
                <Empty title={t("There are no macros")}>{t("Supervisors make them under Macros.")}</Empty>
              ) : (
                <MacroChooser
                  macros={items}
                  preview={{ key: [...keys.macros("prefill"), queue, inbox, contact], read: async (macro) => ({ effects: (await api.macros.prefill(macro.id, about)).set }) }}
                  onApply={async (macro) => {
                    onFilled(macro, await api.macros.prefill(macro.id, about));
                    setOpen(false);
                  }}
                />
              )
            }
          </Loaded>
        </Dialog>
      ) : null}
    </>
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
