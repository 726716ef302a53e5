import { type ReactNode, useId } from "react";
import { t } from "@rapport/i18n";
import { cn } from "@rapport/ui/cn";
import { Checkbox, Switch } from "@rapport/ui/field";

/** One line of a list of memberships: whether there is one and, if so, whether the agent may reply. */
export function MembershipRow({
  name,
  member,
  fixed = false,
  canReply,
  replyName,
  onMember,
  onReply,
  className,
  children,
}: {
  name: string;
  member: boolean;
  /** The membership cannot be ended. */
  fixed?: boolean;
  /** Undefined where this is not decided by line. */
  canReply: boolean | undefined;
  replyName: string;
  onMember: (member: boolean) => void;
  onReply: (canReply: boolean) => void;
  className?: string;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <li className={cn("flex h-10 items-center gap-2.5 px-3 text-sm", className)}>
      <Checkbox
        id={`${id}member`}
        aria-label={name}
        checked={member}
        disabled={fixed}
        onCheckedChange={(on) => {
          onMember(on === true);
        }}
      />
      <label htmlFor={`${id}member`} className="min-w-0 flex-1">
        {children}
      </label>
      {canReply === undefined ? null : (
        <>
          <label htmlFor={`${id}reply`} className="text-xs text-ink-muted">
            {t("Can reply")}
          </label>
          <Switch id={`${id}reply`} aria-label={replyName} checked={canReply} onCheckedChange={onReply} />
        </>
      )}
    </li>
  );
}
