import { ChevronRight } from "lucide-react";
import { type ReactNode, useId } from "react";
import { cn } from "@rapport/ui/cn";
import { createStore, useStore } from "./store";

const KEY = "rapport.folded";

function stored(): string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

const store = createStore<{ folded: string[] }>({ folded: stored() });

/** Which sections a person changed from how they start; kept in the browser. */
function turn(id: string): void {
  const { folded } = store.get();
  const next = folded.includes(id) ? folded.filter((one) => one !== id) : [...folded, id];
  store.set({ folded: next });
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // A full or forbidden storage only forgets.
  }
}

/** One section of the side panel, folded away by its heading; the browser remembers which are. */
export function PanelSection({
  id,
  title,
  aside,
  startsFolded = false,
  children,
}: {
  /** Under which its state is remembered; one word. */
  id: string;
  title: string;
  /** Beside the title: a count, a button. */
  aside?: ReactNode;
  startsFolded?: boolean;
  children: ReactNode;
}) {
  const region = useId();
  const open = useStore(store, ({ folded }) => folded.includes(id)) === startsFolded;
  return (
    <section className="border-t border-line px-4 py-1 first:border-t-0">
      <div className="flex h-9 items-center gap-1">
        <h3 className="min-w-0 flex-1">
          <button
            type="button"
            aria-expanded={open}
            aria-controls={region}
            onClick={() => {
              turn(id);
            }}
            className="-mx-1.5 flex h-7 max-w-full items-center gap-1 rounded-md px-1.5 text-xs font-medium text-ink-muted hover:bg-hover hover:text-ink"
          >
            <ChevronRight aria-hidden className={cn("size-3.5 shrink-0 transition-transform rtl:-scale-x-100", open && "rotate-90 rtl:-rotate-90")} />
            <span className="truncate">{title}</span>
          </button>
        </h3>
        {aside}
      </div>
      <div id={region} hidden={!open} className="pb-3">
        {open ? children : null}
      </div>
    </section>
  );
}
