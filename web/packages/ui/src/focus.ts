// Dialogs, menus and the like take the focus for a while. When one closes, it goes back to where somebody was: what they
// type next must not become shortcuts. Radix would do so for what has a trigger; the desk's dialogs are opened by commands.

/** What has the focus only for a while; other parts say so with data-passing. */
const PASSING = "[role=dialog], [role=alertdialog], [role=menu], [data-passing]";

/** What it has goes with its own deed, as *Solve* does: the focus stays in the page all the same. */
const FLEETING = "[role=toolbar], [data-fleeting]";

/** Takes the focus where what had it is gone. */
const HOME = "[data-focus-home]";

interface Place {
  element: HTMLElement;
  /** What it is in, if that has the focus only for a while. */
  within: Element | null;
  /** What it is in, from the inside out, and the how manieth child there. */
  path: { parent: Element; at: number }[];
}

/** Where the focus was, the latest last: one place in the page, and one in each thing that is open above it. */
let places: Place[] = [];

const open = ({ within }: Place) => within === null || within.isConnected;

function came({ target }: FocusEvent): void {
  if (!(target instanceof HTMLElement)) return;
  const within = target.closest(PASSING);
  const place = { element: target, within, path: pathOf(target) };
  places = [...places.filter((one) => open(one) && one.within !== within), place];
  watch?.disconnect();
  if (target.closest(FLEETING)) stayWith(place);
}

function pathOf(element: Element): Place["path"] {
  const path: Place["path"] = [];
  for (let child = element, parent = child.parentElement; parent; child = parent, parent = child.parentElement) {
    path.push({ parent, at: [...parent.children].indexOf(child) });
  }
  return path;
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

/** Nothing one types in: what is typed next would change something else than was meant. */
const FOCUSABLE = "a[href], button:enabled, input:is([type=checkbox], [type=radio]):enabled, [tabindex='0']";

/** Takes what is now where something was that is gone: the same part of the row that moved up, else of the one before. */
function takeNear({ path }: Place): boolean {
  for (const [up, { parent, at }] of path.entries()) {
    if (!parent.isConnected) continue;
    if (parent.contains(document.querySelector("main"))) break;
    for (const row of [parent.children[at], parent.children[at - 1]]) {
      if (!row) continue;
      let part = row;
      for (const inner of path.slice(0, up).reverse()) part = part.children[inner.at] ?? part;
      for (const one of [part, ...part.querySelectorAll(FOCUSABLE), ...row.querySelectorAll(FOCUSABLE)]) {
        if (one instanceof HTMLElement && one.matches(FOCUSABLE) && take(one)) return true;
      }
    }
  }
  const heading = document.querySelector<HTMLElement>("main h1");
  heading?.setAttribute("tabindex", "-1");
  return take(heading);
}

function takeInstead(place: Place): void {
  if (place.within instanceof HTMLElement) take(place.within);
  else if (!take(document.querySelector<HTMLElement>(HOME))) takeNear(place);
}

/** Gives the focus back to where it was before `leaving` took it, unless it is elsewhere already. */
export function giveBack(leaving?: Element | null): void {
  const { activeElement } = document;
  if (activeElement && activeElement !== document.body && !leaving?.contains(activeElement)) return;
  const place = places.findLast((one) => open(one) && one.within !== (leaving ?? undefined));
  if (!place) return;
  if (take(place.element)) stayWith(place);
  else takeInstead(place);
}

/** Follows what has the focus now, until something else takes it. */
let watch: MutationObserver | undefined;

/** What has the focus may leave the page by itself, as what was deleted in a dialog does only after it. */
function stayWith(place: Place): void {
  const { href } = location;
  watch?.disconnect();
  watch = new MutationObserver((_changes, self) => {
    if (place.element.isConnected) return;
    self.disconnect();
    if (document.activeElement === document.body && location.href === href) takeInstead(place);
  });
  watch.observe(document.body, { childList: true, subtree: true });
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
