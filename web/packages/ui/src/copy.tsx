import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { t } from "@rapport/i18n";
import { Button, type ButtonProps } from "./button";

/** Writes a text to the clipboard, also where the page is not served over HTTPS. */
export async function copyText(text: string): Promise<boolean> {
  if (window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

export function CopyButton({ text, label, children, ...props }: ButtonProps & { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <Button
      variant="ghost"
      size="icon-sm"
      aria-label={copied ? t("Copied") : label}
      onClick={() => {
        void copyText(text).then((done) => {
          setCopied(done);
          setTimeout(() => {
            setCopied(false);
          }, 1_500);
        });
      }}
      {...props}
    >
      {copied ? <Check /> : <Copy />}
      {children}
    </Button>
  );
}
