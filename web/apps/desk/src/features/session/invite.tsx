import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { sentenceOf } from "@rapport/core/api/problem";
import type { Me } from "@rapport/core/api/types";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Field, Input } from "@rapport/ui/field";
import { Spinner } from "@rapport/ui/marks";
import { useBackend } from "@/lib/backend";
import { FormError, useSubmission } from "@/lib/form";
import { Entrance } from "./entrance";
import { NewPassword } from "./new-password";

/** Accepts an invitation: the invited person chooses name and password. */
export function Invite({ token, onDone }: { token: string; onDone: (me: Me) => void }) {
  const { api } = useBackend();
  const invite = useQuery({ queryKey: ["invite", token], queryFn: () => api.invites.read(token), retry: false });
  const [typed, setName] = useState<string>();
  const [password, setPassword] = useState("");
  const name = typed ?? invite.data?.name ?? "";
  const form = useSubmission(["name", "password"], async () => {
    onDone(await api.invites.accept(token, name, password));
  });

  if (invite.error) {
    return (
      <Entrance title={t("This invitation does not work")} lead={sentenceOf(invite.error)}>
        <p className="text-sm">{t("Ask an admin of your desk for a new link. Each one works once and only for some days.")}</p>
      </Entrance>
    );
  }
  if (!invite.data) {
    return (
      <Entrance title={t("One moment")}>
        <Spinner label={t("Reading the invitation")} />
      </Entrance>
    );
  }
  return (
    <Entrance title={t("Welcome to {{account_name}}", { account_name: invite.data.account_name })} lead={t("You sign in as {{email}}.", { email: invite.data.email })}>
      <form className="grid gap-4" onSubmit={form.submit}>
        <Field label={t("Your name")} help={t("Customers see it beside your answers.")} error={form.of("name")}>
          <Input required autoComplete="name" value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <NewPassword value={password} onChange={setPassword} error={form.of("password")} />
        <FormError>{form.error}</FormError>
        <Button type="submit" variant="primary" size="lg" disabled={form.busy}>
          {form.busy ? t("Joining…") : t("Join")}
        </Button>
      </form>
    </Entrance>
  );
}
