import { Paperclip } from "lucide-react";
import { useRef } from "react";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";

/** Chooses files to attach, of a dialog that has no composer. */
export function AttachButton({ testId, accept, disabled = false, onFiles }: { testId: string; accept: string; disabled?: boolean; onFiles: (files: File[]) => void }) {
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        data-testid={testId}
        accept={accept}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <Button size="sm" data-acts disabled={disabled} onClick={() => chooser.current?.click()}>
        <Paperclip aria-hidden />
        {t("Attach files")}
      </Button>
    </>
  );
}
