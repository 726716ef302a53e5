import { useQuery } from "@tanstack/react-query";
import { Bell } from "lucide-react";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { Tip } from "@rapport/ui/tip";
import { useBackend } from "@/lib/backend";
import { openDialog } from "@/lib/desk-state";
import { queries } from "@/lib/queries";

/** Says how much is unread, and opens it. */
export function NotificationBell() {
  const { api } = useBackend();
  const unread = useQuery(queries.notifications(api)).data?.unread ?? 0;
  return (
    <Tip text={t("Notifications")} keys="g n">
      <Button
        variant="ghost"
        size="icon"
        aria-label={unread > 0 ? t("Notifications, {{unread}} unread", { unread }) : t("Notifications")}
        className="relative -me-1.5"
        onClick={() => {
          openDialog("notifications");
        }}
      >
        <Bell />
        {unread > 0 ? (
          <span
            aria-hidden
            className="absolute top-0.5 end-0 inline-flex h-3.5 min-w-3.5 items-center justify-center rounded-full bg-danger px-1 text-[9px] font-semibold text-danger-ink tabular-nums ring-2 ring-canvas"
          >
            {unread > 99 ? "99+" : unread}
          </span>
        ) : null}
      </Button>
    </Tip>
  );
}
