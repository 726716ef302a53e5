/** What a text takes when networks carry it in parts (3GPP TS 23.038, TS 23.040). */
export interface Segments {
  /** One character at least is not in the GSM alphabet. */
  unicode: boolean;
  /** Septets, or UTF-16 units. */
  units: number;
  /** Parts that are sent and billed; 0 for no text. */
  segments: number;
  /** Units that fit into the last part still. */
  left: number;
}

const BASIC = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTRA = "\f^{}\\[~]|€";

/** Counts the parts of a text message, as the server does: lib/sms. */
export function segmentsOf(text: string): Segments {
  const characters = [...text];
  const unicode = characters.some((one) => !BASIC.includes(one) && !EXTRA.includes(one));
  const weights = characters.map((one) => (unicode ? one.length : EXTRA.includes(one) ? 2 : 1));
  const units = weights.reduce((sum, one) => sum + one, 0);
  const [single, part] = unicode ? [70, 67] : [160, 153];
  if (units <= single) return { unicode, units, segments: units === 0 ? 0 : 1, left: single - units };
  let segments = 1;
  let used = 0;
  for (const one of weights) {
    if (used + one > part) {
      segments++;
      used = 0;
    }
    used += one;
  }
  return { unicode, units, segments, left: part - used };
}
