import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useRouter } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { client, take } from "@/api/client";
import { asApiError } from "@/api/problem";
import { setupQuery } from "@/api/queries";
import { AuthFrame } from "@/components/AuthFrame";
import { Button } from "@/components/Button";
import { Field, PasswordField } from "@/components/Field";
import { ProblemNotice } from "@/components/Notice";
import { faultOf } from "@/lib/faults";
import { begin } from "@/lib/session";

const route = getRouteApi("/login");

export function LoginPage() {
  const { next } = route.useSearch();
  const { data: setup } = useSuspenseQuery(setupQuery);
  const queries = useQueryClient();
  const router = useRouter();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const login = useMutation({
    mutationFn: () => take(client.POST("/api/v1/auth/login", { body: { email, password } })),
    onSuccess: async ({ user }) => {
      begin(queries, user);
      await router.navigate({ href: next ?? "/", replace: true });
    },
  });
  const faults = login.error ? asApiError(login.error).faults : [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    login.mutate();
  };
  return (
    <AuthFrame title="Sign in" lead={next ? "Sign in to go on where you were." : undefined}>
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
        <ProblemNotice error={login.error} inputs={["email", "password"]} />
        <Button type="submit" look="primary" className="w-full" busy={login.isPending}>
          Sign in
        </Button>
      </form>
      <p className="mt-5 text-ink-soft">
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
