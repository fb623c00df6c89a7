import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useRouter } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { client, take } from "@/api/client";
import { asApiError } from "@/api/problem";
import { methodsQuery, setupQuery } from "@/api/queries";
import { AuthFrame } from "@/components/AuthFrame";
import { Button, buttonLook } from "@/components/Button";
import { Field, PasswordField } from "@/components/Field";
import { Notice, ProblemNotice } from "@/components/Notice";
import { faultOf } from "@/lib/faults";
import { begin } from "@/lib/session";

const route = getRouteApi("/login");

/** Why somebody was sent back here from signing in elsewhere. */
const turned: Record<string, string> = {
  "oidc-refused": "You were not signed in. Try again, or sign in with your password.",
  "oidc-stale": "That took too long, or began in another browser. Try again.",
  "oidc-failed": "The other server's answer could not be believed, so you were not signed in.",
  "oidc-unavailable": "The other server does not answer. Try again in a moment.",
  "oidc-email": "The other server has not confirmed your e-mail address. Confirm it there first.",
  "oidc-unverified":
    "There is an account with your address that has not confirmed it. Sign in with its password and confirm it, or ask for a new password.",
  "oidc-unknown": "You have no account here yet. Ask the owner of this server for an invitation.",
};

function elsewhere(next: string | undefined): string {
  return `/api/v1/auth/oidc/start${next ? `?next=${encodeURIComponent(`/app${next}`)}` : ""}`;
}

export function LoginPage() {
  const { next, problem } = route.useSearch();
  const { data: setup } = useSuspenseQuery(setupQuery);
  const { data: methods } = useSuspenseQuery(methodsQuery);
  const queries = useQueryClient();
  const router = useRouter();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [totp, setTotp] = useState("");
  const [coded, setCoded] = useState(false);
  const login = useMutation({
    mutationFn: () =>
      take(client.POST("/api/v1/auth/login", { body: { email, password, totp: totp.trim() } })),
    onError: (error) => {
      if (asApiError(error).type === "totp-required") setCoded(true);
    },
    onSuccess: async ({ user }) => {
      begin(queries, user);
      await router.navigate({ href: next ?? "/", replace: true });
    },
  });
  const refused = login.error ? asApiError(login.error) : null;
  const faults = refused?.faults ?? [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    login.mutate();
  };
  return (
    <AuthFrame title="Sign in" lead={next ? "Sign in to go on where you were." : undefined}>
      {problem && !login.error ? (
        <div className="mb-4">
          <Notice tone="warn">{turned[problem] ?? turned["oidc-failed"]}</Notice>
        </div>
      ) : null}
      <form onSubmit={submit} className="space-y-4">
        <Field
          label="E-mail"
          type="email"
          autoComplete="username"
          autoFocus
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          fault={faultOf(faults, "email")}
        />
        <PasswordField
          label="Password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          fault={faultOf(faults, "password")}
        />
        {coded ? (
          <Field
            label="Code"
            autoComplete="one-time-code"
            autoFocus
            required
            maxLength={40}
            value={totp}
            onChange={(event) => setTotp(event.target.value)}
            hint="From your authenticator app, or one of your recovery codes."
          />
        ) : null}
        {refused?.type === "totp-required" ? null : (
          <ProblemNotice error={login.error} inputs={["email", "password"]} />
        )}
        <Button type="submit" look="primary" className="w-full" busy={login.isPending}>
          Sign in
        </Button>
      </form>
      {methods.oidcName === null ? null : (
        <a href={elsewhere(next)} className={`${buttonLook()} mt-3 w-full`}>
          Sign in with {methods.oidcName}
        </a>
      )}
      <p className="mt-5">
        <Link to="/forgot-password" className="font-medium text-accent hover:underline">
          Forgot your password?
        </Link>
      </p>
      <p className="mt-2 text-ink-soft">
        {setup.registration === "open" ? (
          <>
            New here?{" "}
            <Link to="/register" className="font-medium text-accent hover:underline">
              Make an account
            </Link>
          </>
        ) : (
          "No account? Ask the owner of this server for one."
        )}
      </p>
    </AuthFrame>
  );
}
