import { CircleAlert, RotateCw, X } from "lucide-react";
import { useEffect, useState } from "react";
import { bytes, fileUrl } from "@rapport/core/files";
import type { Uploading } from "@rapport/core/uploads";
import { t } from "@rapport/i18n";
import { FileIcon } from "@rapport/thread/media";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { useBackend } from "./backend";

/** A file that goes along: how far it is, what is wrong with it, and how to take it off. */
export function FileChip({ one }: { one: Uploading }) {
  const { uploads } = useBackend();
  const wrong = one.state === "failed" || one.state === "refused";
  const percent = one.size > 0 ? Math.round((one.sent / one.size) * 100) : 0;
  return (
    <li className={cn("flex w-64 max-w-full items-center gap-2 rounded-md border bg-canvas py-1 ps-1.5 pe-1", wrong ? "border-danger" : "border-line")}>
      <Preview one={one} />
      <span className="min-w-0 flex-1">
        <span className="block truncate text-xs font-medium" dir="auto">
          {one.name}
        </span>
        {wrong ? (
          <span role="alert" className="block text-2xs text-danger">
            <CircleAlert aria-hidden className="me-1 inline size-3" />
            {one.error}
          </span>
        ) : one.state === "done" ? (
          <span className="block text-2xs text-ink-muted">{bytes(one.size)}</span>
        ) : (
          <span className="flex items-center gap-2 text-2xs text-ink-muted">
            <progress className="h-1 min-w-0 flex-1 accent-accent" max={100} value={percent} aria-label={t("Uploading {{name}}", { name: one.name })} />
            <span className="tabular-nums">{percent} %</span>
          </span>
        )}
      </span>
      {one.state === "failed" ? (
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={t("Upload {{name}} again", { name: one.name })}
          onClick={() => {
            uploads.retry(one.key);
          }}
        >
          <RotateCw />
        </Button>
      ) : null}
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label={t("Remove {{name}}", { name: one.name })}
        onClick={() => {
          uploads.remove(one.key);
        }}
      >
        <X />
      </Button>
    </li>
  );
}

/** The picture itself while it is on its way, else the sign of its kind. */
function Preview({ one }: { one: Uploading }) {
  const { source } = one;
  const [own] = useState(() => (source instanceof File && source.type.startsWith("image/") ? URL.createObjectURL(source) : undefined));
  useEffect(
    () => () => {
      if (own) URL.revokeObjectURL(own);
    },
    [own],
  );
  const shown = one.file?.thumb ? fileUrl(one.file.id, "thumb") : own;
  return shown ? (
    <img src={shown} alt="" className="size-8 shrink-0 rounded-sm object-cover" />
  ) : (
    <span className="inline-flex size-8 shrink-0 items-center justify-center">
      <FileIcon file={{ name: one.name, type: one.file?.type ?? source?.type ?? "" }} />
    </span>
  );
}
