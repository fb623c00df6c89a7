import type { Fault } from "@/api/problem";
import type { Collection } from "@/api/types";
import { Button, IconButton } from "@/components/Button";
import { Field, SelectField } from "@/components/Field";

export type MaskRule = Collection["mask"][number];

interface Props {
  rules: readonly MaskRule[];
  faults: readonly Fault[];
  mayChange: boolean;
  onChange: (rules: readonly MaskRule[]) => void;
}

/** Properties by name, and what becomes of each before it is stored. */
export function MaskRules({ rules, faults, mayChange, onChange }: Props) {
  const change = (at: number, part: Partial<MaskRule>) =>
    onChange(rules.map((rule, index) => (index === at ? { ...rule, ...part } : rule)));
  return (
    <div className="space-y-3 px-4 sm:px-5">
      <p className="text-ink-faint">
        Left out, or replaced by a keyed hash: equal values stay equal, and nobody can read them. Dots lead
        into objects: <code className="font-mono">user.email</code>.
      </p>
      {rules.map((rule, index) => (
        <div key={index} className="flex items-start gap-2.5 border-t border-line pt-3">
          <div className="grid min-w-0 flex-1 gap-2.5 sm:grid-cols-[1fr_12rem]">
            <Field
              label="Property"
              required
              maxLength={200}
              autoFocus={rule.property === ""}
              value={rule.property}
              onChange={(event) => change(index, { property: event.target.value })}
              fault={faults.find(({ path }) => path === `mask.${index}.property`)?.message}
            />
            <SelectField
              label="Becomes"
              value={rule.action}
              onChange={(event) => change(index, { action: event.target.value as MaskRule["action"] })}
            >
              <option value="drop">Left out</option>
              <option value="hash">A hash</option>
            </SelectField>
          </div>
          {mayChange ? (
            <IconButton
              icon="close"
              label={`Remove the rule for ${rule.property || "the new property"}`}
              className="mt-7"
              onClick={() => onChange(rules.filter((_, at) => at !== index))}
            />
          ) : null}
        </div>
      ))}
      {mayChange ? (
        <Button
          small
          icon="plus"
          disabled={rules.length >= 200}
          onClick={() => onChange([...rules, { property: "", action: "drop" }])}
        >
          Add a property
        </Button>
      ) : null}
    </div>
  );
}
