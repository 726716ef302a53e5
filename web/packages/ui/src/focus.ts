// Dialogs, menus and the like take the focus for a while. When one closes, it goes back to where somebody was: what they
// type next must not become shortcuts. Radix would do so for what has a trigger; the desk's dialogs are opened by commands.

/** What has the focus only for a while; other parts say so with data-passing. */
const PASSING = "[role=dialog], [role=alertdialog], [role=menu], [data-passing]";

/** Takes the focus where what had it is gone. */
const HOME = "[data-focus-home]";

interface Place {
  element: HTMLElement;
  /** What it is in, if that has the focus only for a while. */
  within: Element | null;
}

/** Where the focus was, the latest last: one place in the page, and one in each thing that is open above it. */
let places: Place[] = [];

const open = ({ within }: Place) => within === null || within.isConnected;

function came({ target }: FocusEvent): void {
  if (!(target instanceof HTMLElement)) return;
  const within = target.closest(PASSING);
  places = [...places.filter((one) => open(one) && one.within !== within), { element: target, within }];
}

/** Somebody clicks where nothing takes the focus; what is taken out of the page, or a window that is left, keeps its place. */
function left({ target, relatedTarget }: FocusEvent): void {
  if (relatedTarget !== null || !document.hasFocus()) return;
  queueMicrotask(() => {
    if (target instanceof HTMLElement && target.isConnected && document.activeElement === document.body) {
      places = places.filter(({ element }) => element !== target);
    }
  });
}

if (typeof document !== "undefined") {
  document.addEventListener("focusin", came);
  document.addEventListener("focusout", left);
}

function take(element: HTMLElement | null): boolean {
  element?.focus({ preventScroll: true });
  return element !== null && document.activeElement === element;
}

/** Gives the focus back to where it was before `leaving` took it, unless it is elsewhere already. */
export function giveBack(leaving?: Element | null): void {
  const { activeElement } = document;
  if (activeElement && activeElement !== document.body && !leaving?.contains(activeElement)) return;
  const place = places.findLast((one) => open(one) && one.within !== (leaving ?? undefined));
  if (!place || take(place.element)) return;
  take(place.within instanceof HTMLElement ? place.within : document.querySelector<HTMLElement>(HOME));
}

/** For Radix's onCloseAutoFocus. */
export function focusBack(event: Event): void {
  event.preventDefault();
  giveBack();
}

/** Whether one types text there. */
export function writes(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** Whether the focus is where it must not be taken from: in a text that is written, or in something that is open above the page. */
export function focusIsTaken(): boolean {
  const { activeElement } = document;
  return writes(activeElement) || (activeElement?.closest(PASSING) ?? null) !== null;
}
