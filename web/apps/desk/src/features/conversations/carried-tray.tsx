import { CircleAlert, MapPin, RotateCw, X } from "lucide-react";
import { useEffect, useState } from "react";
import { bytes, coordinates, fileUrl, placed } from "@rapport/core/files";
import type { Length } from "@rapport/core/limits";
import type { Uploading } from "@rapport/core/uploads";
import { t } from "@rapport/i18n";
import { FileIcon } from "@rapport/thread/media";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { useBackend } from "@/lib/backend";
import { setPlace } from "@/lib/carried";
import type { Carried } from "./use-carried";

/** Above the text: the files and the place that go along, with progress and what is wrong, and how the text fits. */
export function CarriedTray({ carried }: { carried: Carried }) {
  const { files, place, scope, length } = carried;
  return (
    <>
      {files.length > 0 || place ? (
        <ul aria-label={t("Goes along")} className="flex max-h-48 flex-wrap gap-1.5 overflow-y-auto px-2.5 pt-2.5">
          {files.map((one) => (
            <FileChip key={one.key} one={one} />
          ))}
          {place ? (
            <li className="flex max-w-full items-center gap-2 rounded-md border border-line bg-canvas py-1 ps-2 pe-1">
              <MapPin aria-hidden className="size-4 shrink-0 text-accent-strong" />
              <span className="min-w-0">
                <span className="block max-w-48 truncate text-xs font-medium">{place.name ?? t("Location")}</span>
                <span className="block text-2xs text-ink-muted tabular-nums">{placed(place) ? coordinates(place) : t("Without coordinates")}</span>
              </span>
              <Button
                variant="ghost"
                size="icon-sm"
                aria-label={t("Remove the place")}
                onClick={() => {
                  setPlace(scope, undefined);
                }}
              >
                <X />
              </Button>
            </li>
          ) : null}
        </ul>
      ) : null}
      {length ? <LengthLine length={length} /> : null}
    </>
  );
}

function FileChip({ one }: { one: Uploading }) {
  const { uploads } = useBackend();
  const wrong = one.state === "failed" || one.state === "refused";
  const percent = one.size > 0 ? Math.round((one.sent / one.size) * 100) : 0;
  return (
    <li className={cn("flex w-64 max-w-full items-center gap-2 rounded-md border bg-canvas py-1 ps-1.5 pe-1", wrong ? "border-danger" : "border-line")}>
      <Preview one={one} />
      <span className="min-w-0 flex-1">
        <span className="block truncate text-xs font-medium" dir="auto">
          {one.name}
        </span>
        {wrong ? (
          <span role="alert" className="block text-2xs text-danger">
            <CircleAlert aria-hidden className="me-1 inline size-3" />
            {one.error}
          </span>
        ) : one.state === "done" ? (
          <span className="block text-2xs text-ink-muted">{bytes(one.size)}</span>
        ) : (
          <span className="flex items-center gap-2 text-2xs text-ink-muted">
            <progress className="h-1 min-w-0 flex-1 accent-accent" max={100} value={percent} aria-label={t("Uploading {{name}}", { name: one.name })} />
            <span className="tabular-nums">{percent} %</span>
          </span>
        )}
      </span>
      {one.state === "failed" ? (
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={t("Upload {{name}} again", { name: one.name })}
          onClick={() => {
            uploads.retry(one.key);
          }}
        >
          <RotateCw />
        </Button>
      ) : null}
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label={t("Remove {{name}}", { name: one.name })}
        onClick={() => {
          uploads.remove(one.key);
        }}
      >
        <X />
      </Button>
    </li>
  );
}

/** The picture itself while it is on its way, else the sign of its kind. */
function Preview({ one }: { one: Uploading }) {
  const { source } = one;
  const [own] = useState(() => (source instanceof File && source.type.startsWith("image/") ? URL.createObjectURL(source) : undefined));
  useEffect(
    () => () => {
      if (own) URL.revokeObjectURL(own);
    },
    [own],
  );
  const shown = one.file?.thumb ? fileUrl(one.file.id, "thumb") : own;
  return shown ? (
    <img src={shown} alt="" className="size-8 shrink-0 rounded-sm object-cover" />
  ) : (
    <span className="inline-flex size-8 shrink-0 items-center justify-center">
      <FileIcon file={{ name: one.name, type: one.file?.type ?? source?.type ?? "" }} />
    </span>
  );
}

/** Shown once it matters: near the limit, or wherever parts are billed. */
function LengthLine({ length }: { length: Length }) {
  const { used, most, left, parts } = length;
  if (used === 0 || (!parts && left > most * 0.1)) return null;
  const words = [
    left < 0 ? t("{{count}} characters too many", { count: -left }) : t("{{count}} characters left", { count: left }),
    ...(parts ? [t("{{count}} text messages are billed", { count: parts.segments })] : []),
    ...(parts?.unicode ? [t("special characters: 70 instead of 160 per message")] : []),
  ];
  return (
    <p role="status" className={cn("px-3 pt-1.5 text-2xs tabular-nums", left < 0 ? "font-medium text-danger" : "text-ink-muted")}>
      {words.join(" · ")}
    </p>
  );
}
