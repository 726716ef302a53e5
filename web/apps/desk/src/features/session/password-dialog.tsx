import { useState } from "react";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Dialog } from "@rapport/ui/dialog";
import { Field, Input } from "@rapport/ui/field";
import { toast } from "@rapport/ui/toast";
import { useBackend } from "@/lib/backend";
import { useEntered } from "@/lib/entered";
import { FormError, useSubmission } from "@/lib/form";
import { NewPassword } from "./new-password";

export function PasswordDialog({ onClose }: { onClose: () => void }) {
  const { api } = useBackend();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const form = useSubmission(["current", "new"], async () => {
    await api.session.setPassword(current, next);
    onClose();
    toast(t("Password changed"));
  });
  const { leave, closedBy, watch, question } = useEntered(onClose, t("Your password stays as it is."));
  return (
    <>
      <Dialog
        open
        onOpenChange={leave}
        closedBy={closedBy}
        title={t("Change password")}
        size="sm"
        footer={
          <Button type="submit" form="password" variant="primary" disabled={form.busy}>
            {t("Change password")}
          </Button>
        }
      >
        <form id="password" className="grid gap-4" onSubmit={form.submit} {...watch}>
          <Field label={t("Current password")} error={form.of("current")}>
            <Input
              type="password"
              autoComplete="current-password"
              required
              value={current}
              onChange={(event) => setCurrent(event.target.value)}
            />
          </Field>
          <NewPassword value={next} onChange={setNext} error={form.of("new")} />
          <FormError>{form.error}</FormError>
        </form>
      </Dialog>
      {question}
    </>
  );
}
