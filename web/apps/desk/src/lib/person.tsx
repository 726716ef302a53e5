import type { Status } from "@rapport/core/api/types";
import { hue, initials } from "@rapport/core/format";
import { Avatar, AVATAR_GROUNDS } from "@rapport/ui/marks";

export function PersonAvatar({ name, size, status }: { name: string; size?: "sm" | "md" | "lg" | "xl"; status?: Status }) {
  return <Avatar initials={initials(name)} ground={hue(name, AVATAR_GROUNDS)} {...(size ? { size } : {})} status={status} />;
}
