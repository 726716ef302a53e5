import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { clientId } from "@rapport/core/id";
import { accepted, contentsOf, fileProblem, lengthOf, mostFiles } from "@rapport/core/limits";
import { t } from "@rapport/i18n";
import { toast } from "@rapport/ui/toast";
import { AttachButton } from "@/lib/attach-button";
import { useBackend } from "@/lib/backend";
import { fitted, whyNot } from "@/lib/carried";
import { FileChip } from "@/lib/file-chip";
import { queries } from "@/lib/queries";

/**
 * The files that go along, and why they, or the text, cannot be sent so. They belong to this one writing: what it has
 * not sent, or left to a conversation, is gone with it, so that it never goes along to the next customer.
 */
export function useFiles(inbox: { id: string; channel: string } | undefined, text: string) {
  const { api, uploads } = useBackend();
  const [scope] = useState(() => `new ${clientId()}`);
  const limits = useQuery(queries.limits(api)).data;
  const held = useSyncExternalStore(uploads.subscribe, uploads.all).filter((one) => one.scope === scope);
  const channel = inbox?.channel ?? "";
  const most = inbox ? mostFiles(limits, channel) : 0;
  const length = inbox ? lengthOf(contentsOf(limits, channel), text) : undefined;
  const add = (list: readonly File[]) => {
    if (limits && inbox) uploads.add(scope, { purpose: "reply", inbox_id: inbox.id }, list, ({ name, size }) => fileProblem(limits, channel, "desk", name, size));
  };
  useEffect(
    () => () => {
      const count = uploads.clear(scope);
      if (count > 0) toast(t("{{count}} attached files were removed.", { count }));
    },
    [uploads, scope],
  );
  const fit = fitted(inbox ? limits : undefined, channel, held);
  return { scope, files: fit.files, most, textLength: length, accept: accepted(limits, channel), add, hold: whyNot(fit, most, length?.left ?? 0) };
}

/** The button to attach files, and those that go along. */
export function FilesField({ files, most, accept, add }: Omit<ReturnType<typeof useFiles>, "scope" | "textLength" | "hold">) {
  if (most === 0 && files.length === 0) return null;
  return (
    <div className="grid justify-items-start gap-2">
      {files.length > 0 ? (
        <ul aria-label={t("Goes along")} className="flex max-w-full flex-wrap gap-1.5">
          {files.map((one) => (
            <FileChip key={one.key} one={one} />
          ))}
        </ul>
      ) : null}
      <AttachButton testId="attach-new" accept={accept} disabled={most === 0} onFiles={add} />
    </div>
  );
}
