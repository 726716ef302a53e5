import { useState } from "react";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Dialog } from "@rapport/ui/dialog";
import { Field, Input } from "@rapport/ui/field";
import { toast } from "@rapport/ui/toast";
import { useBackend } from "@/lib/backend";
import { FormError, useSubmission } from "@/lib/form";
import { NewPassword } from "./new-password";

export function PasswordDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const { api } = useBackend();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const form = useSubmission(["current", "new"], async () => {
    await api.session.setPassword(current, next);
    setCurrent("");
    setNext("");
    onOpenChange(false);
    toast(t("Password changed"));
  });
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("Change password")}
      size="sm"
      footer={
        <Button type="submit" form="password" variant="primary" disabled={form.busy}>
          {t("Change password")}
        </Button>
      }
    >
      <form id="password" className="grid gap-4" onSubmit={form.submit}>
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
  );
}
