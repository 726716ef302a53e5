import { SlidersHorizontal } from "lucide-react";
import { YES } from "@rapport/core/command";
import { administers } from "@rapport/core/permission";
import { t } from "@rapport/i18n";
import type { DeskCommand } from "@/lib/command";
import { findOnPage } from "@/lib/find-on-page";
import { places, shownLabel } from "./search-index";

/** Every setting by its name, for the palette. */
export function settingsCommands(): DeskCommand[] {
  return places
    .filter(({ label, page }) => label !== page)
    .map(
      (place): DeskCommand => ({
        id: `setting-${place.path}-${place.label}`,
        label: t("{{page}}: {{label}}", { page: shownLabel(place.page), label: shownLabel(place.label) }),
        group: t("Find a setting"),
        icon: SlidersHorizontal,
        shown: ({ me }) => !place.admin || administers(me.role),
        enabled: () => YES,
        perform: ({ go }) => {
          go.page(place.path);
          findOnPage(shownLabel(place.label));
        },
      }),
    );
}
