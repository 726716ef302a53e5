import { type JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { type Texts } from "../i18n";
import type { Carries, Place } from "../protocol";

/** Where the visitor is: being asked of the browser, kept back by it, or found. */
type Sought = "seeking" | "unknown" | Place;

/** The place that goes along with the message that is being written. It is shown before it is sent. */
export function usePlace(carries: Carries | undefined) {
  const [sought, setSought] = useState<Sought>();
  const askedRef = useRef(0);

  const seek = () => {
    const mine = ++askedRef.current;
    const found = (what: Sought) => {
      if (mine === askedRef.current) setSought(what);
    };
    setSought("seeking");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => found({ latitude: metres(coords.latitude), longitude: metres(coords.longitude) }),
      () => found("unknown"),
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 },
    );
  };
  const drop = () => {
    askedRef.current++;
    setSought(undefined);
  };
  /** Hands over what was found. */
  const take = (): Place | undefined => {
    drop();
    return typeof sought === "object" ? sought : undefined;
  };
  // Browsers tell nobody on a page without https where they are.
  const may = carries?.location === true && "geolocation" in navigator && window.isSecureContext;
  return { sought, seek, drop, take, may, found: typeof sought === "object", ready: sought !== "seeking" };
}

/** Degrees to five places, which is about a metre. */
function metres(degrees: number): number {
  return Math.round(degrees * 1e5) / 1e5;
}

export function ChosenPlace({ sought, drop, texts }: { sought: Sought; drop: () => void; texts: Texts }): JSX.Element {
  return (
    <ul class="chosen" aria-label={texts.location}>
      <li class={sought === "unknown" ? "wrong" : ""}>
        <span>
          📍 {sought === "seeking" ? texts.seeking : typeof sought === "object" ? `${sought.latitude}, ${sought.longitude}` : texts.location}
        </span>
        {sought === "unknown" && <em role="alert">{texts.unlocated}</em>}
        <button type="button" aria-label={texts.remove(texts.location)} onClick={drop}>
          ×
        </button>
      </li>
    </ul>
  );
}
