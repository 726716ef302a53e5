import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { sentenceOf } from "@rapport/core/api/problem";
import type { Me } from "@rapport/core/api/types";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Spinner } from "@rapport/ui/marks";
import { useBackend } from "@/lib/backend";
import { Entrance } from "./entrance";

/** Signs in with a link that carries a token. */
export function LinkSignIn({ token, onDone }: { token: string; onDone: (me: Me) => void }) {
  const { api } = useBackend();
  // A query, not an effect, so that the one-time token is used once.
  const link = useQuery({ queryKey: ["link", token], queryFn: () => api.session.signInByLink(token), retry: false });
  const me = link.data;
  useEffect(() => {
    if (me) onDone(me);
  }, [me, onDone]);
  if (link.error) {
    return (
      <Entrance title={t("This link does not work")} lead={sentenceOf(link.error)}>
        <Button asChild variant="primary">
          <a href="/sign-in">{t("Sign in with a password")}</a>
        </Button>
      </Entrance>
    );
  }
  return (
    <Entrance title={t("Signing in")}>
      <Spinner label={t("Signing in")} />
    </Entrance>
  );
}
