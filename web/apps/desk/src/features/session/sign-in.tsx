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
  const [forgotten, setForgotten] = useState(false);
  const form = useSubmission([], async () => {
    onDone(await api.session.signIn(email, password));
  });
  if (forgotten) {
    return (
      <Forgotten
        email={email}
        onEmail={setEmail}
        onBack={() => {
          setForgotten(false);
        }}
      />
    );
  }
  return (
    <Entrance title={t("Sign in")} lead={t("To the desk of your contact centre.")}>
      <form className="grid gap-4" onSubmit={form.submit}>
        <EmailField email={email} onEmail={setEmail} />
        <Field label={t("Password")}>
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
        <Button
          type="button"
          variant="ghost"
          onClick={() => {
            setForgotten(true);
          }}
        >
          {t("Password forgotten?")}
        </Button>
      </form>
    </Entrance>
  );
}

type EmailProps = { email: string; onEmail: (email: string) => void };

function EmailField({ email, onEmail }: EmailProps) {
  return (
    <Field label={t("E-mail")}>
      <Input
        type="email"
        autoComplete="username"
        required
        autoFocus
        value={email}
        onChange={(event) => {
          onEmail(event.target.value);
        }}
      />
    </Field>
  );
}

/** Has a link to a new password sent. Nobody is told whether there is such an account. */
function Forgotten({ email, onEmail, onBack }: EmailProps & { onBack: () => void }) {
  const { api } = useBackend();
  const [asked, setAsked] = useState("");
  const form = useSubmission([], async () => {
    await api.session.forgotten(email);
    setAsked(email);
  });
  const back = (
    <Button type="button" variant={asked ? "primary" : "ghost"} size={asked ? "lg" : undefined} onClick={onBack}>
      {t("Back to signing in")}
    </Button>
  );
  if (asked) {
    return (
      <Entrance title={t("Look into your mailbox")}>
        <div className="grid gap-4">
          <p role="status" className="text-sm">
            {t("If {{email}} has an account here, a link to a new password is on its way. It works once, and for an hour.", { email: asked })}
          </p>
          {back}
        </div>
      </Entrance>
    );
  }
  return (
    <Entrance title={t("Password forgotten?")} lead={t("We send you a link to choose a new one.")}>
      <form className="grid gap-4" onSubmit={form.submit}>
        <EmailField email={email} onEmail={onEmail} />
        <FormError>{form.error}</FormError>
        <Button type="submit" variant="primary" size="lg" disabled={form.busy}>
          {t("Send the link")}
        </Button>
        {back}
      </form>
    </Entrance>
  );
}
