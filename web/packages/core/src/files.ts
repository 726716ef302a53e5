import type { File, Location } from "./api/types";
import { number } from "./format";

/** Where the desk reads a file. */
export function fileUrl(id: string, form?: "thumb" | "mp3" | "save"): string {
  const address = `/api/v1/files/${encodeURIComponent(id)}`;
  return form === undefined ? address : form === "save" ? `${address}?save=1` : `${address}?form=${form}`;
}

export type Look = "image" | "video" | "audio" | "file";

const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"];

/** As what a file is shown. A picture that could not be measured, or is huge, is a file. */
export function lookOf(file: File): Look {
  if (PICTURES.includes(file.type)) return file.width ? "image" : "file";
  if (file.type.startsWith("video/")) return "video";
  if (file.type.startsWith("audio/")) return "audio";
  return "file";
}

/** A size in the words of people. */
export function bytes(n: number): string {
  if (n < 1024) return `${n} B`;
  if (n < 1 << 20) return `${Math.round(n / 1024)} kB`;
  const mb = n / (1 << 20);
  return `${mb < 10 && !Number.isInteger(mb) ? number(mb, 1) : Math.round(mb)} MB`;
}

/** Whether a location has coordinates; one without is a name that people look up. */
export function placed(location: Location): boolean {
  return location.latitude !== 0 || location.longitude !== 0;
}

/** A page that shows a place. */
export function mapUrl(location: Location): string {
  const { latitude, longitude, name } = location;
  if (!placed(location)) return `https://www.openstreetmap.org/search?query=${encodeURIComponent(name ?? "")}`;
  return `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
}

/** Coordinates for people. */
export function coordinates({ latitude, longitude }: Location): string {
  return `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
}

/** Reads coordinates as people type or paste them: "52.52, 13.405", or the address of a map. */
export function parsePlace(text: string): Pick<Location, "latitude" | "longitude"> | undefined {
  const found =
    /^\s*\(?(-?\d{1,2}(?:\.\d+)?)°?\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)°?\)?\s*$/.exec(text) ??
    /[#&?@/](?:mlat=|q=|ll=|map=\d+(?:\.\d+)?\/)?(-?\d{1,2}\.\d+)(?:&mlon=|,|\/)(-?\d{1,3}\.\d+)/.exec(text);
  const latitude = Number(found?.[1]);
  const longitude = Number(found?.[2]);
  return found && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : undefined;
}
