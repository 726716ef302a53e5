import { lazy, Suspense, useState } from "react";
import { desk } from "@/lib/desk-state";
import { useStore } from "@/lib/store";

const Dialog = lazy(() => import("@/features/search/search-dialog").then(({ SearchDialog }) => ({ default: SearchDialog })));

/** The search, loaded when somebody looks for something for the first time. */
export function SearchEverywhere() {
  const open = useStore(desk, (state) => state.dialog === "search");
  const [wanted, setWanted] = useState(open);
  if (open && !wanted) setWanted(true);
  return wanted ? (
    <Suspense>
      <Dialog open={open} />
    </Suspense>
  ) : null;
}
