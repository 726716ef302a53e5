// Not from the whole of radix-ui, which imports this file in turn.
import * as Slot from "radix-ui/slot";
import type { ReactNode } from "react";

/** Stands in for react-remove-scroll: the desk's page itself never scrolls, so there is nothing to lock. */
export function RemoveScroll({ children, as: _as, allowPinchZoom: _zoom, shards: _shards, ...props }: {
  children: ReactNode;
  as?: unknown;
  allowPinchZoom?: boolean;
  shards?: unknown;
}) {
  return <Slot.Root {...props}>{children}</Slot.Root>;
}
