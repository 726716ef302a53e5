import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useId, useState } from "react";
import { t } from "@rapport/i18n";
import { cn } from "@rapport/ui/cn";
import type { ComposerMode } from "./composer";

/** A list that opens when its character is typed at the start of a word. */
export interface ComposerMenu {
  /** The one character that opens it. */
  char: string;
  /** In which modes it opens; missing: both. */
  mode?: ComposerMode;
  /** What the list is called, for screen readers. */
  label: string;
  /** Finds what fits to the text after the character; "" asks for the usual ones. */
  search: (text: string) => Promise<MenuChoice[]>;
  /** Said when nothing fits. */
  none: string;
}

export interface MenuChoice {
  id: string;
  label: string;
  /** A second line or a preview. */
  detail?: ReactNode;
  /** Puts it into the text: `insert` replaces the character and what was typed after it. */
  pick: (insert: (text: string, select?: { from: number; to: number }) => void) => void;
}

type Insert = (text: string, where?: { from: number; to: number }, select?: { from: number; to: number }) => void;

interface OpenMenu {
  menu: ComposerMenu;
  from: number;
  text: string;
}

/** What of the text before the cursor opens a menu. */
export function menuAt(menus: ComposerMenu[], mode: ComposerMode, draft: string, cursor: number): OpenMenu | undefined {
  const word = /(?:^|\s)(\S{1,40})$/.exec(draft.slice(0, cursor))?.[1] ?? "";
  const menu = menus.find((one) => one.char === word[0] && (one.mode === undefined || one.mode === mode));
  return menu && { menu, from: cursor - word.length, text: word.slice(1) };
}

/** What a search has answered, and to which text; without that it is of an earlier one. */
interface Answer {
  char: string;
  key: string | undefined;
  choices: MenuChoice[];
  failed: boolean;
}

const keyOf = ({ menu, text }: OpenMenu) => `${menu.char}${text}`;

/**
 * The state of the menus of a composer. While the search for what was typed has not answered, Enter and Tab wait for
 * it: neither the bare short code nor a choice of an earlier search goes to the customer.
 */
export function useMenus(
  menus: ComposerMenu[] | undefined,
  mode: ComposerMode,
  draft: string,
  area: RefObject<HTMLTextAreaElement | null>,
  insert: Insert,
) {
  const listId = useId();
  const [cursor, setCursor] = useState(0);
  const [dismissed, setDismissed] = useState<number>();
  const [found, setFound] = useState<Answer>();
  const [active, setActive] = useState(0);
  const [waiting, setWaiting] = useState<string>();
  const [tries, setTries] = useState(0);
  const at = menus && cursor <= draft.length ? menuAt(menus, mode, draft, cursor) : undefined;
  const open = at && at.from !== dismissed ? at : undefined;
  const key = open ? keyOf(open) : "";
  const choices = open && found?.char === open.menu.char ? found.choices : [];
  const settled = open !== undefined && found?.key === key;
  if (waiting !== undefined && waiting !== key) setWaiting(undefined);

  useEffect(() => {
    if (!open) return;
    let late = false;
    const answer = (list: MenuChoice[], failed: boolean) => {
      if (late) return;
      setFound({ char: open.menu.char, key, choices: list, failed });
      setActive(0);
    };
    open.menu.search(open.text).then(
      (list) => {
        answer(list, false);
      },
      () => {
        answer([], true);
      },
    );
    return () => {
      late = true;
      setFound((held) => held && { ...held, key: undefined });
    };
    // One search per text; the menu itself is made anew on each render.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key, tries]);

  useEffect(() => {
    if (settled && waiting === key && choices[0]) pick(choices[0]);
    // The answer has come that Enter waits for.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [found, waiting]);

  function pick(choice: MenuChoice): void {
    if (!open) return;
    const where = { from: open.from, to: open.from + 1 + open.text.length };
    choice.pick((text, select) => {
      insert(text, where, select);
    });
    setDismissed(open.from);
  }

  return {
    open,
    choices,
    settled,
    waiting: waiting === key && !settled,
    failed: settled && found?.failed === true,
    active,
    listId,
    pick,
    onSelect: () => {
      setCursor(area.current?.selectionStart ?? 0);
      if (at === undefined) setDismissed(undefined);
    },
    /** Takes a key; true if it was the menu's. */
    onKey: (event: KeyboardEvent<HTMLTextAreaElement>): boolean => {
      // Of two quick keys the second may come before the cursor is known here.
      const here = area.current?.selectionStart ?? cursor;
      const now = menus && menuAt(menus, mode, draft, here);
      if (!now || now.from === dismissed || event.nativeEvent.isComposing) return false;
      const ready = settled && now.from === open.from && keyOf(now) === key;
      const chosen = choices[active];
      if (event.key === "Escape") setDismissed(now.from);
      else if (event.key === "Enter" || event.key === "Tab") {
        if (ready && chosen) pick(chosen);
        else if (ready && !found.failed) return false;
        else {
          setCursor(here);
          setWaiting(keyOf(now));
          if (ready) setTries(tries + 1);
        }
      } else if (choices.length === 0) return false;
      else if (event.key === "ArrowDown") setActive((active + 1) % choices.length);
      else if (event.key === "ArrowUp") setActive((active + choices.length - 1) % choices.length);
      else return false;
      return true;
    },
    aria: open
      ? ({ role: "combobox", "aria-expanded": true, "aria-controls": listId, "aria-autocomplete": "list", "aria-activedescendant": `${listId}-${active}` } as const)
      : {},
  };
}

/** The open list of a composer, above its frame; or below it where there is more room. */
export function MenuList({ menu, below = false }: { menu: ReturnType<typeof useMenus>; below?: boolean }) {
  if (!menu.open || (menu.choices.length === 0 && !menu.settled && !menu.waiting)) return null;
  const choices = menu.waiting ? [] : menu.choices;
  return (
    <div
      className={cn(
        "absolute inset-x-0 z-30 max-h-72 overflow-y-auto rounded-lg border border-line-strong bg-surface p-1 shadow-lg",
        below ? "top-full mt-1" : "bottom-full mb-1",
      )}
    >
      {choices.length === 0 ? (
        <p role={menu.failed ? "alert" : "status"} className={cn("px-2 py-1.5 text-sm", menu.failed ? "text-danger" : "text-ink-muted")}>
          {menu.waiting ? t("Searching") : menu.failed ? t("The search has failed. Enter tries again, Escape closes the list.") : menu.open.menu.none}
        </p>
      ) : null}
      <ul id={menu.listId} role="listbox" aria-label={menu.open.menu.label}>
        {choices.map((choice, n) => (
          <li
            key={choice.id}
            id={`${menu.listId}-${n}`}
            role="option"
            aria-selected={n === menu.active}
            ref={(element) => {
              if (n === menu.active) element?.scrollIntoView({ block: "nearest" });
            }}
            onMouseDown={(event) => {
              event.preventDefault();
              menu.pick(choice);
            }}
            className={cn("cursor-default rounded-md px-2 py-1.5 text-sm", n === menu.active && "bg-accent-soft")}
          >
            <span className="font-medium">{choice.label}</span>
            {choice.detail ? <span className="block truncate text-xs text-ink-muted">{choice.detail}</span> : null}
          </li>
        ))}
      </ul>
    </div>
  );
}
