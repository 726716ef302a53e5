/** One inbox's chat on one page: the element, the chat behind it, and what wakes them. */
import { h, render } from "preact";
import { chime, TitleCount } from "./attention";
import { Backoff } from "./backoff";
import { Chat } from "./chat";
import { accent } from "./color";
import { textsFor } from "./i18n";
import { type Conversation, type InboxConfig, type Item } from "./protocol";
import { Rest } from "./rest";
import { Storage } from "./storage";
import { styles } from "./styles";
import { type Actions, App } from "./ui/app";
import { Wire, WireError } from "./wire";

export interface Options {
  /** Where the script came from, without its name. */
  base: string;
  inbox: string;
  identity?: string | undefined;
  position?: string | undefined;
  color?: string | undefined;
  lang: string;
  dir: "ltr" | "rtl";
}

/** What `Rapport.on` can tell, and with what. */
export interface WidgetEvents {
  ready: undefined;
  open: undefined;
  close: undefined;
  message: Item;
  unread: number;
  conversation: Conversation;
  /** The visitor cannot chat before `identify` is called: never was, or the token has expired. */
  identity: "identity_missing" | "identity_refused";
}

export type Listener = <E extends keyof WidgetEvents>(event: E, detail: WidgetEvents[E]) => void;

/** A page that may not use the inbox asks ever more rarely, up to this many milliseconds apart. */
const PATIENCE = 300_000;

export class Widget {
  readonly #options: Options;
  readonly #tell: Listener;
  readonly #wire: Wire;
  readonly #storage: Storage;
  readonly #chat: Chat;
  readonly #rest = new Rest();
  readonly #title = new TitleCount();
  readonly #host = document.createElement("div");
  readonly #container = document.createElement("div");
  readonly #stopped = new AbortController();
  #config: InboxConfig | null = null;
  #open: boolean;
  #toggled = false;
  #unread = 0;
  /** Said after a survey, while its conversation is over. */
  #thanks = "";
  #conversation = "";
  /** What had the focus on the page before the panel took it. */
  #focusBefore: HTMLElement | null = null;

