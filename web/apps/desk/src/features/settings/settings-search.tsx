import { useNavigate } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useId, useState } from "react";
import { administers } from "@rapport/core/permission";
import { t } from "@rapport/i18n";
import { Input } from "@rapport/ui/field";
import { findOnPage } from "@/lib/find-on-page";
import { useMe } from "@/lib/me";
import { findPlaces, type Place, shownLabel } from "./search-index";

/** Finds a setting by its name, wherever it is, and leads there. */
export function SettingsSearch() {
  const navigate = useNavigate();
  const me = useMe();
  const [query, setQuery] = useState("");
  const list = useId();
  const found = findPlaces(query, administers(me.role)).slice(0, 12);
  const go = (place: Place) => {
    setQuery("");
    void navigate({ to: place.path }).then(() => {
      findOnPage(shownLabel(place.label));
    });
  };
  return (
    <search className="relative">
      <Search aria-hidden className="pointer-events-none absolute start-2.5 top-2 size-4 text-ink-faint" />
      <Input
        type="search"
        aria-label={t("Find a setting")}
        aria-controls={list}
        placeholder={t("Find a setting")}
        className="ps-8"
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          if (found[0]) go(found[0]);
        }}
      />
      <div id={list} role="status" className={query.trim() ? "mt-2 overflow-hidden rounded-lg border border-line bg-surface" : "sr-only"}>
        {query.trim() === "" ? null : found.length === 0 ? (
          <p className="px-3 py-2.5 text-sm text-ink-muted">{t("No setting by that name.")}</p>
        ) : (
          <ul className="divide-y divide-line">
            {found.map((place) => (
              <li key={`${place.path} ${place.label}`}>
                <button
                  type="button"
                  className="flex w-full items-baseline gap-3 px-3 py-2 text-start text-sm hover:bg-hover"
                  onClick={() => {
                    go(place);
                  }}
                >
                  <span className="flex-1">{shownLabel(place.label)}</span>
                  <span className="text-xs text-ink-muted">{shownLabel(place.page)}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </search>
  );
}
