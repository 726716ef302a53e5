import { t } from "@rapport/i18n";

const mac = typeof navigator !== "undefined" && /mac|iphone|ipad/i.test(navigator.userAgent);

const shown: Record<string, string> = {
  mod: mac ? "⌘" : t("Ctrl"),
  shift: mac ? "⇧" : t("Shift"),
  Escape: t("Esc"),
  Enter: "↵",
  Delete: t("Del"),
  Backspace: "⌫",
  ArrowDown: "↓",
  ArrowUp: "↑",
  ArrowLeft: "←",
  ArrowRight: "→",
};

/** The keys of a shortcut; a plus is one where it joins no others. */
const apart = (keys: string) => keys.split(" ").flatMap((one) => one.split(/(?<=.)\+(?=.)/));

/** A shortcut as keys to press: "g m" one after the other, "mod+k" together. */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className="inline-flex shrink-0 items-center gap-0.5">
      {apart(keys).map((key, n) => (
        <kbd
          key={n}
          className="inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-sm border border-line-strong bg-canvas px-1 font-sans text-2xs text-ink-muted"
        >
          {shown[key] ?? (key.length === 1 ? key.toUpperCase() : key)}
        </kbd>
      ))}
    </span>
  );
}
