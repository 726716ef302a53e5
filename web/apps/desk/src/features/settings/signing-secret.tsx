import { KeyRound } from "lucide-react";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { useBackend } from "@/lib/backend";
import { Card } from "@/lib/page";
import { ReplaceSecretDialog } from "@/lib/replace-secret-dialog";

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
export function SigningDialog({ onClose }: { onClose: () => void }) {
  const { api } = useBackend();
  return (
    <ReplaceSecretDialog
      label={t("Signing secret")}
      words={{
        title: t("Make a new signing secret?"),
        confirm: t("Make a new secret"),
        question: t("From then on requests are signed with it. Receivers that check signatures refuse them until they know the new one."),
        made: t("New signing secret"),
        once: t("Copy it now and give it to your receivers. It is shown this once."),
      }}
      rotate={api.workflows.rotateSecret}
      onClose={onClose}
    />
  );
}
