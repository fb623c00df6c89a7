import * as Popover from "@radix-ui/react-popover";
import { type FormEvent, useState } from "react";
import {
  customDays,
  customText,
  isPreset,
  presetLabels,
  presets,
  type RangeText,
  rangeLabel,
} from "@/lib/range";
import { addDays, dayOf } from "@/lib/time";
import { Button, buttonLook } from "./Button";
import { Icon } from "./icons";
import { menuPanel } from "./menu";
import { Segmented } from "./Segmented";

const options = presets.map((value) => ({ value, label: value }));

interface Props {
  range: RangeText;
  zone: string;
  onChange: (range: RangeText) => void;
}

export function RangePicker({ range, zone, onChange }: Props) {
  const [open, setOpen] = useState(false);
  const custom = customDays(range) !== null;
  return (
    <div className="flex max-w-full flex-wrap items-center gap-2">
      <Segmented label="Range" value={isPreset(range) ? range : null} options={options} onChange={onChange} />
      <Popover.Root open={open} onOpenChange={setOpen}>
        <Popover.Trigger
          className={`${buttonLook("plain")} ${custom ? "ring-1 ring-accent" : ""}`}
          title={custom ? undefined : presetLabels[isPreset(range) ? range : "7d"]}
        >
          <Icon name="calendar" />
          {custom ? rangeLabel(range, zone) : "Custom"}
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content
            aria-label="Custom range"
            align="end"
            sideOffset={8}
            collisionPadding={12}
            className={`${menuPanel} w-72 p-4`}
          >
            <CustomRange
              range={range}
              zone={zone}
              onChange={(next) => {
                setOpen(false);
                onChange(next);
              }}
            />
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
    </div>
  );
}

function CustomRange({ range, zone, onChange }: Props) {
  const today = dayOf(new Date(), zone);
  const days = customDays(range);
  const [first, setFirst] = useState(days?.[0] ?? addDays(today, -13));
  const [last, setLast] = useState(days?.[1] ?? today);
  const backwards = first > last;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChange(customText(first, last));
  };
  return (
    <form onSubmit={submit} className="space-y-3">
      <Day label="From" value={first} max={today} onChange={setFirst} />
      <Day label="To, inclusive" value={last} max={today} onChange={setLast} />
      {backwards ? <p className="text-bad">The range ends before it begins.</p> : null}
      <Button type="submit" look="primary" className="w-full" disabled={backwards || !first || !last}>
        Show this range
      </Button>
    </form>
  );
}

interface DayProps {
  label: string;
  value: string;
  max: string;
  onChange: (day: string) => void;
}

function Day({ label, value, max, onChange }: DayProps) {
  return (
    <label className="block space-y-1.5">
      <span className="block font-medium">{label}</span>
      <input
        type="date"
        required
        value={value}
        max={max}
        onChange={(event) => onChange(event.target.value)}
        className="h-9 w-full rounded-lg border border-line-strong bg-surface px-3 tabular-nums hover:border-ink-faint focus-visible:outline-offset-0"
      />
    </label>
  );
}
