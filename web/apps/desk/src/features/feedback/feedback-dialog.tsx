import { useState } from "react";
import type { FeedbackInput } from "@rapport/core/api/desk";
import { t } from "@rapport/i18n";
import { Choice } from "@rapport/ui/choice";
import { Field, Textarea } from "@rapport/ui/field";
import { toast } from "@rapport/ui/toast";
import { useBackend } from "@/lib/backend";
import { closeDialog, desk } from "@/lib/desk-state";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { useStore } from "@/lib/store";
import { feedbackNames } from "./names";

/** What an agent wants to say about the product (S3-91). */
export function FeedbackDialog() {
  const open = useStore(desk, (state) => state.dialog === "feedback");
  return open ? <Form /> : null;
}

const MOST = 2 * 1024 * 1024;

async function base64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

function Form() {
  const { api } = useBackend();
  const [kind, setKind] = useState<FeedbackInput["kind"]>("idea");
  const [text, setText] = useState("");
  const [file, setFile] = useState<File>();
  // The address of a conversation says nothing to others: only which page it is.
  const page = location.pathname.replace(/\/[0-9a-v]{26}(?=\/|$)/g, "/…");
  const tooLarge = file !== undefined && file.size > MOST;
  const form = useSubmission(["text", "image"], async () => {
    await api.feedback.give({ kind, text, page, ...(file ? { image: await base64(file) } : {}) });
    closeDialog();
    toast(t("Thank you for your feedback"));
  });
  return (
    <FormDialog
      form={form}
      title={t("Give feedback")}
      description={t("About Rapport itself. It goes to those who run it here, with your name, the page {{page}} and the version.", { page })}
      submit={t("Send feedback")}
      blocked={text.trim() === "" || tooLarge}
      onClose={closeDialog}
    >
      <Choice
        label={t("Kind of feedback")}
        className="justify-self-start"
        value={kind}
        onChange={setKind}
        options={Object.entries(feedbackNames).map(([value, label]) => ({ value: value as FeedbackInput["kind"], label }))}
      />
      <Field label={t("What would you like to say?")} error={form.of("text")}>
        <Textarea
          autoFocus
          required
          rows={5}
          maxLength={4000}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
          }}
        />
      </Field>
      <Field
        label={t("Picture, if one helps")}
        help={t("Only the file that you choose is sent: at most 2 MB. Take care that no customer's data is on it.")}
        error={tooLarge ? t("The picture is larger than 2 MB.") : form.of("image")}
      >
        <input
          type="file"
          accept="image/png,image/jpeg,image/webp,image/gif"
          className="w-full text-sm"
          onChange={(event) => {
            setFile(event.target.files?.[0]);
          }}
        />
      </Field>
    </FormDialog>
  );
}
