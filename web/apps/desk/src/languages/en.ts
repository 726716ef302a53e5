import type { Catalogue } from "@rapport/i18n";

// English needs only its plural forms.
const parts = import.meta.glob<Catalogue>(["../{app,lib,features/*}/en.json", "../../../../packages/*/src/en.json"], {
  eager: true,
  import: "default",
});

export const catalogue = Object.assign({}, ...Object.values(parts)) as Catalogue;
