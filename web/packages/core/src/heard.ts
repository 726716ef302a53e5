import { interprets, said } from "@rapport/i18n";

// The server says everything in English. Here its answers are put into the desk's
// language as they come in, so that no screen has to think of it.

/** Members that hold sentences of the server. */
const sentences = new Set(["sentence", "waits_for", "why", "detail", "message", "warning", "refusal", "error", "errors", "reason", "outcome"]);

/** Members of its vocabularies, besides. */
const words = new Set(["label", "help", "name"]);

/** What people wrote goes back to the server as it is. */
const written = new Set(["definition", "draft", "live", "before", "with", "effects", "values"]);

/** The answer, or a part of it, in the desk's language. `vocabulary` tells that its labels are the server's. */
export function heard<T>(answer: T, vocabulary = false): T {
  return interprets() ? (part(answer, vocabulary, false) as T) : answer;
}

function part(value: unknown, vocabulary: boolean, ours: boolean): unknown {
  if (typeof value === "string") return ours ? said(value) : value;
  if (Array.isArray(value)) return value.map((one) => part(one, vocabulary, ours));
  if (typeof value !== "object" || value === null) return value;
  const from = value as Record<string, unknown>;
  const to: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(from)) {
    to[key] = written.has(key) ? one : part(one, vocabulary, says(from, key, vocabulary));
  }
  return to;
}

function says(from: Record<string, unknown>, key: string, vocabulary: boolean): boolean {
  // The line of a thread that tells what happened; what an agent is told.
  if (key === "body") return from["kind"] === "event";
  if (key === "text") return "agent_id" in from && "kind" in from && "at" in from;
  // An unknown customer is called so by the server.
  if (key === "contact_name") return /^Visitor \w+$/.test(String(from[key]));
  if (!vocabulary) return sentences.has(key);
  // "name" of a kind of channel is for people, of an option or a fact for programs.
  return words.has(key) && (key !== "name" || ("help" in from && !("label" in from)));
}
