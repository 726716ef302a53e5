import { useState } from "react";
import type { Me } from "@rapport/core/api/types";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Field, Input } from "@rapport/ui/field";
import { useBackend } from "@/lib/backend";
import { FormError, useSubmission } from "@/lib/form";
import { Entrance } from "./entrance";
import { NewPassword } from "./new-password";

/** The first run: makes the account and its first admin. */
export function Setup({ token: given, onDone }: { token: string; onDone: (me: Me) => void }) {
  const { api } = useBackend();
  const [token, setToken] = useState(given);
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [account, setAccount] = useState("");
  const fields = ["token", "name", "email", "password", "account_name"];
  const form = useSubmission(fields, async () => {
    onDone(await api.setup.finish({ token: token.trim(), name, email, password, account_name: account }));
  });
  return (
    <Entrance title={t("Set up Rapport")} lead={t("You become the first admin and invite the others afterwards.")}>
      <form className="grid gap-4" onSubmit={form.submit}>
        <Field label={t("Setup token")} help={t("Printed in the log of the server when it started.")} error={form.of("token")}>
          <Input required autoFocus={!given} value={token} onChange={(event) => setToken(event.target.value)} />
        </Field>
        <Field label={t("Name of your company or team")} error={form.of("account_name")}>
          <Input required autoComplete="organization" value={account} onChange={(event) => setAccount(event.target.value)} />
        </Field>
        <Field label={t("Your name")} help={t("Customers see it beside your answers.")} error={form.of("name")}>
          <Input required autoComplete="name" value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Field label={t("E-mail")} error={form.of("email")}>
          <Input type="email" required autoComplete="username" value={email} onChange={(event) => setEmail(event.target.value)} />
        </Field>
        <NewPassword value={password} onChange={setPassword} error={form.of("password")} />
        <FormError>{form.error}</FormError>
        <Button type="submit" variant="primary" size="lg" disabled={form.busy}>
          {form.busy ? t("Setting up…") : t("Create account")}
        </Button>
      </form>
    </Entrance>
  );
}
