import { t } from "@rapport/i18n";
import type { Aim } from "../uploads";
import type { Send } from "./bots";
import { Problem, problemOf } from "./problem";
import type { Limits, Location, Upload } from "./types";

/** The calls about attachments. */
export function fileCalls(send: Send, base: string, fetch: (request: Request) => Promise<Response>) {
  return {
    limits: () => send<Limits>("GET", "/limits"),
    places: (name: string) => send<{ items: Location[]; available: boolean }>("GET", `/places?q=${encodeURIComponent(name)}`),
    begin: (body: { name: string; size: number; client: "desk" } & Aim) => send<Upload>("POST", "/uploads", body),
    read: (id: string) => send<Upload>("GET", `/uploads/${id}`),
    drop: (id: string) => send<undefined>("DELETE", `/uploads/${id}`),
    append: async (id: string, offset: number, bytes: unknown, signal: AbortSignal): Promise<Upload> => {
      const request = new Request(`${base}/api/v1/uploads/${id}`, {
        method: "PATCH",
        headers: { "Upload-Offset": String(offset), "Content-Type": "application/octet-stream" },
        body: bytes as RequestInit["body"] & object,
        signal,
        credentials: "same-origin",
      });
      let response: Response;
      try {
        response = await fetch(request);
      } catch {
        throw new Problem(0, { code: "unreachable", detail: t("The server cannot be reached. Check the connection.") });
      }
      if (!response.ok) throw await problemOf(response);
      return (await response.json()) as Upload;
    },
  };
}
