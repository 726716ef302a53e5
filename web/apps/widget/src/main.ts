/**
 * The script tag's entry: reads the tag and puts `window.Rapport` in place.
 *
 *	<script src="https://HOST/widget.js" data-inbox="ID" async></script>
 *
 * Optional: data-identity (signed JWT), data-position ("left" or "right"),
 * data-color ("#rrggbb"), data-lang ("de").
 *
 * Calls before the script has loaded wait in a queue:
 *
 *	window.Rapport = window.Rapport || [];
 *	Rapport.push(["identify", jwt]);
 */
import { type Options, Widget, type WidgetEvents } from "./widget";

type Handler<E extends keyof WidgetEvents> = (detail: WidgetEvents[E]) => void;

export interface RapportAPI {
  open(): void;
  close(): void;
  toggle(): void;
  /** Says who the visitor is, by a JWT signed with the inbox's secret. */
  identify(jwt: string): void;
  /** Ends the chat and forgets the visitor on this browser: call it when your user signs out. */
  shutdown(): void;
  /** Events: ready, open, close, message, unread, conversation, identity. Returns how to stop listening. */
  on<E extends keyof WidgetEvents>(event: E, handler: Handler<E>): () => void;
  /** A call by name, as in the queue. */
  push(...calls: Call[]): void;
}

type Call = { [M in keyof Omit<RapportAPI, "push">]: [M, ...Parameters<RapportAPI[M]>] }[keyof Omit<RapportAPI, "push">];

declare global {
  interface Window {
    Rapport?: RapportAPI | Call[];
  }
}

function install(tag: HTMLScriptElement, inbox: string): void {
  const handlers = new Map<string, Set<(detail: never) => void>>();
  const html = document.documentElement;
  const lang = (tag.dataset["lang"] || html.lang || "en").replaceAll("_", "-"); // some pages say de_DE
  const options: Options = {
    base: new URL(".", tag.src).href.replace(/\/$/, ""),
    inbox,
    identity: tag.dataset["identity"] || undefined,
    position: tag.dataset["position"],
    color: tag.dataset["color"],
    lang: Intl.DateTimeFormat.supportedLocalesOf(lang).length > 0 ? lang : "en",
    dir: getComputedStyle(html).direction === "rtl" ? "rtl" : "ltr",
  };

  let widget: Widget | null = null;
  const tell = <E extends keyof WidgetEvents>(event: E, detail: WidgetEvents[E]) => {
    for (const handler of handlers.get(event) ?? []) {
      try {
        (handler as Handler<E>)(detail);
      } catch (error) {
        queueMicrotask(() => {
          throw error; // the page's mistake shows as one, and the chat goes on
        });
      }
    }
  };
  const running = (): Widget => {
    if (widget) return widget;
    widget = new Widget(options, tell);
    void widget.start();
    return widget;
  };

  const api: RapportAPI = {
    open: () => running().toggle(true),
    close: () => widget?.toggle(false),
    toggle: () => running().toggle(),
    identify: (jwt) => {
      options.identity = jwt;
      running().identify(jwt);
    },
    shutdown: () => {
      widget?.shutdown();
      widget = null;
      options.identity = undefined;
    },
    on: (event, handler) => {
      const set = handlers.get(event) ?? new Set();
      handlers.set(event, set.add(handler));
      return () => void set.delete(handler);
    },
    push: (...calls) => {
      for (const [method, ...args] of calls) (api[method] as (...args: unknown[]) => void)(...args);
    },
  };

  const waiting = Array.isArray(window.Rapport) ? window.Rapport : [];
  window.Rapport = api;
  // Who the visitor is comes before the first request.
  for (const call of waiting) if (call[0] === "identify") options.identity = call[1];
  const start = () => {
    running();
    api.push(...waiting.filter((call) => call[0] !== "identify"));
  };
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start, { once: true });
}

const tag = document.currentScript ?? document.querySelector("script[data-inbox]");
const inbox = tag instanceof HTMLScriptElement ? tag.dataset["inbox"] : undefined;
if (!(tag instanceof HTMLScriptElement) || !inbox) {
  console.warn("Rapport: the script tag needs data-inbox with the id of an inbox.");
} else if (window.Rapport === undefined || Array.isArray(window.Rapport)) {
  install(tag, inbox);
}
