import { useQuery } from "@tanstack/react-query";
import { AtSign, UserRound } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { addressText } from "@rapport/core/api/outbound";
import type { Contact, Point } from "@rapport/core/api/types";
import { t } from "@rapport/i18n";
import { useBackend } from "@/lib/backend";
import { queries } from "@/lib/queries";
import { SearchedField, type SearchedOption } from "@/lib/searched-field";

/** Whom it goes to: a customer, or an address that was typed. */
export interface Recipient {
  label: string;
  contact?: Contact;
  point?: Point;
  typed?: string;
}

interface Option extends SearchedOption {
  recipient: Recipient;
}

/** Finds a customer as one types, or takes what was typed as an address (S3-21). */
export function RecipientField({
  inbox,
  visitors,
  value,
  onChange,
  error,
}: {
  inbox: string | undefined;
  /** The inbox writes only to customers who were there before. */
  visitors: boolean;
  value: Recipient | undefined;
  onChange: (value: Recipient | undefined) => void;
  error: string | undefined;
}) {
  const { api } = useBackend();
  const [text, setText] = useState("");
  const query = useDeferredValue(text.trim());
  const found = useQuery({ ...queries.recipients(api, query, inbox ?? ""), enabled: query !== "" && inbox !== undefined && !value });

  const options: Option[] = (found.data?.items ?? []).map((contact): Option => {
    const [point] = contact.points;
    const label = contact.name || (point ? addressText(point) : "") || t("Visitor");
    return {
      key: contact.id,
      title: label,
      recipient: { label, contact, ...(point ? { point } : {}) },
      detail: contact.points.map(addressText).filter(Boolean).join(", "),
      ...(point ? {} : { why: t("Has no address that this inbox writes to.") }),
    };
  });
  const typed = found.data?.typed;
  if (typed) options.push({ key: "typed", title: addressText(typed), recipient: { label: addressText(typed), typed: addressText(typed) }, detail: t("Write to this address") });
  return (
    <SearchedField
      label={t("To")}
      chosen={
        value ? (
          <>
            {value.contact ? <UserRound aria-hidden /> : <AtSign aria-hidden />}
            <span className="truncate">
              {value.label}
              {value.point && addressText(value.point) !== value.label ? <span className="text-ink-muted"> · {addressText(value.point)}</span> : null}
            </span>
          </>
        ) : null
      }
      clear={t("Choose somebody else")}
      onClear={() => {
        onChange(undefined);
      }}
      text={text}
      onText={setText}
      asked={query !== "" && inbox !== undefined}
      options={options}
      listLabel={t("Customers")}
      empty={found.isFetching ? t("Searching…") : found.error ? t("The search did not work. Try again.") : t("Nobody is called that, and it is no address that this inbox writes to.")}
      onChoose={({ key }) => {
        onChange(options.find((option) => option.key === key)?.recipient);
      }}
      disabled={inbox === undefined}
      placeholder={inbox === undefined ? t("Choose From first") : visitors ? t("Name of a customer") : t("Name of a customer, or an address")}
      error={error}
    />
  );
}
