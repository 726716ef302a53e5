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
import { AddButton, Loaded, Page } from "@/lib/page";

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
  actions,
  extra,
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
  actions?: ReactNode;
  extra?: (one: T) => ReactNode;
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
      <Loaded query={query} what={what}>
        {(items) => {
          const found = items.filter((one) => words.toLowerCase().split(/\s+/).every((word) => JSON.stringify(one).toLowerCase().includes(word)));
          return items.length === 0 ? (
            <Empty title={empty} />
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
                      <Th key={column.title}>{column.title}</Th>
                    ))}
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
          {t("What was written or noted with it stays.")}
        </DeleteDialog>
      ) : null}
    </Page>
  );
}
