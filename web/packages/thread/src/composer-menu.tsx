import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useId, useState } from "react";
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

/** The state of the menus of a composer. */
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
  const [found, setFound] = useState<{ key: string; choices: MenuChoice[] }>();
  const [active, setActive] = useState(0);
  const at = menus && cursor <= draft.length ? menuAt(menus, mode, draft, cursor) : undefined;
  const open = at && at.from !== dismissed ? at : undefined;
  const key = open ? `${open.menu.char}${open.text}` : "";
  const choices = open && found?.key.startsWith(open.menu.char) ? found.choices : [];

  useEffect(() => {
    if (!open) return;
    let late = false;
    void open.menu.search(open.text).then((list) => {
      if (late) return;
      setFound({ key, choices: list });
      setActive(0);
    });
    return () => {
      late = true;
    };
    // One search per text; the menu itself is made anew on each render.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key]);

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
    settled: found?.key === key,
    active,
    listId,
    pick,
    onSelect: () => {
      setCursor(area.current?.selectionStart ?? 0);
      if (at === undefined) setDismissed(undefined);
    },
    /** Takes a key; true if it was the menu's. */
    onKey: (event: KeyboardEvent<HTMLTextAreaElement>): boolean => {
      if (!open) return false;
      const chosen = choices[active];
      if (event.key === "Escape") setDismissed(open.from);
      else if (choices.length === 0) return false;
      else if (event.key === "ArrowDown") setActive((active + 1) % choices.length);
      else if (event.key === "ArrowUp") setActive((active + choices.length - 1) % choices.length);
      else if ((event.key === "Enter" || event.key === "Tab") && chosen) pick(chosen);
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
  if (!menu.open || (menu.choices.length === 0 && !menu.settled)) return null;
  return (
    <div
      className={cn(
        "absolute inset-x-0 z-30 max-h-72 overflow-y-auto rounded-lg border border-line-strong bg-surface p-1 shadow-lg",
        below ? "top-full mt-1" : "bottom-full mb-1",
      )}
    >
      {menu.choices.length === 0 ? <p className="px-2 py-1.5 text-sm text-ink-muted">{menu.open.menu.none}</p> : null}
      <ul id={menu.listId} role="listbox" aria-label={menu.open.menu.label}>
        {menu.choices.map((choice, n) => (
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
