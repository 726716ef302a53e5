import { Tabs as RadixTabs } from "radix-ui";
import type { ReactNode } from "react";
import { t } from "@rapport/i18n";

export interface Tab<T extends string> {
  value: T;
  label: string;
  /** Something in it needs attention, such as a field that was refused. */
  fault?: boolean;
  content: ReactNode;
}

/** Parts of one thing of which one is shown; arrow keys move between them. */
export function Tabs<T extends string>({
  label,
  value,
  onChange,
  tabs,
  above,
  className,
}: {
  label: string;
  value: T;
  onChange: (value: T) => void;
  tabs: Tab<T>[];
  /** What all parts share, above the tabs. */
  above?: ReactNode;
  className?: string;
}) {
  return (
    <RadixTabs.Root
      value={value}
      onValueChange={(next) => {
        onChange(next as T);
      }}
      className={className}
    >
      {above}
      <div className="sticky -top-4 z-10 -mx-5 mb-4 border-b border-line bg-raised px-4">
        <RadixTabs.List aria-label={label} className="flex flex-wrap gap-x-1">
          {tabs.map((tab) => (
            <RadixTabs.Trigger
              key={tab.value}
              value={tab.value}
              className="relative inline-flex h-9.5 items-center gap-1.5 rounded-sm px-2 text-sm whitespace-nowrap text-ink-muted outline-offset-[-3px] hover:text-ink data-[state=active]:font-medium data-[state=active]:text-ink data-[state=active]:after:absolute data-[state=active]:after:inset-x-2 data-[state=active]:after:bottom-0 data-[state=active]:after:h-0.5 data-[state=active]:after:rounded-full data-[state=active]:after:bg-accent"
            >
              {tab.label}
              {tab.fault ? (
                <>
                  <span aria-hidden className="size-1.5 rounded-full bg-danger" />
                  <span className="sr-only">{t("needs attention")}</span>
                </>
              ) : null}
            </RadixTabs.Trigger>
          ))}
        </RadixTabs.List>
      </div>
      {tabs.map((tab) => (
        <RadixTabs.Content key={tab.value} value={tab.value} tabIndex={-1} className="grid grid-cols-[minmax(0,1fr)] gap-5 focus-visible:outline-none">
          {tab.content}
        </RadixTabs.Content>
      ))}
    </RadixTabs.Root>
  );
}
