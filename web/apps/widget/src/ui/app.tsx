import { type JSX } from "preact";
import { type Accent } from "../color";
import { type Texts } from "../i18n";
import type { FileShown, InboxConfig, Place } from "../protocol";
import { type State, unread } from "../state";
import { ChatIcon, DownIcon } from "./icons";
import { Panel } from "./panel";

/** What a person can do in the widget. */
export interface Actions {
  toggle(open: boolean): void;
  send(body: string, files?: FileShown[], location?: Place): void;
  upload(file: File, progress: (sent: number) => void, stopped: () => boolean): Promise<FileShown | undefined>;
  /** Stop waiting for one agent. */
  anyone(): void;
  /** Answers how it was; false when that could not be kept. */
  rate(score: number, comment: string, thanks: string): Promise<boolean>;
  retry(clientId: string): void;
  discard(clientId: string): void;
  typing(on: boolean): void;
  draft(text: string): void;
  sound(on: boolean): void;
}

export interface AppProps {
  state: State;
  config: InboxConfig;
  texts: Texts;
  lang: string;
  dir: "ltr" | "rtl";
  side: "start" | "end";
  accent: Accent;
  open: boolean;
  /** Whether the panel was opened here and may take the focus, or was open when the page loaded. */
  focus: boolean;
  online: boolean;
  sound: boolean;
  draft: string;
  /** What is said after an answer; empty before. */
  thanks: string;
  actions: Actions;
}

export function App(props: AppProps): JSX.Element {
  const { state, texts, open, actions } = props;
  const count = open ? 0 : unread(state);
  const label = open ? texts.close : count > 0 ? texts.openUnread(count) : texts.open;
  return (
    <div
      class={`root ${props.side} ${open ? "opened" : ""}`}
      dir={props.dir}
      lang={props.lang}
      style={{ "--accent": props.accent.back, "--on-accent": props.accent.text }}
    >
      {open && <Panel {...props} />}
      <button
        class="launcher"
        type="button"
        aria-label={label}
        aria-expanded={open}
        aria-haspopup="dialog"
        onClick={() => actions.toggle(!open)}
      >
        {open ? <DownIcon /> : <ChatIcon />}
        {count > 0 && (
          <span class="badge" aria-hidden="true">
            {count > 99 ? "99+" : count}
          </span>
        )}
      </button>
      <span class="hidden" role="status">
        {count > 0 ? texts.openUnread(count) : ""}
      </span>
    </div>
  );
}
