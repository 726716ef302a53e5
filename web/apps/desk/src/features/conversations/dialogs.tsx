import { useState } from "react";
import type { ConversationView } from "@rapport/core/api/types";
import { t } from "@rapport/i18n";
import { Field, Input } from "@rapport/ui/field";
import { useBackend } from "@/lib/backend";
import { ConfirmDialog } from "@/lib/confirm-dialog";
import { closeDialog, desk } from "@/lib/desk-state";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { later } from "@/lib/later";
import { useStore } from "@/lib/store";
import { release, setState } from "./deeds";

// Each comes when it is wanted for the first time.
const GiveToBotDialog = later(() => import("./bot-dialogs").then((part) => part.GiveToBotDialog));
const HandOffDialog = later(() => import("./bot-dialogs").then((part) => part.HandOffDialog));
const DecisionsDialog = later(() => import("./decisions-dialog").then((part) => part.DecisionsDialog));
const LackingDialog = later(() => import("./lacking-dialog").then((part) => part.LackingDialog));
const MacroDialog = later(() => import("./macro-dialog").then((part) => part.MacroDialog));
const MergeDialog = later(() => import("./merge-dialog").then((part) => part.MergeDialog));
const SnoozeDialog = later(() => import("./snooze-dialog").then((part) => part.SnoozeDialog));
const TransferDialog = later(() => import("./transfer-dialog").then((part) => part.TransferDialog));

/** The dialogs that commands open on the open conversation. */
export function ConversationDialogs({ conversation: c }: { conversation: ConversationView }) {
  const dialog = useStore(desk, (state) => state.dialog);
  switch (dialog) {
    case "transfer":
      return <TransferDialog conversation={c} />;
    case "handoff":
      return <HandOffDialog conversation={c} />;
    case "give-bot":
      return <GiveToBotDialog conversation={c} />;
    case "close":
      return <CloseDialog conversation={c} />;
    case "release":
      return <ReleaseDialog conversation={c} />;
    case "macros":
      return <MacroDialog conversation={c} />;
    case "lacking":
      return <LackingDialog key={c.id} conversation={c} />;
    case "merge":
      return <MergeDialog conversation={c} />;
    case "why":
      return <DecisionsDialog conversation={c} />;
    case "snooze":
      return <SnoozeDialog conversation={c} />;
    default:
      return null;
  }
}

function CloseDialog({ conversation: c }: { conversation: ConversationView }) {
  const backend = useBackend();
  const close = async () => {
    await setState(backend, c, "closed");
    if (desk.get().dialog === "close") closeDialog(); // unless something is asked for first
  };
  return (
    <ConfirmDialog title={t("Close this conversation?")} confirm={t("Yes, close")} perform={close} onClose={closeDialog}>
      {t("A closed conversation cannot be opened again; when {{contact_name}} writes, a new one starts. If you may still hear from them about this, solve it instead.", { contact_name: c.contact_name })}
    </ConfirmDialog>
  );
}

function ReleaseDialog({ conversation: c }: { conversation: ConversationView }) {
  const backend = useBackend();
  const [reason, setReason] = useState("");
  const form = useSubmission(["reason"], async () => {
    await release(backend, c, reason.trim());
    closeDialog();
  });
  return (
    <FormDialog
      form={form}
      title={t("Put back into {{queue_name}}?", { queue_name: c.queue_name })}
      description={t("The router looks for another agent; you are left out this time.")}
      size="sm"
      submit={t("Release")}
      onClose={closeDialog}
      className="gap-3"
    >
      <Field label={t("Reason")} help={t("Colleagues read it in the thread.")} error={form.of("reason")}>
        <Input
          autoFocus
          value={reason}
          onChange={(event) => {
            setReason(event.target.value);
          }}
        />
      </Field>
    </FormDialog>
  );
}
