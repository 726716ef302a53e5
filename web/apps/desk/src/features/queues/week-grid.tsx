import { Copy, Plus, X } from "lucide-react";
import { useState } from "react";
import type { Block, Hours } from "@rapport/core/api/types";
import { blocksOf, dayFault, minuteOf, readTime, timeOf, weekdayName, weekdays } from "@rapport/core/hours";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { Checkbox, Input } from "@rapport/ui/field";
import { Menu, MenuItem, MenuLabel, MenuLine } from "@rapport/ui/menu";

const DAY = 24 * 60;
const STEP = 15;

/** The week of a queue: for each day its times, any number of them. */
export function WeekGrid({ hours, onChange }: { hours: Hours; onChange: (blocks: Block[]) => void }) {
  const setDay = (days: readonly number[], of: readonly Block[]) => {
    const rest = hours.blocks.filter((block) => !days.includes(block.day));
    const added = days.flatMap((day) => of.map(({ from, to }) => ({ day, from, to })));
    onChange([...rest, ...added].sort((a, b) => a.day - b.day || (a.from < b.from ? -1 : 1)));
  };
  return (
    <ul aria-label={t("Week")} className="divide-y divide-line rounded-md border border-line">
      {weekdays.map((day) => (
        <DayRow key={day} day={day} hours={hours} onChange={setDay} />
      ))}
    </ul>
  );
}

function DayRow({
  day,
  hours,
  onChange,
}: {
  day: number;
  hours: Hours;
  onChange: (days: readonly number[], blocks: readonly Block[]) => void;
}) {
  // While one types, the times keep their places; sorting them would take the field away.
  const blocks = hours.blocks.filter((block) => block.day === day);
  const name = weekdayName(day);
  const fault = dayFault(hours, day);
  const replace = (at: number, change: Partial<Block>) => {
    onChange([day], blocks.map((block, n) => (n === at ? { ...block, ...change } : block)));
  };
  return (
    <li aria-label={name} className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-start gap-x-3 gap-y-1.5 px-3 py-2 sm:grid-cols-[7.5rem_minmax(0,1fr)_auto]">
      <label className="flex h-8 items-center gap-2.5 text-sm font-medium max-sm:col-span-2">
        <Checkbox
          aria-label={t("Open on {{name}}", { name })}
          checked={blocks.length > 0}
          onCheckedChange={(open) => {
            onChange([day], open === true ? [{ day, from: "09:00", to: "17:00" }] : []);
          }}
        />
        {name}
      </label>
      <div className="grid min-w-0 gap-1.5 max-sm:order-3 max-sm:col-span-3">
        {blocks.length === 0 ? <p className="flex h-8 items-center text-sm text-ink-faint max-sm:hidden">{t("Closed")}</p> : null}
        <div className="flex flex-wrap gap-x-4 gap-y-1.5">
          {blocks.map((block, n) => (
            <span key={n} role="group" aria-label={t("{{name}}, time {{number}}", { name, number: n + 1 })} className="flex items-center gap-1.5">
              <TimeInput
                label={t("{{name}} from", { name })}
                value={block.from}
                onChange={(from) => {
                  replace(n, { from });
                }}
              />
              <span aria-hidden className="text-ink-faint">
                –
              </span>
              <TimeInput
                label={t("{{name}} to", { name })}
                value={block.to}
                onChange={(to) => {
                  replace(n, { to });
                }}
              />
              {blocks.length > 1 ? (
                <Button
                  variant="ghost"
                  size="icon-sm"
                  aria-label={t("Remove {{from}} to {{to}} on {{name}}", { from: block.from, to: block.to, name })}
                  onClick={() => {
                    onChange([day], blocks.filter((_, at) => at !== n));
                  }}
                >
                  <X />
                </Button>
              ) : null}
            </span>
          ))}
        </div>
        {blocks.length > 0 ? <DayBar blocks={blocks} /> : null}
        {fault ? (
          <p role="alert" className="text-xs text-danger">
            {fault}
          </p>
        ) : null}
      </div>
      <span className="flex items-center max-sm:order-2">
        <Button
          variant="ghost"
          size="icon-sm"
          className="mt-0.5"
          aria-label={t("Add a time on {{name}}", { name })}
          title={t("Add a time")}
          onClick={() => {
            onChange([day], [...blocks, after(blocksOf(hours, day), day)]);
          }}
        >
          <Plus />
        </Button>
        <Menu
          trigger={
            <Button variant="ghost" size="icon-sm" className="mt-0.5" aria-label={t("Copy {{name}} to other days", { name })} title={t("Copy to other days")}>
              <Copy />
            </Button>
          }
        >
          <MenuLabel>{t("Copy {{name}} to", { name })}</MenuLabel>
          <MenuItem
            onSelect={() => {
              onChange([1, 2, 3, 4, 5], blocks);
            }}
          >
            {t("Monday to Friday")}
          </MenuItem>
          <MenuItem
            onSelect={() => {
              onChange(weekdays, blocks);
            }}
          >
            {t("Every day")}
          </MenuItem>
          <MenuLine />
          {weekdays
            .filter((other) => other !== day)
            .map((other) => (
              <MenuItem
                key={other}
                onSelect={() => {
                  onChange([other], blocks);
                }}
              >
                {weekdayName(other)}
              </MenuItem>
            ))}
        </Menu>
      </span>
    </li>
  );
}

/** A further time of a day: after the last one, as far as there is room. */
function after(blocks: readonly Block[], day: number): Block {
  const last = blocks.at(-1);
  if (!last) return { day, from: "09:00", to: "17:00" };
  const end = minuteOf(last.to) ?? 0;
  const from = Math.min(end + 60, DAY - STEP);
  return { day, from: timeOf(from), to: timeOf(Math.min(from + 4 * 60, DAY)) };
}

/** The day as a line of 24 hours. */
function DayBar({ blocks }: { blocks: readonly Block[] }) {
  return (
    <div aria-hidden className="relative h-1 overflow-hidden rounded-full bg-hover">
      {blocks.map((block, n) => {
        const from = minuteOf(block.from) ?? 0;
        const to = minuteOf(block.to) ?? from;
        if (to <= from) return null;
        return (
          <span
            key={n}
            className="absolute inset-y-0 rounded-full bg-accent"
            style={{ insetInlineStart: `${(from / DAY) * 100}%`, width: `${((to - from) / DAY) * 100}%` }}
          />
        );
      })}
    </div>
  );
}

/** A time of day in 24 hours, because the end of the day is 24:00. Reads "9", "9.30" and "9 pm"; arrows step. */
function TimeInput({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const [typed, setTyped] = useState<string>();
  const minute = minuteOf(value);
  return (
    <Input
      aria-label={label}
      aria-invalid={minute === undefined ? true : undefined}
      inputMode="numeric"
      autoComplete="off"
      className={cn("w-15 px-2 text-center tabular-nums")}
      value={typed ?? value}
      onFocus={(event) => {
        event.currentTarget.select();
      }}
      onChange={(event) => {
        const text = event.target.value;
        setTyped(text);
        onChange(readTime(text) ?? text);
      }}
      onBlur={() => {
        setTyped(undefined);
      }}
      onKeyDown={(event) => {
        const step = event.key === "ArrowUp" ? STEP : event.key === "ArrowDown" ? -STEP : 0;
        if (step === 0 || minute === undefined) return;
        event.preventDefault();
        setTyped(undefined);
        onChange(timeOf(minute + step));
      }}
    />
  );
}
