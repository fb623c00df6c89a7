import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client, done, take } from "@/api/client";
import { asApiError } from "@/api/problem";
import { meQuery } from "@/api/queries";
import { Button } from "@/components/Button";
import { Card, PageHead } from "@/components/Card";
import { Field } from "@/components/Field";
import { Notice, ProblemNotice } from "@/components/Notice";
import { faultOf } from "@/lib/faults";
import { useSignOut } from "@/lib/session";
import { browserZone, offsetText } from "@/lib/time";

export function ProfilePage() {
  const { data: me } = useSuspenseQuery(meQuery);
  const queries = useQueryClient();
  const [name, setName] = useState(me.name ?? "");
  const signOut = useMutation({ mutationFn: useSignOut() });
  const save = useMutation({
    mutationFn: () => take(client.PATCH("/api/v1/auth/me", { body: { name } })),
    onSuccess: (user) => queries.setQueryData(meQuery.queryKey, user),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const zone = browserZone();
  const offset = offsetText(new Date(), zone);
  return (
    <div className="mx-auto max-w-xl lg:pt-6">
      <PageHead title="Profile" />
      <Card className="divide-y divide-line">
        <form onSubmit={submit} className="space-y-4 p-5 sm:p-6">
          <Field
            label="Name"
            autoComplete="name"
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.target.value)}
            fault={save.error ? faultOf(asApiError(save.error).faults, "name") : undefined}
          />
          <ProblemNotice error={save.error} inputs={["name"]} />
          {save.isSuccess && save.data.name === name ? <Notice tone="good">Saved.</Notice> : null}
          <Button type="submit" look="primary" busy={save.isPending} disabled={name === (me.name ?? "")}>
            Save
          </Button>
        </form>
        <dl className="grid grid-cols-[8rem_1fr] gap-y-3 p-5 sm:p-6">
          <dt className="text-ink-soft">E-mail</dt>
          <dd className="min-w-0">
            <span className="block truncate">{me.email}</span>
            {me.emailVerified ? null : <Unconfirmed />}
          </dd>
          <dt className="text-ink-soft">Organisations</dt>
          <dd>{me.orgs.map((org) => `${org.name} (${org.role})`).join(", ") || "None"}</dd>
          <dt className="text-ink-soft">Your time zone</dt>
          <dd>
            {zone} {offset === zone ? null : <span className="text-ink-faint">{offset}</span>}
          </dd>
        </dl>
        <div className="flex items-center justify-between gap-4 p-5 sm:p-6">
          <p className="text-ink-soft">Ends this session on this device.</p>
          <Button icon="out" busy={signOut.isPending} onClick={() => signOut.mutate()}>
            Sign out
          </Button>
        </div>
      </Card>
      <div className="mt-4">
        <ProblemNotice error={signOut.error} />
      </div>
    </div>
  );
}

/** Who has not confirmed their address can have the letter again. */
function Unconfirmed() {
  const resend = useMutation({ mutationFn: () => done(client.POST("/api/v1/auth/verify-email/resend")) });
  if (resend.isSuccess) return <span className="text-ink-soft">A letter is on its way to you.</span>;
  return (
    <>
      <span className="text-ink-soft">Not confirmed yet. </span>
      <button
        type="button"
        className="font-medium text-accent hover:underline"
        disabled={resend.isPending}
        onClick={() => resend.mutate()}
      >
        Send the letter again
      </button>
      <ProblemNotice error={resend.error} />
    </>
  );
}
