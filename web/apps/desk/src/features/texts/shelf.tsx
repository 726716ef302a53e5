import { type ReactNode, useState } from "react";
import { keys } from "@rapport/core/apply";
import { t } from "@rapport/i18n";
import { Input } from "@rapport/ui/field";
import { Empty } from "@rapport/ui/marks";
import { Table, Td, Th, Tr } from "@rapport/ui/table";
import { toast } from "@rapport/ui/toast";
import { ActionsMenu, ActionsTh, DeleteItem, EditItem } from "@/lib/actions-menu";
import { useBackend } from "@/lib/backend";
import { DeleteDialog } from "@/lib/confirm-dialog";
import { moved, OrderButtons, type Step } from "@/lib/order";
import { AddButton, Loaded, Page } from "@/lib/page";
import { tell } from "@/lib/tell";

interface Column<T> {
  title: string;
  cell: (one: T) => ReactNode;
}

/** A page that lists things which are made, changed and removed in a dialog. */
export function Shelf<T>({
  title,
  lead,
  what,
  query,
  nameOf,
  idOf,
  columns,
  add,
  dialog,
  remove,
  mayEdit = () => true,
  empty,
  why,
  actions,
  extra,
  place,
  goes,
  children,
}: {
  title: string;
  lead: string;
  what: string;
  query: { data: T[] | undefined; error: unknown; refetch: () => unknown };
  nameOf: (one: T) => string;
  idOf: (one: T) => string;
  columns: Column<T>[];
  add: string;
  dialog: (one: T | undefined, done: (text: string) => void, close: () => void) => ReactNode;
  remove: (one: T) => Promise<unknown>;
  mayEdit?: (one: T) => boolean;
  empty: string;
  /** What they are for, where there are none yet. */
  why?: string;
  actions?: ReactNode;
  /** More entries of the menu of one. */
  extra?: (one: T) => ReactNode;
  /** Gives one its place in the order, from 1; without it the order is not a person's. */
  place?: (one: T, position: number) => Promise<unknown>;
  /** What becomes of what hangs on one that is deleted. */
  goes?: string;
  /** Above the table. */
  children?: ReactNode;
}) {
  const { client } = useBackend();
  const [edited, setEdited] = useState<{ one: T | undefined }>();
  const [deleted, setDeleted] = useState<T>();
  const [words, setWords] = useState("");
  const close = () => {
    setEdited(undefined);
    setDeleted(undefined);
  };
  const done = (text: string) => {
    close();
    void client.invalidateQueries({ queryKey: keys.texts });
    toast(text);
  };
  /** Moves one a step; those that have no place of their own yet get one. */
  async function move(items: T[], at: number, step: Step): Promise<void> {
    if (!place) return;
    try {
      for (const [n, other] of moved(items, at, step).entries()) if ((other as { position?: number }).position !== n + 1) await place(other, n + 1);
    } catch (error) {
      tell(error);
    }
    await client.invalidateQueries({ queryKey: keys.texts });
  }

  return (
    <Page
      title={title}
      lead={lead}
      actions={
        <>
          {actions}
          <AddButton
            onClick={() => {
              setEdited({ one: undefined });
            }}
          >
            {add}
          </AddButton>
        </>
      }
    >
      {children}
      <Loaded query={query} what={what}>
        {(items) => {
          const found = items.filter((one) => words.toLowerCase().split(/\s+/).every((word) => JSON.stringify(one).toLowerCase().includes(word)));
          return items.length === 0 ? (
            <Empty title={empty}>{why}</Empty>
          ) : (
            <>
              <Input
                type="search"
                aria-label={t("Search")}
                placeholder={t("Search")}
                className="max-w-xs"
                value={words}
                onChange={(event) => {
                  setWords(event.target.value);
                }}
              />
              <Table label={title}>
                <thead>
                  <tr>
                    {columns.map((column) => (
                      <Th key={column.title} className="text-start">
                        {column.title}
                      </Th>
                    ))}
                    {place ? <Th>{t("Order")}</Th> : null}
                    <ActionsTh />
                  </tr>
                </thead>
                <tbody>
                  {found.map((one) => (
                    <Tr key={idOf(one)}>
                      {columns.map((column, n) => (
                        <Td key={column.title} className={n === 0 ? "font-medium" : "text-ink-muted"}>
                          {column.cell(one)}
                        </Td>
                      ))}
                      {place ? (
                        <Td className="whitespace-nowrap">
                          <OrderButtons
                            name={nameOf(one)}
                            at={items.indexOf(one)}
                            count={items.length}
                            blocked={found.length < items.length}
                            onMove={(step) => {
                              void move(items, items.indexOf(one), step);
                            }}
                          />
                        </Td>
                      ) : null}
                      <Td className="w-10">
                        {mayEdit(one) ? (
                          <ActionsMenu name={nameOf(one)}>
                            <EditItem
                              onSelect={() => {
                                setEdited({ one });
                              }}
                            />
                            {extra?.(one)}
                            <DeleteItem
                              onSelect={() => {
                                setDeleted(one);
                              }}
                            />
                          </ActionsMenu>
                        ) : null}
                      </Td>
                    </Tr>
                  ))}
                </tbody>
              </Table>
              {found.length === 0 ? <p className="text-sm text-ink-muted">{t("Nothing here contains that.")}</p> : null}
            </>
          );
        }}
      </Loaded>
      {edited ? dialog(edited.one, done, close) : null}
      {deleted ? (
        <DeleteDialog
          name={nameOf(deleted)}
          remove={() => remove(deleted)}
          onClose={close}
          onDeleted={() => {
            done(t("{{name}} deleted", { name: nameOf(deleted) }));
          }}
        >
          {goes ?? t("What was written or noted with it stays.")}
        </DeleteDialog>
      ) : null}
    </Page>
  );
}
