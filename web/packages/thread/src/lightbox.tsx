import { ChevronLeft, ChevronRight, Download, X } from "lucide-react";
import { useEffect, useRef } from "react";
import type { File } from "@rapport/core/api/types";
import { bytes, fileUrl } from "@rapport/core/files";
import { t } from "@rapport/i18n";

const round = "inline-flex size-10 items-center justify-center rounded-full bg-night text-night-ink hover:opacity-80 [&_svg]:size-5";

/** Pictures of a message in full, one at a time: arrows turn, Escape closes. */
export function Lightbox({ files, at, onAt, onClose }: { files: File[]; at: number; onAt: (at: number) => void; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const file = files[at];
  useEffect(() => {
    const element = dialog.current;
    const back = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (back instanceof HTMLElement) back.focus();
    };
  }, []);
  if (!file) return null;
  const turn = (by: number) => {
    onAt((at + by + files.length) % files.length);
  };
  return (
    <dialog
      ref={dialog}
      aria-label={file.name}
      onClose={onClose}
      onKeyDown={(event) => {
        event.stopPropagation(); // the desk's own keys are not for here
        if (event.key === "ArrowRight") turn(1);
        if (event.key === "ArrowLeft") turn(-1);
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
      className="m-0 h-dvh max-h-none w-dvw max-w-none bg-night/90 p-0 text-night-ink backdrop:bg-transparent"
    >
      <div className="pointer-events-none flex h-full w-full flex-col">
        <header className="pointer-events-auto flex items-center gap-3 px-4 py-3">
          <p className="min-w-0 flex-1 truncate text-sm" dir="auto">
            {file.name} · {bytes(file.size)}
            {files.length > 1 ? ` · ${at + 1}/${files.length}` : ""}
          </p>
          <a className={round} href={fileUrl(file.id, "save")} download={file.name} aria-label={t("Download {{name}}, {{size}}", { name: file.name, size: bytes(file.size) })}>
            <Download aria-hidden />
          </a>
          <button type="button" className={round} aria-label={t("Close")} onClick={onClose}>
            <X aria-hidden />
          </button>
        </header>
        <div className="flex min-h-0 flex-1 items-center justify-center gap-2 px-2 pb-4">
          {files.length > 1 ? (
            <button type="button" className={`${round} pointer-events-auto shrink-0`} aria-label={t("Previous picture")} onClick={() => { turn(-1); }}>
              <ChevronLeft aria-hidden className="rtl:rotate-180" />
            </button>
          ) : null}
          <img src={fileUrl(file.id)} alt={file.name} className="pointer-events-auto max-h-full min-h-0 max-w-full min-w-0 object-contain" />
          {files.length > 1 ? (
            <button type="button" className={`${round} pointer-events-auto shrink-0`} aria-label={t("Next picture")} onClick={() => { turn(1); }}>
              <ChevronRight aria-hidden className="rtl:rotate-180" />
            </button>
          ) : null}
        </div>
      </div>
    </dialog>
  );
}
