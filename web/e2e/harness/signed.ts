/** The HTTP API as one signed-in person uses it, and their cookie for a browser. */
import { createApi } from "@rapport/core/api/api";

export type Api = ReturnType<typeof createApi>;

export interface Cookie {
  name: string;
  value: string;
  url: string;
}

export class Signed {
  readonly api: Api;
  readonly #url: string;
  readonly #cookies = new Map<string, string>();

  constructor(url: string) {
    this.#url = url;
    this.api = createApi({
      base: url,
      fetch: async (request) => {
        request.headers.set("Cookie", [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "));
        const response = await fetch(request);
        for (const line of response.headers.getSetCookie()) {
          const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
          this.#cookies.set(name, value);
        }
        return response;
      },
    });
  }

  get cookies(): Cookie[] {
    return [...this.#cookies].map(([name, value]) => ({ name, value, url: this.#url }));
  }
}
