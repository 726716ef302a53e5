/** An accent that anybody may choose, and text on it that everybody can read. */
export interface Accent {
  /** The chosen colour. */
  back: string;
  /** Black or white, whichever stands out more: at least 4.5:1 on any colour (WCAG 1.4.3). */
  text: string;
}

const fallback = "#4338ca";

/** Reads #rgb or #rrggbb; anything else is the default accent. */
export function accent(color: string | undefined): Accent {
  const back = normalise(color ?? "") ?? fallback;
  const light = luminance(back);
  // 1.05/(L+0.05) is the contrast with white, (L+0.05)/0.05 with black.
  return { back, text: 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 ? "#ffffff" : "#000000" };
}

function normalise(color: string): string | null {
  const hex = color.trim().toLowerCase();
  if (/^#[0-9a-f]{6}$/.test(hex)) return hex;
  if (/^#[0-9a-f]{3}$/.test(hex)) return hex.replace(/[0-9a-f]/g, "$&$&");
  return null;
}

/** Relative luminance, WCAG 2.2. */
export function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
