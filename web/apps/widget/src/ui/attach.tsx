import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { type Texts } from "../i18n";
import type { Carries, FileShown } from "../protocol";
import { WireError } from "../wire";
import { type Actions } from "./app";

/** A file that the visitor chose, on its way. */
export interface Chosen {
  key: number;
  name: string;
  size: number;
  sent: number;
  file?: FileShown;
  error?: string;
  stopped: boolean;
}

let keys = 0;

/** The files of the message that is being written, in the order of choosing. */
export function useAttach(carries: Carries | undefined, texts: Texts, actions: Actions) {
  const [chosen, setChosen] = useState<Chosen[]>([]);
  const change = () => setChosen((list) => [...list]);

  const why = (file: File): string | undefined => {
    const ending = file.name.slice(file.name.lastIndexOf(".") + 1).toLowerCase();
    const media = carries?.media.find((one) => one.extensions.includes(ending));
    if (!media) return texts.wrongType(carries?.media.flatMap((one) => one.extensions).join(", ") ?? "");
    return file.size > media.max_bytes ? texts.tooLarge(media.max_bytes >> 20) : undefined;
  };
  const add = (files: ArrayLike<File>) => {
    const most = carries?.max_files ?? 0;
    for (const [at, file] of Array.from(files).entries()) {
      const one: Chosen = { key: ++keys, name: file.name, size: file.size, sent: 0, stopped: false };
      const error = chosen.length + at < most ? why(file) : texts.tooMany(most);
      setChosen((list) => [...list, one]);
      if (error !== undefined) {
        one.error = error;
        continue;
      }
      const progress = (sent: number) => {
        one.sent = sent;
        change();
      };
      actions
        .upload(file, progress, () => one.stopped)
        .then((shown) => {
          if (shown) one.file = shown;
        })
        .catch((cause: unknown) => {
          one.error = (cause instanceof WireError && cause.detail) || texts.failed;
        })
        .finally(change);
    }
  };
  const remove = (one: Chosen) => {
    one.stopped = true;
    setChosen((list) => list.filter((other) => other !== one));
  };
  /** Hands over what is there. */
  const take = (): FileShown[] => {
    setChosen([]);
    return chosen.flatMap((one) => (one.file ? [one.file] : []));
  };
  return { chosen, add, remove, take, ready: chosen.every((one) => one.file !== undefined), may: (carries?.max_files ?? 0) > 0 };
}

export function ChosenList({ chosen, remove, texts }: { chosen: Chosen[]; remove: (one: Chosen) => void; texts: Texts }): JSX.Element {
  return (
    <ul class="chosen" aria-label={texts.files}>
      {chosen.map((one) => (
        <li key={one.key} class={one.error === undefined ? "" : "wrong"}>
          <span dir="auto">{one.name}</span>
          {one.error !== undefined ? (
            <em role="alert">{one.error}</em>
          ) : one.file ? null : (
            <progress max={one.size} value={one.sent} aria-label={texts.uploading(one.name)} />
          )}
          <button type="button" aria-label={texts.remove(one.name)} onClick={() => remove(one)}>
            ×
          </button>
        </li>
      ))}
    </ul>
  );
}
