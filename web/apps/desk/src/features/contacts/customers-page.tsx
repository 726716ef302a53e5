import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Download, FileUp, UsersRound } from "lucide-react";
import { useState } from "react";
import type { CustomerQuery } from "@rapport/core/api/customers";
import { ago, attributeName, pointText } from "@rapport/core/format";
import { supervises } from "@rapport/core/permission";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Field, Input, Select } from "@rapport/ui/field";
import { Badge, Empty } from "@rapport/ui/marks";
import { Table, Td, Th, Tr } from "@rapport/ui/table";
import { useBackend } from "@/lib/backend";
import { useSubmission } from "@/lib/form";
import { FormDialog } from "@/lib/form-dialog";
import { useMe } from "@/lib/me";
import { useNow } from "@/lib/now";
import { AddButton, Loaded, NextPage, Page } from "@/lib/page";
import { shownValue } from "./attributes";
import { customerQueries } from "./customer-queries";
import { ImportCustomers } from "./import-customers";
import { nameOf } from "./pick-customer";

/** Everybody whom one may see: found, narrowed, sorted. */
export function CustomersPage() {
  const { api } = useBackend();
  const me = useMe();
  const now = useNow();
  const navigate = useNavigate();
  const [query, setQuery] = useState<CustomerQuery>({ sort: "active" });
  const [dialog, setDialog] = useState<"new" | "import">();
  const customers = useInfiniteQuery(customerQueries.list(api, query));
  const attributes = useQuery(customerQueries.attributes(api)).data?.items ?? [];
  const columns = attributes.filter((one) => one.shown).slice(0, 4);
  const boss = supervises(me.role);
  const narrowed = Boolean(query.q ?? query.known ?? query.tag ?? query.field);
  return (
    <Page
      wide
      title={t("Customers")}
      lead={t("Everybody who wrote to you or whom somebody added, over all channels.")}
      actions={
        boss ? (
          <>
            <Button asChild>
              <Link to="/customers/duplicates">{t("Duplicates")}</Link>
            </Button>
            <Button asChild>
              <a href={api.customers.exportPath(query)} download>
                <Download aria-hidden />
                {t("Export")}
              </a>
            </Button>
            <Button
              onClick={() => {
                setDialog("import");
              }}
            >
              <FileUp aria-hidden />
              {t("Import")}
            </Button>
            <AddButton
              onClick={() => {
                setDialog("new");
              }}
            >
              {t("New customer")}
            </AddButton>
          </>
        ) : null
      }
    >
      <div role="search" className="flex flex-wrap items-center gap-2">
        <Input
          type="search"
          aria-label={t("Search customers")}
          placeholder={t("Name, phone number or e-mail address")}
          className="w-full sm:w-72"
          value={query.q ?? ""}
          onChange={(event) => {
            const { q: _q, ...rest } = query;
            setQuery(event.target.value ? { ...rest, q: event.target.value } : rest);
          }}
        />
        <Input
          aria-label={t("Tag")}
          placeholder={t("Tag")}
          className="w-32"
          value={query.tag ?? ""}
          onChange={(event) => {
            const { tag: _tag, ...rest } = query;
            setQuery(event.target.value ? { ...rest, tag: event.target.value } : rest);
          }}
        />
        <Select
          aria-label={t("Known or not")}
          className="w-auto"
          value={query.known ?? ""}
          onChange={(event) => {
            const { known: _known, ...rest } = query;
            const next = event.target.value;
            setQuery(next === "true" || next === "false" ? { ...rest, known: next } : rest);
          }}
        >
          <option value="">{t("Known and unknown")}</option>
          <option value="true">{t("Known")}</option>
          <option value="false">{t("Unknown")}</option>
        </Select>
        <Select
          aria-label={t("Attribute")}
          className="w-auto"
          value={query.field ?? ""}
          onChange={(event) => {
            const { field: _field, value: _value, ...rest } = query;
            setQuery(event.target.value ? { ...rest, field: event.target.value, value: "" } : rest);
          }}
        >
          <option value="">{t("Any attribute")}</option>
          {attributes.map((one) => (
            <option key={one.name} value={one.name}>
              {attributeName(one)}
            </option>
          ))}
        </Select>
        {query.field ? (
          <Input
            aria-label={t("Value")}
            placeholder={t("Value")}
            className="w-36"
            value={query.value ?? ""}
            onChange={(event) => {
              setQuery({ ...query, value: event.target.value });
            }}
          />
        ) : null}
        <Select
          aria-label={t("Sort by")}
          className="ms-auto w-auto"
          value={query.sort}
          onChange={(event) => {
            setQuery({ ...query, sort: event.target.value as NonNullable<CustomerQuery["sort"]> });
          }}
        >
          <option value="active">{t("Last activity")}</option>
          <option value="name">{t("Name")}</option>
          <option value="created">{t("Newest first")}</option>
        </Select>
      </div>
      <Loaded query={customers} what={t("the customers")}>
        {({ pages }) => {
          const list = pages.flatMap((page) => page.items);
          if (list.length === 0) {
            return (
              <Empty icon={<UsersRound />} title={narrowed ? t("No customer fits.") : t("No customers yet")}>
                <p>{narrowed ? t("Search for less, or take a filter away.") : t("Whoever writes to you appears here.")}</p>
              </Empty>
            );
          }
          return (
            <>
              <Table label={t("Customers")}>
                <thead>
                  <tr>
                    <Th>{t("Name")}</Th>
                    <Th>{t("Contact points")}</Th>
                    {columns.map((one) => (
                      <Th key={one.name} className="text-start">
                        {attributeName(one)}
                      </Th>
                    ))}
                    <Th>{t("Tags")}</Th>
                    <Th className="text-end">{t("Conversations")}</Th>
                    <Th className="text-end">{t("Last activity")}</Th>
                  </tr>
                </thead>
                <tbody>
                  {list.map((one) => (
                    <Tr key={one.id}>
                      <Td className="max-w-56">
                        <Link to="/customers/$customerId" params={{ customerId: one.id }} className="block truncate font-medium hover:underline">
                          {nameOf(one)}
                        </Link>
                        {one.known ? null : <Badge>{t("Unknown")}</Badge>}
                      </Td>
                      <Td className="max-w-56 truncate tabular-nums">{one.points.map(pointText).join(", ")}</Td>
                      {columns.map((column) => (
                        <Td key={column.name} className="max-w-40 truncate">
                          {one.fields?.[column.name] ? shownValue(column, one.fields[column.name] ?? "") : ""}
                        </Td>
                      ))}
                      <Td className="max-w-40 truncate">{one.tags?.join(", ")}</Td>
                      <Td className="text-end tabular-nums">{one.conversations >= 100 ? "100+" : one.conversations}</Td>
                      <Td className="text-end whitespace-nowrap tabular-nums">{ago(one.active_at, now)}</Td>
                    </Tr>
                  ))}
                </tbody>
              </Table>
              <NextPage query={customers}>{t("Show more")}</NextPage>
            </>
          );
        }}
      </Loaded>
      {dialog === "import" ? (
        <ImportCustomers
          onClose={() => {
            setDialog(undefined);
          }}
        />
      ) : null}
      {dialog === "new" ? (
        <NewCustomer
          onClose={() => {
            setDialog(undefined);
          }}
          onDone={(id) => {
            void navigate({ to: "/customers/$customerId", params: { customerId: id } });
          }}
        />
      ) : null}
    </Page>
  );
}

function NewCustomer({ onClose, onDone }: { onClose: () => void; onDone: (id: string) => void }) {
  const { api } = useBackend();
  const [name, setName] = useState("");
  const [points, setPoints] = useState("");
  const form = useSubmission(["name"], async () => {
    const list = points
      .split(/[,;\n]/)
      .map((one) => one.trim())
      .filter(Boolean);
    onDone((await api.customers.create({ name, points: list })).id);
  });
  return (
    <FormDialog form={form} title={t("New customer")} submit={t("Add")} onClose={onClose}>
      <Field label={t("Name")} error={form.of("name")}>
        <Input
          autoFocus
          value={name}
          maxLength={120}
          onChange={(event) => {
            setName(event.target.value);
          }}
        />
      </Field>
      <Field label={t("Contact points")} help={t("Phone numbers, e-mail addresses or @handles, separated by commas.")}>
        <Input
          value={points}
          onChange={(event) => {
            setPoints(event.target.value);
          }}
        />
      </Field>
    </FormDialog>
  );
}
