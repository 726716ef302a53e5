import { KeyRound } from "lucide-react";
import { useState } from "react";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { useBackend } from "@/lib/backend";
import { ConfirmDialog } from "@/lib/confirm-dialog";
import { OnceDialog } from "@/lib/once-dialog";
import { Card } from "@/lib/page";

/** Where a new signing secret of the account is asked for. */
export function SigningCard({ onNew }: { onNew: () => void }) {
  return (
    <Card title={t("Signing secret")} help={t("Workflows and context cards sign what they send, so that the receiver knows that it comes from here.")}>
      <div className="flex flex-wrap items-center gap-3">
        <Button onClick={onNew}>
          <KeyRound aria-hidden />
          {t("Make a new secret")}
        </Button>
        <p className="text-sm text-ink-muted">{t("The one in use cannot be shown, only replaced.")}</p>
      </div>
    </Card>
  );
}

/** Asks whether the secret shall be replaced, and shows the new one, once. */
export function SigningDialogs({ onClose }: { onClose: () => void }) {
  const { api } = useBackend();
  const [secret, setSecret] = useState<string>();
  if (secret !== undefined) {
    return (
      <OnceDialog
        title={t("New signing secret")}
        description={t("Copy it now and give it to your receivers. It is shown this once.")}
        values={[{ label: t("Signing secret"), value: secret }]}
        onClose={onClose}
      />
    );
  }
  return (
    <ConfirmDialog
      title={t("Make a new signing secret?")}
      confirm={t("Make a new secret")}
      danger
      perform={async () => {
        setSecret((await api.workflows.newSecret()).value);
      }}
      onClose={onClose}
    >
      {t("From then on requests are signed with it. Receivers that check signatures refuse them until they know the new one.")}
    </ConfirmDialog>
  );
}
