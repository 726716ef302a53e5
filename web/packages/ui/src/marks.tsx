import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps, ReactNode } from "react";
import { t } from "@rapport/i18n";
import { cn } from "./cn";

const badge = cva("inline-flex h-5 shrink-0 items-center gap-1 whitespace-nowrap rounded-sm px-1.5 text-2xs font-medium [&_svg]:size-3", {
  variants: {
    tone: {
      neutral: "bg-hover text-ink-muted",
      accent: "bg-accent-soft text-accent-strong",
      positive: "bg-positive-soft text-positive",
      warning: "bg-warning-soft text-warning",
      danger: "bg-danger-soft text-danger",
      note: "bg-note text-note-ink",
    },
  },
  defaultVariants: { tone: "neutral" },
});

export type Tone = NonNullable<VariantProps<typeof badge>["tone"]>;

export function Badge({ tone, className, ...props }: ComponentProps<"span"> & VariantProps<typeof badge>) {
  return <span className={cn(badge({ tone }), className)} {...props} />;
}

const grounds = ["bg-avatar-1", "bg-avatar-2", "bg-avatar-3", "bg-avatar-4", "bg-avatar-5", "bg-avatar-6"];
export const AVATAR_GROUNDS = grounds.length;

const avatarSizes = { sm: "size-5 text-[9px]", md: "size-7 text-2xs", lg: "size-8 text-xs", xl: "size-11 text-md" };

/** Initials on a ground that stays the same for a person. It is decoration: the name stands beside it. */
export function Avatar({
  initials,
  ground,
  size = "md",
  status,
  color,
}: {
  initials: string;
  ground: number;
  size?: keyof typeof avatarSizes;
  status?: Presence | undefined;
  /** Of a status that somebody defined. */
  color?: string | undefined;
}) {
  return (
    <span aria-hidden className="relative inline-flex shrink-0">
      <span
        className={cn(
          "inline-flex items-center justify-center rounded-full font-semibold text-avatar-ink select-none",
          avatarSizes[size],
          grounds[ground % grounds.length],
        )}
      >
        {initials}
      </span>
      {status ? <Dot status={status} color={color} className="absolute -end-0.5 -bottom-0.5 size-2.5 ring-2 ring-surface" /> : null}
    </span>
  );
}

export type Presence = "available" | "busy" | "away" | "offline";
const dots: Record<Presence, string> = {
  available: "bg-available",
  busy: "bg-busy",
  away: "bg-away",
  offline: "border-2 border-offline bg-surface",
};

/** A status in a dot; a colour of one's own is a status that somebody defined. */
export function Dot({ status, color, className }: { status: Presence; color?: string | undefined; className?: string }) {
  return (
    <span
      aria-hidden
      className={cn("inline-block size-2 shrink-0 rounded-full", color ? "ring-1 ring-line-strong" : dots[status], className)}
      style={color ? { backgroundColor: color } : undefined}
    />
  );
}

export function Spinner({ label = t("Loading") }: { label?: string }) {
  return (
    <span role="status" aria-label={label} className="inline-block size-4 animate-spin rounded-full border-2 border-line-strong border-t-accent" />
  );
}

export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cn("block animate-pulse rounded-md bg-hover", className)} />;
}

/** What a screen says when it has nothing to show, and what to do next. */
export function Empty({
  icon,
  title,
  children,
  action,
  className,
}: {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
}) {
  return (
    <div className={cn("flex flex-col items-center justify-center gap-1 px-6 py-12 text-center", className)}>
      {icon ? (
        <span aria-hidden className="mb-2 text-ink-faint [&_svg]:size-6">
          {icon}
        </span>
      ) : null}
      <p className="text-md font-medium">{title}</p>
      {children ? <div className="max-w-sm text-sm text-ink-muted">{children}</div> : null}
      {action ? <div className="mt-3">{action}</div> : null}
    </div>
  );
}

const banner = cva("flex items-center gap-2.5 px-4 py-2 text-sm [&>svg]:size-4 [&>svg]:shrink-0", {
  variants: {
    tone: {
      neutral: "bg-hover text-ink",
      accent: "bg-accent-soft text-ink [&>svg]:text-accent",
      warning: "bg-warning-soft text-ink [&>svg]:text-warning",
      danger: "bg-danger-soft text-ink [&>svg]:text-danger",
      positive: "bg-positive-soft text-ink [&>svg]:text-positive",
    },
  },
  defaultVariants: { tone: "neutral" },
});

export function Banner({ tone, className, ...props }: ComponentProps<"div"> & VariantProps<typeof banner>) {
  return <div className={cn(banner({ tone }), className)} {...props} />;
}
