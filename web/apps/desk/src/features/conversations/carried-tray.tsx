import { CircleAlert, MapPin, X } from "lucide-react";
import { coordinates, placed } from "@rapport/core/files";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { setPlace } from "@/lib/carried";
import { FileChip } from "@/lib/file-chip";
import { LengthLine } from "@/lib/length-line";
import type { Carried } from "./use-carried";

/** Above the text: the files and the place that go along, with progress and what is wrong, and how the text fits. */
export function CarriedTray({ carried }: { carried: Carried }) {
  const { files, place, unplaced, scope, length } = carried;
  return (
    <>
      {files.length > 0 || place ? (
        <ul aria-label={t("Goes along")} className="flex max-h-48 flex-wrap items-start gap-1.5 overflow-y-auto px-2.5 pt-2.5">
          {files.map((one) => (
            <FileChip key={one.key} one={one} />
          ))}
          {place ? (
            <li className={cn("flex max-w-full items-center gap-2 rounded-md border bg-canvas py-1 ps-2 pe-1", unplaced ? "border-danger" : "border-line")}>
              <MapPin aria-hidden className="size-4 shrink-0 text-accent-strong" />
              <span className="min-w-0">
                <span className="block max-w-48 truncate text-xs font-medium">{place.name ?? t("Location")}</span>
                {unplaced ? (
                  <span role="alert" className="block text-2xs text-danger">
                    <CircleAlert aria-hidden className="me-1 inline size-3" />
                    {unplaced}
                  </span>
                ) : (
                  <span className="block text-2xs text-ink-muted tabular-nums">{placed(place) ? coordinates(place) : t("Without coordinates")}</span>
                )}
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
      {length ? <LengthLine length={length} className="px-3 pt-1.5" /> : null}
    </>
  );
}
