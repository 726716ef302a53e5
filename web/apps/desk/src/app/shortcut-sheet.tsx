import { Printer } from "lucide-react";
import { labelOf } from "@rapport/core/command";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Dialog } from "@rapport/ui/dialog";
import { Keys } from "@rapport/ui/keys";
import { useCommands } from "@/lib/commands";
import { closeDialog, desk } from "@/lib/desk-state";
import { useStore } from "@/lib/store";

/** All shortcuts, read from the commands themselves. */
export function ShortcutSheet() {
  const open = useStore(desk, (state) => state.dialog === "shortcuts");
  const { all, context } = useCommands();
  const keyed = all.filter((one) => one.keys);
  const groups = [...new Set(keyed.map((one) => one.group))];
  return (
    <Dialog
      open={open}
      onOpenChange={closeDialog}
      title={t("Keyboard shortcuts")}
      size="lg"
      footer={
        <Button
          onClick={() => {
            window.print();
          }}
        >
          <Printer aria-hidden />
          {t("Print")}
        </Button>
      }
    >
      <div data-print tabIndex={0} role="group" aria-label={t("Keyboard shortcuts")} className="columns-1 gap-8 sm:columns-2">
        {groups.map((group) => (
          <section key={group} className="mb-5 break-inside-avoid">
            <h3 className="mb-1 text-xs font-medium text-ink-muted">{group}</h3>
            <dl>
              {keyed
                .filter((one) => one.group === group)
                .map((one) => (
                  <div key={one.id} className="flex h-8 items-center gap-3 border-b border-line text-sm">
                    <dt className="flex-1">{labelOf(one, context)}</dt>
                    <dd className="flex gap-2">
                      {one.keys?.map((keys) => (
                        <Keys key={keys} keys={keys} />
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
