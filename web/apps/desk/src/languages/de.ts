import type { Catalogue } from "@rapport/i18n";

const parts = import.meta.glob<Catalogue>(["../{app,lib,features/*}/de.json", "../../../../packages/*/src/de.json"], {
  eager: true,
  import: "default",
});

export default Object.assign({}, ...Object.values(parts)) as Catalogue;
