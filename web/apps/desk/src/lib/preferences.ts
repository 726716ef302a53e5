import { useEffect } from "react";
import type { Preferences, PreferencesInput } from "@rapport/core/api/desk";
import { keys } from "@rapport/core/apply";
import type { Me } from "@rapport/core/api/types";
import { setZone } from "@rapport/core/format";
import type { Backend } from "./backend";
import { showLanguage, speaks } from "./language";
import { useMe } from "./me";

// An agent's own settings live on the server and come with the session.

/** Keeps own settings, and shows the desk accordingly. Another language loads the page again; what is to happen before comes as onReload. */
export async function savePreferences(backend: Backend, change: PreferencesInput, onReload?: () => void): Promise<Preferences> {
  const saved = await backend.api.preferences.change(change);
  backend.client.setQueryData<Me>(keys.me, (me) => (me ? { ...me, preferences: saved } : me));
  if (change.language !== undefined && !speaks(saved.language ?? "")) {
    onReload?.();
    showLanguage(saved.language ?? "");
  }
  return saved;
}

/** Shows the desk in the language and the time of whoever is signed in. */
export function usePreferences(): void {
  const { language = "", time_zone: zone = "" } = useMe().preferences;
  // Before anything below is drawn: the screens read the clock while they are.
  setZone(zone);
  useEffect(() => {
    // Another browser chose another one; who never chose keeps what this browser shows.
    if (language && !speaks(language)) showLanguage(language);
  }, [language]);
}
