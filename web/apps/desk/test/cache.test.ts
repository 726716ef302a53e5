import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it, vi } from "vitest";
import { cacheOf } from "@/lib/cache";

const key = ["thread", "c1"];
const add = (n: number) => (held: number[]) => (held.includes(n) ? held : [...held, n]);

describe("cache", () => {
  it("applies an event again to an answer that was on its way", async () => {
    const client = new QueryClient();
    const cache = cacheOf(client);
    client.setQueryData(key, [1]);
    let answer: (items: number[]) => void = () => undefined;
    const fetched = client.fetchQuery({ queryKey: key, queryFn: () => new Promise<number[]>((resolve) => (answer = resolve)) });
    cache.patch(key, add(2));
    expect(client.getQueryData(key)).toEqual([1, 2]);
    // The server read its answer before the event.
    answer([1]);
    await fetched;
    expect(client.getQueryData(key)).toEqual([1, 2]);
  });

  it("holds nothing for what nobody has looked at", () => {
    const client = new QueryClient();
    cacheOf(client).patch(key, add(1));
    expect(client.getQueryData(key)).toBeUndefined();
  });

  it("asks once for a burst of events, and then lets the server rest", () => {
    vi.useFakeTimers();
    try {
      const client = new QueryClient();
      const asked = vi.spyOn(client, "invalidateQueries");
      const cache = cacheOf(client);
      for (let n = 0; n < 50; n++) cache.stale(["counts"]);
      vi.advanceTimersByTime(400);
      expect(asked).toHaveBeenCalledTimes(1);
      cache.stale(["counts"]);
      vi.advanceTimersByTime(1_900);
      expect(asked).toHaveBeenCalledTimes(1);
      vi.advanceTimersByTime(1_200);
      expect(asked).toHaveBeenCalledTimes(2);
    } finally {
      vi.useRealTimers();
    }
  });
});
