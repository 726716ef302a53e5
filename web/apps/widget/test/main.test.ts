import { afterEach, expect, it, vi } from "vitest";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  document.documentElement.lang = "";
});

// A browser asks the server first about an Accept-Language with "_", and where that is refused there is no chat.
it("the language of a page that says de_DE goes out as browsers let it pass", async () => {
  vi.spyOn(console, "warn").mockReturnValue(undefined);
  const asked: (string | null)[] = [];
  vi.stubGlobal("fetch", async (_url: string, init: RequestInit) => {
    asked.push(new Headers(init.headers).get("Accept-Language"));
    return new Response("{}", { status: 404 }); // the widget says so, and is done
  });
  const tag = document.createElement("script");
  tag.dataset["inbox"] = "box";
  tag.type = "text/plain"; // it is loaded below
  tag.src = "https://desk.test/widget.js";
  document.head.append(tag);
  document.documentElement.lang = "de_DE";
  await import("../src/main");
  await vi.waitFor(() => expect(asked).toEqual(["de-DE"]));
  tag.remove();
});
