import { useMemo } from "react";
import { t } from "@rapport/i18n";
import { Dialog } from "@rapport/ui/dialog";

/** A page of a customer's website with the widget. */
function page(inboxId: string): string {
  const src = new URL("/widget.js", location.href).href;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Preview</title></head>
<body><h1>Your website</h1><p>The chat button is in the corner. What you write here arrives as a real conversation.</p>
<script src="${src}" data-inbox="${encodeURIComponent(inboxId)}" async></script></body></html>`;
}

/** Styles go in through the CSSOM, which the content security policy allows. */
function dress(frame: HTMLIFrameElement): void {
  const { body } = frame.contentDocument ?? {};
  if (!body) return;
  body.style.font = "15px/1.5 system-ui, sans-serif";
  body.style.padding = "16px 24px";
  body.style.color = "#333";
  body.style.background = "#fff";
}

/** The real widget of an inbox on an empty page of its own. */
export function WidgetPreview({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
  const html = useMemo(() => page(id), [id]);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="lg"
      title={t("Preview of {{name}}", { name })}
      description={t("This is the real widget: what you write arrives as a conversation of this inbox.")}
    >
      <iframe
        title={t("Widget of {{name}}", { name })}
        srcDoc={html}
        onLoad={(event) => {
          dress(event.currentTarget);
        }}
        sandbox="allow-scripts allow-same-origin allow-forms"
        className="h-[60dvh] w-full rounded-lg border border-line bg-surface"
      />
    </Dialog>
  );
}