  constructor(options: Options, tell: Listener) {
    this.#options = options;
    this.#tell = tell;
    this.#wire = new Wire(options.base, options.inbox, options.lang);
    this.#storage = new Storage(options.inbox);
    this.#open = this.#storage.panelOpen;
    this.#chat = new Chat(options.inbox, this.#wire, this.#storage, options.identity, {
      change: () => this.#changed(),
      message: (item) => this.#heard(item),
      refused: (refusal) => refusal !== "unavailable" && tell("identity", refusal),
    });
  }

  /** Shows the launcher as soon as the server says how the inbox looks. */
  async start(): Promise<void> {
    const config = await this.#load();
    if (!config || this.#stopped.signal.aborted) return;
    this.#config = config;
    this.#mount();
    this.#chat.start();
    if (this.#open) this.#chat.want();
    this.#changed();
    this.#tell("ready", undefined);
  }

  toggle(open = !this.#open): void {
    if (open === this.#open) return;
    this.#open = open;
    this.#toggled = true;
    this.#storage.panelOpen = open;
    const active = document.activeElement;
    if (open) {
      this.#focusBefore = active instanceof HTMLElement && active !== document.body && active !== this.#host ? active : null;
      this.#chat.want();
    }
    this.#changed();
    // Who was in the panel goes back to where they came from.
    if (!open && active === this.#host) {
      const back = this.#focusBefore?.isConnected ? this.#focusBefore : this.#container.querySelector<HTMLElement>(".launcher");
      back?.focus();
    }
    this.#tell(open ? "open" : "close", undefined);
  }

  identify(jwt: string): void {
    this.#chat.identify(jwt);
  }

  /** Ends the chat, forgets the visitor on this browser and leaves the page as it was. */
  shutdown(): void {
    this.#stopped.abort();
    this.#rest.end();
    this.#chat.shutdown();
    this.#title.show(0);
    render(null, this.#container);
    this.#host.remove();
  }

  async #load(): Promise<InboxConfig | null> {
    const backoff = new Backoff(PATIENCE);
    const complain = (why: string) => console.warn(`Rapport: the chat of inbox ${this.#options.inbox} cannot be shown: ${why}`);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#wire.config();
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        if (!error.temporary) {
          complain(error.message);
          return null;
        }
        // A refusal across origins looks like no answer at all.
        if (attempt === 1) complain(error.detail || "no answer. Does the inbox allow this website? Trying again.");
        await this.#rest.for(Math.max(backoff.next(), error.retryAfter));
        if (this.#stopped.signal.aborted) return null;
      }
    }
  }

  #mount(): void {
    // The page's rules reach the host element itself; important inline declarations outrank them all.
    const own = { all: "initial", display: "block", position: "fixed", inset: "auto", overflow: "visible", "z-index": "2147483000" };
    for (const [name, value] of Object.entries(own)) this.#host.style.setProperty(name, value, "important");
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    const shadow = this.#host.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [sheet];
    shadow.append(this.#container);
    // Outside, key presses seem to come from a plain element: the page would take them for its shortcuts.
    for (const type of ["keydown", "keypress", "keyup"] as const) {
      this.#container.addEventListener(type, (event) => event.stopPropagation());
    }
    document.body.append(this.#host);
    // In the top layer no transform, filter or stacking order of the page applies.
    if ("showPopover" in this.#host) {
      this.#host.popover = "manual";
      this.#host.showPopover();
    }

    const { signal } = this.#stopped;
    document.addEventListener("visibilitychange", () => this.#awake(), { signal });
    window.addEventListener("online", () => this.#awake(), { signal });
    window.addEventListener("pageshow", () => this.#awake(), { signal });
    window.addEventListener(
      "offline",
      () => {
        this.#chat.offline();
        this.#changed();
      },
      { signal },
    );
  }

  #awake(): void {
    this.#chat.wake();
    this.#changed();
  }

  #changed(): void {
    if (!this.#config || this.#stopped.signal.aborted) return;
    const visible = document.visibilityState === "visible";
    this.#chat.attend(this.#open && visible);
    const { unread, state } = this.#chat;
    this.#title.show(visible ? 0 : unread);
    if (unread !== this.#unread) this.#tell("unread", (this.#unread = unread));
    const { conversation } = state;
    const standing = JSON.stringify(conversation);
    if (conversation && standing !== this.#conversation) this.#tell("conversation", conversation);
    this.#conversation = standing;
    this.#render(this.#config);
  }

  #heard(item: Item): void {
    this.#tell("message", item);
    if (this.#storage.sound && !(this.#open && document.visibilityState === "visible")) chime();
  }

  readonly #actions: Actions = {
    toggle: (open) => this.toggle(open),
    send: (body, files, location) => this.#chat.send(body, files, location),
    upload: (file, progress, stopped) => this.#chat.upload(file, progress, stopped),
    anyone: () => this.#chat.anyone(),
    rate: async (score, comment, thanks) => {
      const kept = await this.#chat.rate(score, comment);
      this.#thanks = kept ? thanks : "";
      this.#changed();
      return kept;
    },
    retry: (clientId) => this.#chat.retry(clientId),
    discard: (clientId) => this.#chat.discard(clientId),
    typing: (on) => this.#chat.typing(on),
    draft: (text) => (this.#storage.draft = text),
    sound: (on) => {
      this.#storage.sound = on;
      if (on) chime();
      this.#changed();
    },
  };

  #render(config: InboxConfig): void {
    const { lang, dir, position, color } = this.#options;
    const props = {
      state: this.#chat.state,
      config,
      texts: textsFor(lang),
      lang,
      dir,
      side: (position || config.position).includes("left") === (dir === "ltr") ? ("start" as const) : ("end" as const),
      accent: accent(color || config.color),
      open: this.#open,
      focus: this.#toggled,
      online: navigator.onLine,
      sound: this.#storage.sound,
      draft: this.#storage.draft,
      thanks: this.#thanks,
      actions: this.#actions,
    };
    render(h(App, props), this.#container);
  }
}
