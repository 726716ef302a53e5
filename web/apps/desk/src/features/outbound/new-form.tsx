import { useQuery } from "@tanstack/react-query";
import type { Form } from "@rapport/core/api/texts";
import { t } from "@rapport/i18n";
import { Field, Select } from "@rapport/ui/field";
import { useBackend } from "@/lib/backend";
import { FormFieldInput } from "@/lib/form-field";
import { queries } from "@/lib/queries";

/** The form that holds: the one that was chosen, else that of the queue. */
export function useForms(chosen: string | undefined, queue: string | undefined): { forms: Form[]; form: Form | undefined } {
  const { api } = useBackend();
  const forms = useQuery(queries.forms(api)).data ?? [];
  return { forms, form: forms.find((one) => one.id === chosen) ?? forms.find((one) => queue !== undefined && one.default_for?.includes(queue)) };
}

/** The form of a new conversation and its fields (S3-21). */
export function FormPart({
  forms,
  form,
  chosen,
  values,
  errorOf,
  onForm,
  onValues,
}: {
  forms: Form[];
  form: Form | undefined;
  chosen: string | undefined;
  values: Record<string, string>;
  errorOf: (field: string) => string | undefined;
  onForm: (id: string) => void;
  onValues: (values: Record<string, string>) => void;
}) {
  if (forms.length === 0) return null;
  return (
    <>
      <Field label={t("Form")} error={errorOf("form_id")}>
        <Select
          value={chosen ?? ""}
          onChange={(event) => {
            onForm(event.target.value);
          }}
        >
          <option value="">{form && !chosen ? t("{{form}} (of the queue)", { form: form.name }) : t("None of its own")}</option>
          {forms.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </Select>
      </Field>
      {form ? (
        <div className="grid gap-3.5 sm:grid-cols-2">
          {form.fields.map((field) => (
            <FormFieldInput
              key={`${form.id} ${field.name}`}
              field={field}
              value={values[field.name] ?? field.default ?? ""}
              error={errorOf(`fields.${field.name}`)}
              onChange={(value) => {
                onValues({ ...values, [field.name]: value });
              }}
            />
          ))}
        </div>
      ) : null}
    </>
  );
}
