/** A fresh id for something this client sends; a repeat with the same id is not sent twice. */
export function clientId(): string {
  // randomUUID would need a secure context, which a desk on a plain local network is not.
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
