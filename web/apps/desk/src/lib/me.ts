import { useSuspenseQuery } from "@tanstack/react-query";
import type { Me } from "@rapport/core/api/types";
import { useBackend } from "./backend";
import { queries } from "./queries";

/** The signed-in person; only below the shell, which has loaded them. */
export function useMe(): Me {
  const { api } = useBackend();
  return useSuspenseQuery(queries.me(api)).data;
}
