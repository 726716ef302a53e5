import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { arriving } from "@/lib/arriving";

describe("parts of the desk's code", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("are waited for while the server is away", async () => {
    let away = true;
    let asked = 0;
    vi.stubGlobal("fetch", () => (away ? Promise.reject(new TypeError("Failed to fetch")) : Promise.resolve(new Response("ok"))));
    const part = arriving(() => {
      asked++;
      return away ? Promise.reject(new TypeError("Failed to fetch dynamically imported module")) : Promise.resolve("part");
    })();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toBeGreaterThan(5);
    expect(asked).toBeLessThan(20);
    away = false;
    await vi.advanceTimersByTimeAsync(10_000);
    await expect(part).resolves.toBe("part");
  });

  it("fail when the server answers but has them no more", async () => {
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("ok")));
    const load = vi.fn(() => Promise.reject(new TypeError("Failed to fetch dynamically imported module")));
    const part = arriving(load)();
    const failed = expect(part).rejects.toThrow("dynamically imported");
    await vi.advanceTimersByTimeAsync(10_000);
    await failed;
    expect(load).toHaveBeenCalledTimes(2);
  });
});
