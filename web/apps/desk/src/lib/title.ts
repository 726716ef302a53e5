import { useEffect } from "react";
import { createStore } from "./store";

// The title of the tab: how much is unread, and the page.

const title = createStore({ page: "", unread: 0 });

title.subscribe(() => {
  const { page, unread } = title.get();
  document.title = `${unread > 0 ? `(${unread}) ` : ""}${page ? `${page} · ` : ""}Rapport`;
});

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
