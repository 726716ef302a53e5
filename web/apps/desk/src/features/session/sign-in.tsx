import { useState } from "react";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Field, Input } from "@rapport/ui/field";
import { useBackend } from "@/lib/backend";
import { FormError, useSubmission } from "@/lib/form";
import type { Me } from "@rapport/core/api/types";
import { Entrance } from "./entrance";

export function SignIn({ onDone }: { onDone: (me: Me) => void }) {
  const { api } = useBackend();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const form = useSubmission([], async () => {
    onDone(await api.session.signIn(email, password));
  });
  return (
    <Entrance title={t("Sign in")} lead={t("To the desk of your contact centre.")}>
      <form className="grid gap-4" onSubmit={form.submit}>
        <Field label={t("E-mail")}>
          <Input
            type="email"
            autoComplete="username"
            required
            autoFocus
            value={email}
            onChange={(event) => {
              setEmail(event.target.value);
            }}
          />
        </Field>
        <Field label={t("Password")} help={t("Forgotten? An admin can send you a new invitation.")}>
          <Input
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => {
              setPassword(event.target.value);
            }}
          />
        </Field>
        <FormError>{form.error}</FormError>
        <Button type="submit" variant="primary" size="lg" disabled={form.busy}>
          {form.busy ? t("Signing in…") : t("Sign in")}
        </Button>
      </form>
    </Entrance>
  );
}
