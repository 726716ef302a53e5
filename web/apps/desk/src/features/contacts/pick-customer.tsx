import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Customer } from "@rapport/core/api/customers";
import { pointText } from "@rapport/core/format";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Dialog } from "@rapport/ui/dialog";
import { Input } from "@rapport/ui/field";
import { useBackend } from "@/lib/backend";
import { FormError } from "@/lib/form";
import { Loaded } from "@/lib/page";
import { PersonAvatar } from "@/lib/person";
import { customerQueries } from "./customer-queries";

export function nameOf(customer: { name: string; points: Customer["points"] }): string {
  const [first] = customer.points;
  return customer.name || (first ? pointText(first) : t("Unknown customer"));
}

/** Finds a customer by name or address. */
export function PickCustomer({
  title,
  description,
  not,
  error,
  onPick,
  onClose,
}: {
  title: string;
  description: string;
  /** Who cannot be picked. */
  not: string;
  error?: string | undefined;
  onPick: (customer: Customer) => void;
  onClose: () => void;
}) {
  const { api } = useBackend();
  const [q, setQ] = useState("");
  const found = useInfiniteQuery(customerQueries.list(api, { q: q.trim(), limit: 20 }));
  return (
    <Dialog open onOpenChange={onClose} title={title} description={description} footer={<Button onClick={onClose}>{t("Cancel")}</Button>}>
      <div className="grid gap-3">
        <Input
          autoFocus
          type="search"
          aria-label={t("Search customers")}
          placeholder={t("Name, phone number or e-mail address")}
          value={q}
          onChange={(event) => {
            setQ(event.target.value);
          }}
        />
        <FormError>{error}</FormError>
        <Loaded query={found} what={t("the customers")}>
          {({ pages }) => {
            const list = pages.flatMap((page) => page.items).filter((one) => one.id !== not);
            if (list.length === 0) return <p className="text-sm text-ink-muted">{t("No customer fits.")}</p>;
            return (
              <ul aria-label={t("Customers")} className="-mx-2 grid max-h-80 gap-0.5 overflow-y-auto">
                {list.map((one) => (
                  <li key={one.id}>
                    <button
                      type="button"
                      onClick={() => {
                        onPick(one);
                      }}
                      className="flex w-full items-center gap-3 rounded-md px-2 py-1.5 text-start hover:bg-hover"
                    >
                      <PersonAvatar name={nameOf(one)} size="sm" />
                      <span className="min-w-0 flex-1">
                        <span className="block truncate text-sm font-medium">{nameOf(one)}</span>
                        <span className="block truncate text-xs text-ink-muted">{one.points.map(pointText).join(", ")}</span>
                      </span>
                    </button>
                  </li>
                ))}
              </ul>
            );
          }}
        </Loaded>
      </div>
    </Dialog>
  );
}
