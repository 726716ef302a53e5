import { useEffect } from "react";
import { createStore } from "./store";

// The title of the tab: how much is unread, and the page.

const title = createStore({ page: "", unread: 0 });

title.subscribe(() => {
  const { page, unread } = title.get();
  badge(unread);
  document.title = `${unread > 0 ? `(${unread}) ` : ""}${page ? `${page} · ` : ""}Rapport`;
});

let shown = 0;

/** Puts how much is unread onto the sign of the tab, and of the app where it is installed. */
function badge(unread: number): void {
  if (unread === shown) return;
  shown = unread;
  const app = navigator as { setAppBadge?: (n: number) => Promise<void> };
  app.setAppBadge?.(unread).catch(() => undefined);
  const link = document.querySelector<HTMLLinkElement>("link[rel~=icon]");
  if (!link) return;
  link.dataset["plain"] ??= link.href;
  if (unread === 0) {
    link.href = link.dataset["plain"];
    return;
  }
  const text = unread > 99 ? "99+" : String(unread);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="16" fill="#b3261e"/><text x="16" y="22" font-family="sans-serif" font-weight="700" font-size="${text.length > 2 ? 13 : 18}" text-anchor="middle" fill="#fff">${text}</text></svg>`;
  link.href = `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

export function useTitle(page: string): void {
  useEffect(() => {
    title.set({ page });
  }, [page]);
}

export function useUnreadTitle(unread: number): void {
  useEffect(() => {
    title.set({ unread });
    return () => {
      title.set({ unread: 0 });
    };
  }, [unread]);
}
