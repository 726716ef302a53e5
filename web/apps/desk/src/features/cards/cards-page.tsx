import { useQuery } from "@tanstack/react-query";
import { PanelRight } from "lucide-react";
import { useState } from "react";
import type { Card } from "@rapport/core/api/cards";
import { keys } from "@rapport/core/apply";
import { t } from "@rapport/i18n";
import { Badge, Empty } from "@rapport/ui/marks";
import { MenuLine } from "@rapport/ui/menu";
import { Table, Td, Th, Tr } from "@rapport/ui/table";
import { toast } from "@rapport/ui/toast";
import { ActionsMenu, ActionsTh, DeleteItem, EditItem, EnabledItem } from "@/lib/actions-menu";
import { useBackend } from "@/lib/backend";
import { DeleteDialog } from "@/lib/confirm-dialog";
import { moved, OrderButtons, type Step } from "@/lib/order";
import { AddButton, Loaded, Page } from "@/lib/page";
import { useQueueNames } from "@/lib/queues-field";
import { tell } from "@/lib/tell";
import { CardDialog } from "./card-dialog";
import { cardQueries } from "./card-queries";

function host(address: string): string {
  return /^https?:\/\/([^/?#]+)/.exec(address)?.[1] ?? address;
}

/** Boxes of the side panel that other systems fill: which there are, in which order, and from where. */
export function CardsPage() {
  const { api, client } = useBackend();
  const cards = useQuery(cardQueries.list(api));
  const queueNames = useQueueNames();
  const [edited, setEdited] = useState<Card | "new">();
  const [deleted, setDeleted] = useState<Card>();
  const refresh = () => client.invalidateQueries({ queryKey: keys.cards });

  async function move(at: number, step: Step): Promise<void> {
    const order = moved((cards.data?.items ?? []).map((one) => one.id), at, step);
    try {
      client.setQueryData(keys.cards, await api.cards.order(order));
    } catch (error) {
      tell(error);
    }
  }

  const add = (
    <AddButton
      onClick={() => {
        setEdited("new");
      }}
    >
      {t("New context card")}
    </AddButton>
  );

  return (
    <Page title={t("Context cards")} lead={t("Beside a conversation agents see what your other systems know of the customer: orders, contracts, loyalty points. What you make editable, they change there without leaving the desk.")} actions={add}>
      <Loaded query={cards} what={t("the context cards")}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon={<PanelRight />} title={t("No context card yet")} action={add}>
              {t("A card asks an address of yours for JSON and shows the fields that you choose.")}
            </Empty>
          ) : (
            <Table label={t("Context cards")}>
              <thead>
                <tr>
                  <Th>{t("Card")}</Th>
                  <Th>{t("Source")}</Th>
                  <Th>{t("Shown in")}</Th>
                  <Th>{t("Fields")}</Th>
                  <Th>{t("Status")}</Th>
                  <Th>{t("Order")}</Th>
                  <ActionsTh />
                </tr>
              </thead>
              <tbody>
                {items.map((one, at) => (
                  <Tr key={one.id}>
                    <Td className="font-medium">{one.name}</Td>
                    <Td className="text-ink-muted">{host(one.url)}</Td>
                    <Td className="text-ink-muted">{queueNames(one.queues)}</Td>
                    <Td className="whitespace-nowrap text-ink-muted tabular-nums">
                      {one.write ? t("{{n}}, {{editable}} editable", { n: one.fields.length, editable: one.fields.filter((field) => field.editable).length }) : one.fields.length}
                    </Td>
                    <Td>
                      <Badge tone={one.enabled ? "positive" : "neutral"}>{one.enabled ? t("On") : t("Off")}</Badge>
                    </Td>
                    <Td className="whitespace-nowrap">
                      <OrderButtons
                        name={one.name}
                        at={at}
                        count={items.length}
                        onMove={(step) => {
                          void move(at, step);
                        }}
                      />
                    </Td>
                    <Td className="text-end">
                      <ActionsMenu name={one.name}>
                        <EditItem
                          onSelect={() => {
                            setEdited(one);
                          }}
                        />
                        <EnabledItem
                          enabled={one.enabled}
                          onChange={(enabled) => {
                            api.cards
                              .enable(one.id, enabled)
                              .then(() => refresh())
                              .catch(tell);
                          }}
                        />
                        <MenuLine />
                        <DeleteItem
                          onSelect={() => {
                            setDeleted(one);
                          }}
                        />
                      </ActionsMenu>
                    </Td>
                  </Tr>
                ))}
              </tbody>
            </Table>
          )
        }
      </Loaded>
      {edited ? (
        <CardDialog
          card={edited === "new" ? undefined : edited}
          variables={cards.data?.variables ?? []}
          onClose={() => {
            setEdited(undefined);
          }}
          onSaved={(card) => {
            setEdited(undefined);
            void refresh();
            toast(t("{{name}} saved", { name: card.name }));
          }}
        />
      ) : null}
      {deleted ? (
        <DeleteDialog
          name={deleted.name}
          remove={() => api.cards.remove(deleted.id)}
          onClose={() => {
            setDeleted(undefined);
          }}
          onDeleted={() => {
            setDeleted(undefined);
            void refresh();
            toast(t("{{name}} deleted", { name: deleted.name }));
          }}
        >
          {t("It leaves the side panel. In the other system nothing changes, and what threads tell of changes stays.")}
        </DeleteDialog>
      ) : null}
    </Page>
  );
}
