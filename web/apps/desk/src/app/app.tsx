import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { Direction } from "radix-ui";
import { useState } from "react";
import { direction } from "@rapport/i18n";
import { TipProvider } from "@rapport/ui/tip";
import { Toasts } from "@rapport/ui/toast";
import { type Backend, BackendContext } from "@/lib/backend";
import { makeRouter } from "./router";

export function App({ backend }: { backend: Backend }) {
  const [router] = useState(() => makeRouter(backend));
  return (
    <Direction.Provider dir={direction()}>
      <BackendContext value={backend}>
        <QueryClientProvider client={backend.client}>
          <TipProvider delayDuration={350} skipDelayDuration={150}>
            <RouterProvider router={router} />
            <Toasts />
          </TipProvider>
        </QueryClientProvider>
      </BackendContext>
    </Direction.Provider>
  );
}
