import { createStore } from "./store";

export type Theme = "system" | "light" | "dark";

const KEY = "rapport.theme";

function stored(): Theme {
  const value = localStorage.getItem(KEY);
  return value === "light" || value === "dark" ? value : "system";
}

export const theme = createStore<{ theme: Theme }>({ theme: "system" });

export function setTheme(next: Theme): void {
  theme.set({ theme: next });
  if (next === "system") {
    localStorage.removeItem(KEY);
    delete document.documentElement.dataset["theme"];
  } else {
    localStorage.setItem(KEY, next);
    document.documentElement.dataset["theme"] = next;
  }
}

export function startTheme(): void {
  setTheme(stored());
}
