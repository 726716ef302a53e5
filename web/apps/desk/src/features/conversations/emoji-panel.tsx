import { useState } from "react";
import { language, t } from "@rapport/i18n";
import { Input } from "@rapport/ui/field";
import { groups } from "./emoji";

/** Emoji by group, with search in the language of the desk and in English. */
export function EmojiPanel({ onPick }: { onPick: (face: string) => void }) {
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const shown = groups()
    .map((group) => ({ ...group, faces: group.faces.filter((face) => wanted === "" || face.words.includes(wanted)) }))
    .filter((group) => group.faces.length > 0);
  return (
    <div className="w-72" lang={language()}>
      <Input
        autoFocus
        type="search"
        aria-label={t("Search emoji")}
        placeholder={t("Search emoji")}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
        }}
        onKeyDown={(event) => {
          const first = shown[0]?.faces[0];
          if (event.key === "Enter" && first) {
            event.preventDefault();
            onPick(first.face);
          }
        }}
      />
      <div className="mt-1.5 h-56 overflow-y-auto" tabIndex={-1}>
        {shown.length === 0 ? <p className="p-2 text-sm text-ink-muted">{t("No emoji is called so.")}</p> : null}
        {shown.map((group) => (
          <section key={group.name} aria-label={group.name}>
            <h3 className="px-1 pt-1 text-2xs font-medium text-ink-muted">{group.name}</h3>
            <div className="grid grid-cols-8">
              {group.faces.map(({ face, words }) => (
                <button
                  key={face}
                  type="button"
                  aria-label={`${face} ${words}`}
                  title={words}
                  className="flex aspect-square items-center justify-center rounded-md text-lg hover:bg-hover"
                  onClick={() => {
                    onPick(face);
                  }}
                >
                  {face}
                </button>
              ))}
            </div>
          </section>
        ))}
      </div>
    </div>
  );
}
