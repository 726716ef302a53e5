import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { Location } from "@rapport/core/api/types";
import { coordinates, parsePlace } from "@rapport/core/files";
import { t } from "@rapport/i18n";
import { Place } from "@rapport/thread/media";
import { Button } from "@rapport/ui/button";
import { Dialog } from "@rapport/ui/dialog";
import { Input } from "@rapport/ui/field";
import { useBackend } from "@/lib/backend";
import { useEntered } from "@/lib/entered";

/** Chooses a place to send: by name, by coordinates, or by the address of a map (S3-41). */
export function PlaceDialog({ onClose, onPlace }: { onClose: () => void; onPlace: (place: Location) => void }) {
  const { api } = useBackend();
  const form = useId();
  const { leave, closedBy, watch, question } = useEntered(onClose, t("The place has not been added."));
  const [text, setText] = useState("");
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<Location>();
  const typed = text.trim();
  const spot = parsePlace(typed);
  const found = useQuery({
    queryKey: ["places", typed],
    queryFn: () => api.files.places(typed),
    enabled: typed.length > 2 && !spot && !chosen,
    staleTime: 60_000,
    retry: false,
  });
  const label = name.trim();
  const place: Location | undefined =
    chosen ?? (spot ? { ...spot, ...(label ? { name: label } : {}) } : typed.length > 1 ? { latitude: 0, longitude: 0, name: typed } : undefined);
  return (
    <>
      <Dialog
        open
        onOpenChange={leave}
        closedBy={closedBy}
        title={t("Send a location")}
        footer={
          <>
            <Button onClick={leave}>{t("Cancel")}</Button>
            <Button type="submit" form={form} variant="primary" disabled={!place}>
              {t("Add to the message")}
            </Button>
          </>
        }
      >
        <form
          id={form}
          className="grid gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            event.stopPropagation();
            if (place) onPlace(place);
          }}
          {...watch}
        >
          <label className="grid gap-1 text-sm font-medium">
            {t("Name or coordinates")}
            <Input
              autoFocus
              value={text}
              maxLength={200}
              placeholder={t("Harbour office, or 52.52, 13.405")}
              onChange={(event) => {
                setText(event.target.value);
                setChosen(undefined);
              }}
            />
          </label>
          {spot ? (
            <label className="grid gap-1 text-sm font-medium">
              {t("Name of the place (optional)")}
              <Input
                value={name}
                maxLength={200}
                onChange={(event) => {
                  setName(event.target.value);
                }}
              />
            </label>
          ) : null}
          {(found.data?.items.length ?? 0) > 0 && !chosen ? (
            <ul aria-label={t("Places found")} className="grid gap-1">
              {found.data?.items.map((one) => (
                <li key={`${coordinates(one)} ${one.name ?? ""}`}>
                  <Button
                    variant="ghost"
                    className="h-auto w-full justify-start py-1.5 text-start whitespace-normal"
                    onClick={() => {
                      setChosen(one);
                    }}
                  >
                    <span>
                      {one.name} <span className="text-xs text-ink-muted">{one.address}</span>
                    </span>
                  </Button>
                </li>
              ))}
            </ul>
          ) : null}
          {place ? <Place location={place} /> : null}
          {place && !spot && !chosen ? (
            <p className="text-xs text-ink-muted">{t("Without coordinates the customer gets the name and a link that looks it up.")}</p>
          ) : null}
        </form>
      </Dialog>
      {question}
    </>
  );
}
