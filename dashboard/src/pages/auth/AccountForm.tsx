import { type FormEvent, useState } from "react";
import { asApiError } from "@/api/problem";
import { Button } from "@/components/Button";
import { Field, PasswordField } from "@/components/Field";
import { ProblemNotice } from "@/components/Notice";
import { faultOf } from "@/lib/faults";

export interface NewAccount {
  name: string;
  email: string;
  password: string;
}

interface Props {
  action: string;
  busy: boolean;
  error: unknown;
  onSubmit: (account: NewAccount) => void;
}

const MIN_PASSWORD = 10;

/** Name, e-mail and password of a new account: the owner's at set-up, anybody's at an open registration. */
export function AccountForm({ action, busy, error, onSubmit }: Props) {
  const [account, setAccount] = useState<NewAccount>({ name: "", email: "", password: "" });
  const [short, setShort] = useState(false);
  const faults = error ? asApiError(error).faults : [];
  const set = (change: Partial<NewAccount>) => setAccount({ ...account, ...change });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setShort(account.password.length < MIN_PASSWORD);
    if (account.password.length >= MIN_PASSWORD) onSubmit(account);
  };
  return (
    <form onSubmit={submit} className="space-y-4">
      <Field
        label="Your name"
        autoComplete="name"
        autoFocus
        maxLength={200}
        value={account.name}
        onChange={(event) => set({ name: event.target.value })}
        fault={faultOf(faults, "name")}
      />
      <Field
        label="E-mail"
        type="email"
        autoComplete="username"
        required
        value={account.email}
        onChange={(event) => set({ email: event.target.value })}
        fault={faultOf(faults, "email")}
      />
      <PasswordField
        label="Password"
        autoComplete="new-password"
        required
        value={account.password}
        onChange={(event) => {
          set({ password: event.target.value });
          setShort(false);
        }}
        hint={`${MIN_PASSWORD} characters or more. A few random words are best.`}
        fault={
          short
            ? `Use ${MIN_PASSWORD} characters or more; these are ${account.password.length}.`
            : faultOf(faults, "password")
        }
      />
      <ProblemNotice error={error} inputs={["name", "email", "password"]} />
      <Button type="submit" look="primary" className="w-full" busy={busy}>
        {action}
      </Button>
    </form>
  );
}
