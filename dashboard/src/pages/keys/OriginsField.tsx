import type { Fault } from "@/api/problem";
import { AreaField } from "@/components/Field";
import { entriesOf, listFault } from "@/lib/lines";

interface Props {
  text: string;
  faults: readonly Fault[];
  onChange: (text: string) => void;
}

/** From which web pages an ingest key may be used. */
export function OriginsField({ text, faults, onChange }: Props) {
  return (
    <AreaField
      label="Allowed origins (optional)"
      rows={3}
      placeholder={"https://shop.example.com\nhttps://*.example.com"}
      hint="Web pages that may use the key, one on each line. Empty: from anywhere."
      value={text}
      onChange={(event) => onChange(event.target.value)}
      fault={listFault(faults, "allowedOrigins", text)}
    />
  );
}

/** The paths of faults that the field shows. */
export function originInputs(text: string): string[] {
  return ["allowedOrigins", ...entriesOf(text).map((_, index) => `allowedOrigins.${index}`)];
}
