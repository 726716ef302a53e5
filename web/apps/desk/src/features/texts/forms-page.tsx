import { useQuery } from "@tanstack/react-query";
import type { Form } from "@rapport/core/api/texts";
import { t } from "@rapport/i18n";
import { useBackend } from "@/lib/backend";
import { queries } from "@/lib/queries";
import { FormEditor } from "./form-editor";
import { useQueueNames } from "@/lib/queues-field";
import { Shelf } from "./shelf";

/** Forms that agents fill in about conversations (S3-85). */
export function FormsPage() {
  const { api } = useBackend();
  const forms = useQuery(queries.forms(api));
  const namesOf = useQueueNames();
  return (
    <Shelf<Form>
      title={t("Forms")}
      lead={t("What agents fill in about a conversation, in its details. A field can be needed before the conversation is solved.")}
      what={t("the forms")}
      query={forms}
      nameOf={(one) => one.name}
      idOf={(one) => one.id}
      add={t("New form")}
      empty={t("There are no forms yet")}
      why={t("A form asks the same of every conversation of a queue, such as the order number and the reason.")}
      goes={t("Values that agents filled in stay with their conversations; macros that fill the form in lose that.")}
      remove={(one) => api.forms.remove(one.id)}
      place={(one, position) => api.forms.change(one.id, { position })}
      columns={[
        { title: t("Name"), cell: (one) => one.name },
        { title: t("Fields"), cell: (one) => one.fields.map((field) => (field.required_on_solve ? `${field.label} *` : field.label)).join(", ") },
        { title: t("Form of"), cell: (one) => (one.default_for?.length ? namesOf(one.default_for) : "–") },
      ]}
      dialog={(one, done, close) => <FormEditor form={one} last={forms.data?.at(-1)?.position ?? 0} onSaved={done} onClose={close} />}
    />
  );
}
