import type { Verdicted } from "./api/types";

// Whatever the person can do is one command object. Buttons, menus, the palette
// and shortcuts read it; none of them knows what it does.

export interface Command<Context, Icon> {
  id: string;
  label: string | ((context: Context) => string);
  group: string;
  /** Sequences of keys, e.g. "e" or "g m". "mod" is Ctrl, or Cmd on a Mac; "mod+shift+z", "shift+ArrowUp". */
  keys?: string[];
  icon: Icon;
  /** Whether it makes sense here at all; what does not is not shown. */
  shown?(context: Context): boolean;
  enabled(context: Context): Verdicted;
  perform(context: Context): void | Promise<void>;
}

export const YES: Verdicted = { ok: true, why: "" };
export const no = (why: string): Verdicted => ({ ok: false, why });

export function labelOf<C, I>(command: Command<C, I>, context: C): string {
  return typeof command.label === "string" ? command.label : command.label(context);
}

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey?: boolean;
}

function chord(press: KeyPress): string {
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  const modified = press.ctrlKey || press.metaKey;
  // Of a plain letter, shift makes another letter, which the key says itself.
  const shift = press.shiftKey && (modified || press.key.length > 1) ? "shift+" : "";
  return `${modified ? "mod+" : ""}${shift}${key}`;
}

/** How long the second key of a sequence may take, in milliseconds. */
export const SEQUENCE = 1_000;

/**
 * Recognises shortcuts in a stream of key presses. `press` answers the command
 * whose keys are complete, and remembers the first half of a sequence.
 */
export class Shortcuts<C, I> {
  private pending = "";
  private pendingAt = 0;

  constructor(
    private readonly commands: Command<C, I>[],
    private readonly now: () => number = Date.now,
  ) {}

  press(press: KeyPress): Command<C, I> | "pending" | undefined {
    if (press.altKey) return undefined;
    const fresh = this.pending !== "" && this.now() - this.pendingAt < SEQUENCE;
    const typed = fresh ? `${this.pending} ${chord(press)}` : chord(press);
    this.pending = "";
    const hit = this.commands.find((command) => command.keys?.includes(typed));
    if (hit) return hit;
    if (this.commands.some((command) => command.keys?.some((keys) => keys.startsWith(`${typed} `)))) {
      this.pending = typed;
      this.pendingAt = this.now();
      return "pending";
    }
    return undefined;
  }
}
