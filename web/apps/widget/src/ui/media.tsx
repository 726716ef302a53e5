import { type JSX } from "preact";
import type { FileShown, Place } from "../protocol";

const PICTURE = /^image\/(png|jpeg|gif|webp|bmp)$/;

/** What a message carries besides its text. */
export function Media({ files, location }: { files?: FileShown[] | undefined; location?: Place | undefined }): JSX.Element {
  return (
    <>
      {files?.map((file) => <FileView key={file.id} file={file} />)}
      {location && <PlaceView place={location} />}
    </>
  );
}

function FileView({ file }: { file: FileShown }): JSX.Element {
  if (PICTURE.test(file.type) && file.width && file.height) {
    const scale = Math.min(220 / file.width, 220 / file.height, 1);
    return (
      <a class="picture" href={file.url} target="_blank" rel="noopener">
        <img src={file.thumb_url ?? file.url} alt={file.name} width={Math.round(file.width * scale)} height={Math.round(file.height * scale)} loading="lazy" />
      </a>
    );
  }
  const sound = file.type.startsWith("audio/");
  if (sound && document.createElement("audio").canPlayType(file.type)) {
    return <audio class="media" controls preload="none" src={file.url} aria-label={file.name} />;
  }
  if (file.type.startsWith("video/")) return <video class="media" controls preload="metadata" src={file.url} aria-label={file.name} />;
  return (
    <a class="file" href={`${file.url}&save=1`} target="_blank" rel="noopener">
      <b dir="auto">{file.name}</b>
      <small>{size(file.size)}</small>
    </a>
  );
}

function size(bytes: number): string {
  return bytes < 1 << 20 ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / (1 << 20)).toFixed(1)} MB`;
}

function PlaceView({ place: { latitude, longitude, name, address } }: { place: Place }): JSX.Element {
  const placed = latitude !== 0 || longitude !== 0;
  const map = "https://www.openstreetmap.org/";
  const href = placed
    ? `${map}?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`
    : `${map}search?query=${encodeURIComponent(name ?? "")}`;
  return (
    <a class="file" href={href} target="_blank" rel="noopener noreferrer">
      <b dir="auto">📍 {name ?? `${latitude}, ${longitude}`}</b>
      <small>{address ?? (placed ? `${latitude.toFixed(5)}, ${longitude.toFixed(5)}` : "")}</small>
    </a>
  );
}
