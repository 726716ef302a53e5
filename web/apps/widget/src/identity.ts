/**
 * Whom a signed identity (JWT) speaks for. The signature is the server's to
 * check; the widget only needs to know whether two tokens mean one person.
 */
export function subjectOf(jwt: string): string {
  try {
    const payload = jwt.split(".")[1] ?? "";
    const bytes = Uint8Array.from(atob(payload.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    return String(claims["sub"] ?? claims["external_id"] ?? jwt);
  } catch {
    return jwt; // not a JWT: the server will say so
  }
}
