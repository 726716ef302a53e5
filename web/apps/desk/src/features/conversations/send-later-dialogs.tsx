import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Waiting } from "@rapport/core/api/together";
import { keys } from "@rapport/core/apply";
import { dateTime } from "@rapport/core/format";
import { contentsOf, lengthOf } from "@rapport/core/limits";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Dialog } from "@rapport/ui/dialog";
import { Checkbox, Field, Textarea, Toggle } from "@rapport/ui/field";
import { useBackend } from "@/lib/backend";
import { useEntered } from "@/lib/entered";
import { FormError } from "@/lib/form";
import { LengthLine } from "@/lib/length-line";
import { queries } from "@/lib/queries";
import { MomentFields } from "./moment-fields";

/** Asks when a message leaves. */
export function SendLaterDialog({ id, onClose, onSend }: { id: string; onClose: () => void; onSend: (at: string, onlySilent: boolean) => void }) {
  const [onlySilent, setOnlySilent] = useState(true);
  const { leave, closedBy, watch, question } = useEntered(onClose, t("Your message stays in the reply box."));
  return (
    <>
      <Dialog open onOpenChange={leave} closedBy={closedBy} size="sm" title={t("Send later")}>
        <div {...watch}>
          <OnlySilent value={onlySilent} onChange={setOnlySilent} />
          <MomentFields
            id={id}
            onChoose={(at) => {
              onClose();
              onSend(at, onlySilent);
            }}
          />
        </div>
      </Dialog>
      {question}
    </>
  );
}

function OnlySilent({ value, onChange }: { value: boolean; onChange: (value: boolean) => void }) {
  return (
    <Toggle label={t("Only if the customer has not written")} className="mb-3">
      <Checkbox
        checked={value}
        onCheckedChange={(on) => {
          onChange(on === true);
        }}
      />
    </Toggle>
  );
}

/** Changes the text or the time of a message that waits. The text of a template is fixed. */
export function EditLaterDialog({ waiting, channel, onClose }: { waiting: Waiting; channel: string; onClose: () => void }) {
  const { api, client } = useBackend();
  const limits = useQuery(queries.limits(api)).data;
  const [body, setBody] = useState(waiting.body);
  const length = channel === "internal" ? undefined : lengthOf(contentsOf(limits, channel), body.trim());
  const [onlySilent, setOnlySilent] = useState(waiting.only_silent);
  const [failure, setFailure] = useState("");
  const { leave, closedBy, watch, question } = useEntered(onClose, t("The message leaves as it was."));
  const save = async (send_at: string) => {
    try {
      await api.together.change(waiting.id, { ...(body !== waiting.body ? { body } : {}), send_at, only_silent: onlySilent });
      onClose();
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    } finally {
      void client.invalidateQueries({ queryKey: keys.waiting(waiting.conversation_id) });
    }
  };
  return (
    <>
      <Dialog
        open
        onOpenChange={leave}
        closedBy={closedBy}
        title={t("Edit scheduled message")}
        footer={<Button variant="primary" onClick={() => void save(waiting.due_at)}>{t("Keep {{time}}", { time: dateTime(waiting.due_at) })}</Button>}
      >
        <div className="grid grid-cols-1 gap-3" {...watch}>
          <Field
            label={t("Message")}
            help={waiting.content.template !== undefined ? t("The text of the template {{name}} is fixed.", { name: waiting.content.template }) : undefined}
          >
            <Textarea
              value={body}
              readOnly={waiting.content.template !== undefined}
              onChange={(event) => {
                setBody(event.target.value);
              }}
            />
          </Field>
          {length ? <LengthLine length={length} /> : null}
          <OnlySilent value={onlySilent} onChange={setOnlySilent} />
          <MomentFields id={waiting.conversation_id} onChoose={(at) => void save(at)} />
          <FormError>{failure}</FormError>
        </div>
      </Dialog>
      {question}
    </>
  );
}
