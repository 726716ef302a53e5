import { MapPin, X } from "lucide-react";
import { coordinates, placed } from "@rapport/core/files";
import type { Length } from "@rapport/core/limits";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { setPlace } from "@/lib/carried";
import { FileChip } from "@/lib/file-chip";
import type { Carried } from "./use-carried";

/** Above the text: the files and the place that go along, with progress and what is wrong, and how the text fits. */
export function CarriedTray({ carried }: { carried: Carried }) {
  const { files, place, scope, length } = carried;
  return (
    <>
      {files.length > 0 || place ? (
        <ul aria-label={t("Goes along")} className="flex max-h-48 flex-wrap items-start gap-1.5 overflow-y-auto px-2.5 pt-2.5">
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

/** Shown once it matters: near the limit, or wherever parts are billed. */
export function LengthLine({ length }: { length: Length }) {
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
