import { Download, FileArchive, FileAudio, FileImage, FileSpreadsheet, FileText, FileVideo, MapPin, SquareArrowOutUpRight } from "lucide-react";
import { useState } from "react";
import type { File, Location } from "@rapport/core/api/types";
import { bytes, coordinates, fileUrl, lookOf, mapUrl, placed } from "@rapport/core/files";
import { endingOf } from "@rapport/core/limits";
import { t } from "@rapport/i18n";
import { cn } from "@rapport/ui/cn";
import { AudioPlayer } from "./audio-player";
import { Lightbox } from "./lightbox";

/** What a message carries besides its text: pictures, film, sound, files, a place. */
export function Attachments({ files, location }: { files?: File[] | undefined; location?: Location | undefined }) {
  const [open, setOpen] = useState<number>();
  const all = files ?? [];
  const pictures = all.filter((file) => lookOf(file) === "image");
  const others = all.filter((file) => lookOf(file) !== "image");
  if (all.length === 0 && !location) return null;
  return (
    <div className="flex max-w-full flex-col gap-1.5">
      {pictures.length > 0 ? (
        <ul aria-label={t("Pictures")} className={cn("flex flex-wrap gap-1.5", pictures.length > 1 && "max-w-80")}>
          {pictures.map((file, n) => (
            <li key={file.id}>
              <Picture
                file={file}
                small={pictures.length > 1}
                onOpen={() => {
                  setOpen(n);
                }}
              />
            </li>
          ))}
        </ul>
      ) : null}
      {others.map((file) =>
        lookOf(file) === "video" ? (
          <Film key={file.id} file={file} />
        ) : lookOf(file) === "audio" ? (
          <AudioPlayer key={file.id} file={file} />
        ) : (
          <FileCard key={file.id} file={file} />
        ),
      )}
      {location ? <Place location={location} /> : null}
      {open !== undefined ? (
        <Lightbox
          files={pictures}
          at={open}
          onAt={setOpen}
          onClose={() => {
            setOpen(undefined);
          }}
        />
      ) : null}
    </div>
  );
}

/** A picture keeps its room before it is loaded, so that nothing jumps. */
function Picture({ file, small, onOpen }: { file: File; small: boolean; onOpen: () => void }) {
  const side = small ? 152 : 280;
  const w = file.width ?? side;
  const h = file.height ?? side;
  const scale = Math.min(side / w, side / h, 1);
  const size = small ? { width: side, height: side } : { width: Math.max(Math.round(w * scale), 48), height: Math.max(Math.round(h * scale), 48) };
  return (
    <button
      type="button"
      onClick={onOpen}
      aria-label={t("Show {{name}}", { name: file.name })}
      className="block max-w-full overflow-hidden rounded-lg border border-line bg-canvas"
    >
      <img src={fileUrl(file.id, file.thumb ? "thumb" : undefined)} alt={file.name} {...size} loading="lazy" decoding="async" className="max-w-full object-cover" style={size} />
    </button>
  );
}

function Film({ file }: { file: File }) {
  const [broken, setBroken] = useState(false);
  if (broken) return <FileCard file={file} />;
  return (
    <video
      controls
      preload="metadata"
      aria-label={file.name}
      src={fileUrl(file.id)}
      onError={() => {
        setBroken(true);
      }}
      className="aspect-video w-80 max-w-full rounded-lg border border-line bg-canvas"
    />
  );
}

const icons: Record<string, typeof FileText> = {
  zip: FileArchive,
  gz: FileArchive,
  gzip: FileArchive,
  rar: FileArchive,
  csv: FileSpreadsheet,
  xls: FileSpreadsheet,
  xlsx: FileSpreadsheet,
  ods: FileSpreadsheet,
};

/** The sign of a file, by what it is. */
export function FileIcon({ file, className }: { file: { name: string; type: string }; className?: string }) {
  const kind = file.type.split("/")[0];
  const Icon =
    kind === "image" ? FileImage : kind === "audio" ? FileAudio : kind === "video" ? FileVideo : (icons[endingOf(file.name)] ?? FileText);
  return <Icon aria-hidden className={cn("size-5 shrink-0 text-ink-muted", className)} />;
}

/** A file with its name and size, to be saved. */
export function FileCard({ file, note }: { file: File; note?: string }) {
  return (
    <a
      href={fileUrl(file.id, "save")}
      download={file.name}
      aria-label={t("Download {{name}}, {{size}}", { name: file.name, size: note ?? bytes(file.size) })}
      className="flex w-72 max-w-full items-center gap-2.5 rounded-lg border border-line bg-surface px-3 py-2 hover:bg-hover"
    >
      <FileIcon file={file} />
      <span className="min-w-0 flex-1">
        <span className="block truncate text-sm font-medium" dir="auto">
          {file.name}
        </span>
        <span className="block text-xs text-ink-muted">{note ?? bytes(file.size)}</span>
      </span>
      <Download aria-hidden className="size-4 shrink-0 text-ink-muted" />
    </a>
  );
}

/** A place, without a map from elsewhere: its name, its coordinates and the way to a map (S3-41). */
export function Place({ location }: { location: Location }) {
  const here = placed(location);
  const name = location.name ?? (here ? t("Location") : "");
  return (
    <a
      href={mapUrl(location)}
      target="_blank"
      rel="noreferrer noopener"
      className="block w-72 max-w-full overflow-hidden rounded-lg border border-line bg-surface hover:bg-hover"
    >
      <span
        aria-hidden
        className="flex h-16 items-center justify-center bg-accent-soft bg-[linear-gradient(var(--color-line)_1px,transparent_1px),linear-gradient(90deg,var(--color-line)_1px,transparent_1px)] bg-size-[16px_16px]"
      >
        <MapPin className="size-6 fill-surface text-accent-strong" />
      </span>
      <span className="flex items-center gap-2 px-3 py-2">
        <span className="min-w-0 flex-1">
          <span className="block truncate text-sm font-medium" dir="auto">
            {name}
          </span>
          {location.address ? (
            <span className="block truncate text-xs text-ink-muted" dir="auto">
              {location.address}
            </span>
          ) : null}
          <span className="block text-xs text-ink-muted tabular-nums">{here ? coordinates(location) : t("Without coordinates")}</span>
          <span className="sr-only">{t("Open the map")}</span>
        </span>
        <SquareArrowOutUpRight aria-hidden className="size-4 shrink-0 text-ink-muted" />
      </span>
    </a>
  );
}
