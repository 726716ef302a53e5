import type { Status } from "@rapport/core/api/types";
import { hue, initials } from "@rapport/core/format";
import { Avatar, AVATAR_GROUNDS } from "@rapport/ui/marks";

export function PersonAvatar({
  name,
  size,
  status,
  color,
}: {
  name: string;
  size?: "sm" | "md" | "lg" | "xl";
  status?: Status;
  /** Of a custom status. */
  color?: string | undefined;
}) {
  return <Avatar initials={initials(name)} ground={hue(name, AVATAR_GROUNDS)} {...(size ? { size } : {})} status={status} color={color} />;
}
