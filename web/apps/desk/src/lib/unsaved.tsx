import { useBlocker } from "@tanstack/react-router";
import { t } from "@rapport/i18n";
import { Confirm } from "@rapport/ui/dialog";

interface Way {
  current: { pathname: string };
  next: { pathname: string };
}

/** Whoever was signed out has nothing left to stay for. */
const leaves = ({ current, next }: Way) => current.pathname !== next.pathname && next.pathname !== "/sign-in";

let asks = true;
const asksBeforeUnload = () => asks;

/** What was changed has just been saved, and the page is loaded again before it shows so. */
export function allSaved(): void {
  asks = false;
}

/** Asks before somebody leaves the page, or loads it again, while what they changed is not saved. */
export function Unsaved({ when }: { when: boolean }) {
  const { status, proceed, reset } = useBlocker({ shouldBlockFn: leaves, enableBeforeUnload: asksBeforeUnload, disabled: !when, withResolver: true });
  return (
    <Confirm
      open={status === "blocked"}
      onOpenChange={() => {
        reset?.();
      }}
      title={t("Leave without saving?")}
      confirm={t("Leave")}
      cancel={t("Stay")}
      danger
      onConfirm={() => {
        proceed?.();
      }}
    >
      {t("What you changed on this page has not been saved.")}
    </Confirm>
  );
}
