/** How long a page may take to show what is looked for. */
const PATIENCE = 8_000;
const MARKED = 2_500;

/** The element that bears a label: of a field, a card, a table, a button. */
function labelled(label: string): HTMLElement | undefined {
  const named = document.querySelectorAll<HTMLElement>("main label, main legend, main h2, main h3, main a, main button, main [aria-label]");
  return [...named].find((one) => one.getAttribute("aria-label") === label || (one.textContent ?? "").trim() === label);
}

/** Once the page shows it: scrolls to a setting by its label, marks it for a moment, and puts the cursor into it. */
export function findOnPage(label: string): void {
  const until = Date.now() + PATIENCE;
  const look = () => {
    const found = labelled(label);
    if (!found) {
      if (Date.now() < until) requestAnimationFrame(look);
      return;
    }
    found.scrollIntoView({ block: "center", behavior: "instant" });
    const control = found instanceof HTMLLabelElement ? found.control : found.matches("a, button") ? found : found.querySelector<HTMLElement>("input, select, textarea, button");
    control?.focus({ preventScroll: true });
    const box = found.closest<HTMLElement>("fieldset, section, div") ?? found;
    box.dataset["found"] = "";
    setTimeout(() => delete box.dataset["found"], MARKED);
  };
  requestAnimationFrame(look);
}
