import { type ComponentType, lazy, type ReactNode, Suspense } from "react";
import { arriving } from "./arriving";

/** A component whose code comes when it is shown for the first time; until then there is nothing, or something else. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>, meanwhile?: ReactNode): ComponentType<Props> {
  const Part = lazy(async () => ({ default: await arriving(load)() })) as unknown as ComponentType<Props>;
  return function Later(props) {
    return (
      <Suspense fallback={meanwhile}>
        <Part {...props} />
      </Suspense>
    );
  };
}
