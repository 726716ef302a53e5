import type { Catalogue } from "@rapport/i18n";
import { speaker } from "@rapport/i18n/saying";
import sentences from "../../../../../lib/saying/de.json";

const parts = import.meta.glob<Catalogue>(["../{app,lib,features/*}/de.json", "../../../../packages/*/src/de.json"], {
  eager: true,
  import: "default",
});

export const catalogue = Object.assign({}, ...Object.values(parts)) as Catalogue;

/** Says what the server says. */
export const speaks = speaker(sentences);
