import { said, t } from "@rapport/i18n";
import type { ProblemDocument } from "./types";

/** A refusal by the server, or no answer at all (status 0). Its message is a sentence for the person. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly document: Partial<ProblemDocument>;

  constructor(status: number, document: Partial<ProblemDocument>) {
    super(said(document.detail || document.title || "") || t("The server answered with an error. Try again."));
    this.name = "Problem";
    this.status = status;
    this.code = document.code ?? "";
    this.document = document;
  }

  /** True when nothing is known to be wrong with the request, so that sending it again may work. */
  get temporary(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }

  /** The sentence that belongs to a field of a form, if the server named it. */
  fieldError(field: string): string | undefined {
    if (this.document.field === field) return this.message;
    const found = this.document.errors?.find((error) => error.location?.replace(/^body\./, "") === field);
    return found && said(found.message);
  }
}

export function isProblem(error: unknown, code?: string): error is Problem {
  return error instanceof Problem && (code === undefined || error.code === code);
}

export function sentenceOf(error: unknown): string {
  if (error instanceof Problem) return error.message;
  return t("Something went wrong here. Reload the page and try again.");
}

export async function problemOf(response: Response): Promise<Problem> {
  let document: Partial<ProblemDocument> = { title: response.statusText };
  if (response.headers.get("content-type")?.includes("json")) {
    try {
      document = (await response.json()) as Partial<ProblemDocument>;
    } catch {
      // A cut-off body is reported by its status alone.
    }
  }
  return new Problem(response.status, document);
}
