import { direction, language, t } from "@rapport/i18n";
import type { NotifyHow, Preferences } from "@rapport/core/api/desk";
import type { Alert } from "@rapport/core/alert";

// What tells a person who looks elsewhere: the browser's notifications and a tone.
//
//   a page of the desk in front with its conversations (S3-03): nothing, the page itself tells
//   otherwise: of all pages of the desk one tells, the holder of a lock
//
// A page that closes gives its locks back, so that another one takes over.

const TELLER = "rapport.teller";
const LOOKING = "rapport.looking";

/** Whether this browser can show notifications at all; they need HTTPS, or this machine. */
export function canNotify(): boolean {
  return typeof Notification !== "undefined" && window.isSecureContext;
}

/** What the agent chose for a kind, else the default. The same as on the server. */
export function howOf(preferences: Preferences, kind: string): NotifyHow {
  const chosen = preferences.notify?.[kind];
  return chosen ?? { browser: true, sound: kind !== "lost", email: kind !== "message" };
}

/** Waits for a lock and holds it until told to let go. */
function hold(name: string, mode: LockMode, held: () => void): () => void {
  const stop = new AbortController();
  let release = (): void => undefined;
  const locks = (navigator as { locks?: LockManager }).locks;
  if (!locks) {
    held(); // without HTTPS there is nothing to agree with
    return () => undefined;
  }
  locks
    .request(name, { mode, signal: stop.signal }, () => {
      held();
      return new Promise<void>((resolve) => {
        release = resolve;
      });
    })
    .catch(() => undefined); // told to let go while it waited
  return () => {
    stop.abort();
    release();
  };
}

/** Whether some page of the desk shows conversations in front. */
async function somebodyLooks(): Promise<boolean> {
  const locks = (navigator as { locks?: LockManager }).locks;
  if (!locks) return document.visibilityState === "visible";
  return (await locks.query()).held?.some((one) => one.name === LOOKING) ?? false;
}

/** Says for as long as it is held that conversations are in front here. */
export function lookAt(): () => void {
  return hold(LOOKING, "shared", () => undefined);
}

export interface Alarm {
  /** Tells of something if nobody looks and this page is the one that tells. */
  tell: (alert: Alert, how: NotifyHow, sound: boolean) => Promise<void>;
  stop: () => void;
}

export function startAlarm(open: (conversationId: string) => void): Alarm {
  let teller = false;
  const letGo = hold(TELLER, "exclusive", () => (teller = true));
  return {
    tell: async (alert, how, sound) => {
      if (!teller || (await somebodyLooks())) return;
      if (how.sound && sound) void ring();
      if (!how.browser) return;
      show(alert.text, alert.id, () => {
        if (alert.conversationId) open(alert.conversationId);
      });
    },
    stop: letGo,
  };
}

/** Shows a notification; undefined where that is not possible or not allowed. */
export function show(text: string, tag: string, clicked: () => void): Notification | undefined {
  if (!canNotify() || Notification.permission !== "granted") return undefined;
  try {
    const shown = new Notification(t("Rapport"), { body: text, tag, lang: language(), dir: direction(), icon: "/favicon.svg" });
    shown.onclick = () => {
      window.focus();
      shown.close();
      clicked();
    };
    return shown;
  } catch {
    return undefined; // Chrome on phones has no notifications of pages
  }
}

let speaker: AudioContext | undefined;

/** A short tone of two notes, made here. False where the browser keeps it silent until somebody has clicked. */
export async function ring(): Promise<boolean> {
  try {
    speaker ??= new AudioContext();
    await Promise.race([speaker.resume(), new Promise((resolve) => setTimeout(resolve, 300))]);
    if (speaker.state !== "running") return false;
    const begin = speaker.currentTime + 0.02;
    for (const [note, at] of [
      [659.3, 0],
      [880, 0.14],
    ] as const) {
      const tone = speaker.createOscillator();
      const loud = speaker.createGain();
      tone.type = "sine";
      tone.frequency.value = note;
      loud.gain.setValueAtTime(0.0001, begin + at);
      loud.gain.exponentialRampToValueAtTime(0.18, begin + at + 0.02);
      loud.gain.exponentialRampToValueAtTime(0.0001, begin + at + 0.32);
      tone.connect(loud).connect(speaker.destination);
      tone.start(begin + at);
      tone.stop(begin + at + 0.34);
    }
    return true;
  } catch {
    return false;
  }
}
