import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Attribute, type AttributeKind } from "@rapport/core/api/customers";
import { keys } from "@rapport/core/apply";
import { attributeName } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Field, Input, Select, Switch, Textarea, Toggle } from "@rapport/ui/field";
import { Badge } from "@rapport/ui/marks";
import { Table, Td, Th, Tr } from "@rapport/ui/table";
import { ActionsMenu, ActionsTh, DeleteItem, EditItem } from "@/lib/actions-menu";
import { useBackend } from "@/lib/backend";
import { DeleteDialog } from "@/lib/confirm-dialog";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { nameFrom } from "@/lib/name-from";
import { moved, OrderButtons, type Step } from "@/lib/order";
import { AddButton, Loaded, Page } from "@/lib/page";
import { tell } from "@/lib/tell";

const kinds = (): Record<AttributeKind, string> => ({
  text: t("Text"),
  number: t("Number"),
  date: t("Date"),
  choice: t("Choice"),
  yes_no: t("Yes or no"),
  url: t("Web address"),
  phone: t("Phone number"),
  email: t("E-mail address"),
  country: t("Country"),
  language: t("Language"),
  time_zone: t("Time zone"),
});

/** What is known of customers: of which type, in which order, and what the side panel shows. */
export function AttributesPage() {
  const { api, client } = useBackend();
  const attributes = useQuery({ queryKey: keys.attributes, queryFn: () => api.attributes.list() });
  const [edited, setEdited] = useState<Attribute | "new">();
  const [deleted, setDeleted] = useState<Attribute>();
  const names = kinds();
  const refresh = () => client.invalidateQueries({ queryKey: keys.attributes });
  const done = () => {
    setEdited(undefined);
    setDeleted(undefined);
    void refresh();
  };

  async function move(at: number, step: Step): Promise<void> {
    const order = moved((attributes.data?.items ?? []).map((one) => one.name), at, step);
    try {
      client.setQueryData(keys.attributes, await api.attributes.order(order));
    } catch (error) {
      tell(error);
    }
  }

  return (
    <Page
      title={t("Customer attributes")}
      lead={t("What agents note of customers. Agents may change every attribute, shown in the side panel or not.")}
      actions={
        <AddButton
          onClick={() => {
            setEdited("new");
          }}
        >
          {t("New attribute")}
        </AddButton>
      }
    >
      <Loaded query={attributes} what={t("the attributes")}>
        {({ items }) => (
          <Table label={t("Customer attributes")}>
            <thead>
              <tr>
                <Th>{t("Label")}</Th>
                <Th>{t("Type")}</Th>
                <Th>{t("In the side panel")}</Th>
                <Th>{t("Order")}</Th>
                <ActionsTh />
              </tr>
            </thead>
            <tbody>
              {items.map((one, at) => (
                <Tr key={one.name}>
                  <Td>
                    <span className="font-medium">{attributeName(one)}</span> <code className="text-xs text-ink-muted">{one.name}</code>{" "}
                    {one.built_in ? <Badge>{t("Built in")}</Badge> : null}
                  </Td>
                  <Td>{names[one.kind]}</Td>
                  <Td>
                    <Switch
                      aria-label={t("Show {{label}} in the side panel", { label: attributeName(one) })}
                      checked={one.shown}
                      onCheckedChange={(shown) => {
                        api.attributes
                          .change(one.name, { shown })
                          .then(() => refresh())
                          .catch(tell);
                      }}
                    />
                  </Td>
                  <Td>
                    <OrderButtons
                      name={attributeName(one)}
                      at={at}
                      count={items.length}
                      onMove={(step) => {
                        void move(at, step);
                      }}
                    />
                  </Td>
                  <Td className="text-end">
                    <ActionsMenu name={attributeName(one)}>
                      <EditItem
                        onSelect={() => {
                          setEdited(one);
                        }}
                      />
                      {one.built_in ? null : (
                        <DeleteItem
                          onSelect={() => {
                            setDeleted(one);
                          }}
                        />
                      )}
                    </ActionsMenu>
                  </Td>
                </Tr>
              ))}
            </tbody>
          </Table>
        )}
      </Loaded>
      {edited ? (
        <AttributeDialog
          attribute={edited === "new" ? undefined : edited}
          onClose={() => {
            setEdited(undefined);
          }}
          onSaved={done}
        />
      ) : null}
      {deleted ? (
        <DeleteDialog
          name={deleted.label}
          remove={() => api.attributes.remove(deleted.name)}
          onClose={() => {
            setDeleted(undefined);
          }}
          onDeleted={done}
        >
          {t("Values that customers have stay with them as free text.")}
        </DeleteDialog>
      ) : null}
    </Page>
  );
}

function AttributeDialog({ attribute, onClose, onSaved }: { attribute: Attribute | undefined; onClose: () => void; onSaved: () => void }) {
  const { api } = useBackend();
  const [label, setLabel] = useState(attribute?.label ?? "");
  const [name, setName] = useState(attribute?.name);
  const [kind, setKind] = useState<AttributeKind>(attribute?.kind ?? "text");
  const [choices, setChoices] = useState((attribute?.choices ?? []).join("\n"));
  const [help, setHelp] = useState(attribute?.help ?? "");
  const [shown, setShown] = useState(attribute?.shown ?? true);
  const names = kinds();
  const form = useSubmission(["name", "label", "choices", "help"], async () => {
    const body = {
      label,
      kind,
      help,
      shown,
      choices: choices
        .split("\n")
        .map((one) => one.trim())
        .filter(Boolean),
    };
    if (attribute) await api.attributes.change(attribute.name, body);
    else await api.attributes.create({ ...body, name: name ?? nameFrom(label) });
    onSaved();
  });
  return (
    <FormDialog form={form} title={attribute ? t("Edit {{name}}", { name: attributeName(attribute) }) : t("New attribute")} submit={t("Save")} onClose={onClose}>
      <Field label={t("Label")} error={form.of("label")}>
        <Input
          autoFocus
          maxLength={60}
          value={label}
          onChange={(event) => {
            setLabel(event.target.value);
          }}
        />
      </Field>
      {attribute ? null : (
        <Field label={t("Name for programs")} help={t("Bots, workflows and files use it. It never changes.")} error={form.of("name")}>
          <Input
            maxLength={40}
            value={name ?? nameFrom(label)}
            onChange={(event) => {
              setName(event.target.value);
            }}
          />
        </Field>
      )}
      <Field label={t("Type")} help={attribute ? t("Values that do not fit the new type stay until somebody changes them.") : undefined}>
        <Select
          value={kind}
          onChange={(event) => {
            setKind(event.target.value as AttributeKind);
          }}
        >
          {Object.entries(names).map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </Select>
      </Field>
      {kind === "choice" ? (
        <Field label={t("Choices")} help={t("One per line.")} error={form.of("choices")}>
          <Textarea
            rows={5}
            value={choices}
            onChange={(event) => {
              setChoices(event.target.value);
            }}
          />
        </Field>
      ) : null}
      <Field label={t("Help for agents")} error={form.of("help")}>
        <Input
          maxLength={200}
          value={help}
          onChange={(event) => {
            setHelp(event.target.value);
          }}
        />
      </Field>
      <Toggle label={t("Show in the side panel")}>
        <Switch checked={shown} onCheckedChange={setShown} />
      </Toggle>
    </FormDialog>
  );
}
