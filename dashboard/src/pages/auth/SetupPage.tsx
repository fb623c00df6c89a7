import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { client, take } from "@/api/client";
import { statusOf } from "@/api/problem";
import { setupQuery } from "@/api/queries";
import { AuthFrame } from "@/components/AuthFrame";
import { buttonLook } from "@/components/Button";
import { begin } from "@/lib/session";
import { AccountForm, type NewAccount } from "./AccountForm";

const route = getRouteApi("/setup");

export function SetupPage() {
  const { token } = route.useSearch();
  const { data: setup } = useSuspenseQuery(setupQuery);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const claim = useMutation({
    mutationFn: (account: NewAccount) =>
      take(client.POST("/api/v1/setup", { body: { ...account, token: token ?? "" } })),
    onSuccess: async ({ user }) => {
      begin(queries, user);
      await navigate({ to: "/projects/new", replace: true });
    },
  });
  const refused = statusOf(claim.error);
  if (!setup.needed || refused === 409) return <AlreadyDone />;
  if (!token)
    return (
      <TokenHelp
        title="One link away"
        lead="This server has no owner yet. To claim it, open the set-up link that it printed when it started."
      />
    );
  if (refused === 403)
    return (
      <TokenHelp
        title="This link does not fit"
        lead="The set-up token in it is not the one of this server. Each data folder has its own, so use the link of the latest start."
      />
    );
  return (
    <AuthFrame
      title="Make this server yours"
      lead="You become its owner. Your link works once, so nobody else can claim the server after you."
    >
      <AccountForm
        action="Make the owner"
        busy={claim.isPending}
        error={claim.error}
        onSubmit={claim.mutate}
      />
    </AuthFrame>
  );
}

function TokenHelp({ title, lead }: { title: string; lead: string }) {
  return (
    <AuthFrame title={title} lead={lead}>
      <ol className="space-y-3 text-ink-soft">
        <Step n={1}>Look into the terminal or the log where Pulseboard runs.</Step>
        <Step n={2}>
          Find the link with this in it, and open it in this browser:
          <code className="mt-1.5 block rounded-md bg-sunken px-2.5 py-1.5 font-mono text-[0.93rem] break-all text-ink">
            /app/setup?token=…
          </code>
        </Step>
        <Step n={3}>
          Gone from the log? The token is in the file <code className="font-mono text-ink">setup-token</code>{" "}
          of the data folder.
        </Step>
      </ol>
    </AuthFrame>
  );
}

function Step({ n, children }: { n: number; children: ReactNode }) {
  return (
    <li className="flex gap-3">
      <span className="grid size-5.5 shrink-0 place-items-center rounded-full bg-accent-soft text-[0.86rem] font-semibold text-accent-strong">
        {n}
      </span>
      <div className="min-w-0 flex-1">{children}</div>
    </li>
  );
}

function AlreadyDone() {
  return (
    <AuthFrame
      title="Set-up is done"
      lead="This server has its owner already, so its set-up link works no more."
    >
      <Link to="/login" className={`${buttonLook("primary")} w-full`}>
        Sign in
      </Link>
    </AuthFrame>
  );
}
