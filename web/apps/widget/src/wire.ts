/** The HTTP half of the web chat edge. */
import type { Cursor, InboxConfig, Page, Receipt, Session, Upload } from "./protocol";
import type { Outgoing } from "./state";

/** An answer that is not 2xx. `status` 0 means that none came. */
export class WireError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    /** A sentence for the visitor. */
    readonly detail: string,
    /** Milliseconds that the server asks to wait; 0 if it does not say. */
    readonly retryAfter = 0,
  ) {
    super(detail || `HTTP ${status}`);
  }

  /** Whether the same request may succeed later: no connection, overload, rate limit. */
  get temporary(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 425 || this.status === 429 || this.status >= 500;
  }
}

interface Problem {
  code?: string;
  detail?: string;
  title?: string;
}

export class Wire {
  readonly #root: string;

  readonly #lang: string;

  /** base is the origin (and path) that the script came from; lang is what refusals are wanted in. */
  constructor(base: string, inbox: string, lang = "en") {
    this.#lang = lang;
    this.#root = `${base}/in/${encodeURIComponent(inbox)}`;
  }

  get socketUrl(): string {
    return `${this.#root.replace(/^http/, "ws")}/socket`;
  }

  config(): Promise<InboxConfig> {
    return this.#ask("GET", "/config");
  }

  session(token: string | undefined, identity: string | undefined): Promise<Session> {
    return this.#ask("POST", "/session", undefined, { token, identity });
  }

  send(token: string, { client_id, body, files, location }: Outgoing): Promise<Receipt> {
    return this.#ask("POST", "/messages", token, { client_id, body, files: files?.map((file) => file.id), location });
  }

  beginUpload(token: string, name: string, size: number): Promise<Upload> {
    return this.#ask("POST", "/uploads", token, { name, size });
  }

  upload(token: string, id: string): Promise<Upload> {
    return this.#ask("GET", `/uploads/${id}`, token);
  }

  append(token: string, id: string, offset: number, bytes: Blob): Promise<Upload> {
    return this.#ask("PATCH", `/uploads/${id}`, token, bytes, offset);
  }

  items(token: string, after: Cursor): Promise<Page> {
    return this.#ask("GET", `/items?after=${encodeURIComponent(after)}`, token);
  }

  async rate(token: string, score: number, comment: string): Promise<void> {
    await this.#ask("POST", "/survey", token, { score, comment });
  }

  async seen(token: string, seq: number): Promise<void> {
    await this.#ask("POST", "/seen", token, { seq });
  }

  async #ask<T>(method: string, path: string, token?: string, body?: object, offset?: number): Promise<T> {
    const headers: Record<string, string> = { "Accept-Language": this.#lang };
    if (token) headers["Authorization"] = `Bearer ${token}`;
    if (offset !== undefined) headers["Upload-Offset"] = String(offset);
    else if (body) headers["Content-Type"] = "application/json";
    let response: Response;
    try {
      response = await fetch(this.#root + path, {
        method,
        headers,
        credentials: "omit",
        signal: AbortSignal.timeout(offset === undefined ? 15_000 : 120_000),
        ...(body && { body: body instanceof Blob ? body : JSON.stringify(body) }),
      });
      if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
    } catch {
      throw new WireError(0, "unreachable", "");
    }
    const problem = await response.json().catch(() => ({})) as Problem;
    const wait = Number(response.headers.get("Retry-After")) * 1000 || 0;
    throw new WireError(response.status, problem.code ?? "", problem.detail ?? problem.title ?? "", wait);
  }
}
