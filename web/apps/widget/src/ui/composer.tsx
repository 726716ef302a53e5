import { type JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Texts } from "../i18n";
import { type Actions } from "./app";
import type { Carries } from "../protocol";
import { ChosenList, useAttach } from "./attach";
import { ClipIcon, PlaceIcon, SendIcon } from "./icons";
import { ChosenPlace, usePlace } from "./place";

/** The longest message, in characters, where the server does not say. */
const USUAL = 4000;

interface ComposerProps {
  carries: Carries | undefined;
  texts: Texts;
  draft: string;
  /** Take the focus when shown. */
  focus: boolean;
  actions: Actions;
}

export function Composer({ carries, texts, draft, focus, actions }: ComposerProps): JSX.Element {
  const fieldRef = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(draft);
  const longest = carries?.max_text ?? USUAL;
  const length = Array.from(text).length;
  const near = length > longest * 0.9;
  const attach = useAttach(carries, texts, actions);
  const place = usePlace(carries);
  const chooserRef = useRef<HTMLInputElement>(null);
  const something = text.trim() !== "" || attach.chosen.length > 0 || place.found;
  const sendable = something && attach.ready && place.ready && length <= longest;

  useEffect(() => {
    if (focus) fieldRef.current?.focus({ preventScroll: true });
  }, [focus]);
  useEffect(() => {
    const element = fieldRef.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight + 2}px`;
  }, [text]);

  const write = (value: string) => {
    setText(value);
    actions.draft(value);
    actions.typing(value.trim() !== "");
  };
  const send = () => {
    if (!sendable) return;
    actions.send(text.trim(), attach.take(), place.take());
    setText("");
    actions.draft("");
    fieldRef.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter that ends an input method's composition chooses a word; it does not send.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  };
  const onSubmit = (event: Event) => {
    event.preventDefault();
    send();
  };
  return (
    <>
      {attach.chosen.length > 0 && <ChosenList chosen={attach.chosen} remove={attach.remove} texts={texts} />}
      {place.sought !== undefined && <ChosenPlace sought={place.sought} drop={place.drop} texts={texts} />}
      <form
        onSubmit={onSubmit}
        onDragOver={(event) => attach.may && event.preventDefault()}
        onDrop={(event) => {
          if (!attach.may || !event.dataTransfer?.files.length) return;
          event.preventDefault();
          attach.add(event.dataTransfer.files);
        }}
      >
        {attach.may && (
          <>
            <input
              ref={chooserRef}
              type="file"
              multiple
              hidden
              accept={carries?.media.flatMap((one) => one.extensions.map((ending) => `.${ending}`)).join()}
              onChange={({ currentTarget }) => {
                attach.add(currentTarget.files ?? []);
                currentTarget.value = "";
                fieldRef.current?.focus();
              }}
            />
            <button class="attach" type="button" aria-label={texts.attach} onClick={() => chooserRef.current?.click()}>
              <ClipIcon />
            </button>
          </>
        )}
        {place.may && (
          <button class="attach" type="button" aria-label={texts.share} onClick={place.seek}>
            <PlaceIcon />
          </button>
        )}
        <textarea
          ref={fieldRef}
          rows={1}
          dir="auto"
          value={text}
          placeholder={texts.write}
          aria-label={texts.write}
          aria-describedby="count"
          onPaste={(event) => {
            const files = event.clipboardData?.files;
            if (!attach.may || !files?.length) return;
            event.preventDefault();
            attach.add(files);
          }}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <button class="send" type="submit" aria-label={texts.send} disabled={!sendable}>
          <SendIcon />
        </button>
      </form>
      <p id="count" class={length > longest ? "count over" : "count"} role="status" hidden={!near}>
        {!near ? "" : length > longest ? texts.tooLong(length - longest) : texts.left(longest - length)}
      </p>
    </>
  );
}
