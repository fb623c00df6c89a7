import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { client, take } from "@/api/client";
import { setupQuery } from "@/api/queries";
import { AuthFrame } from "@/components/AuthFrame";
import { begin } from "@/lib/session";
import { AccountForm, type NewAccount } from "./AccountForm";

export function RegisterPage() {
  const { data: setup } = useSuspenseQuery(setupQuery);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const register = useMutation({
    mutationFn: (account: NewAccount) => take(client.POST("/api/v1/auth/register", { body: account })),
    onSuccess: async ({ user }) => {
      begin(queries, user);
      await navigate({ to: "/" });
    },
  });
  if (setup.registration !== "open")
    return (
      <AuthFrame
        title="By invitation only"
        lead="The owner of this server makes its accounts. Ask them for one."
      >
        <SignInInstead />
      </AuthFrame>
    );
  return (
    <AuthFrame title="Make an account">
      <AccountForm
        action="Make the account"
        busy={register.isPending}
        error={register.error}
        onSubmit={register.mutate}
      />
      <div className="mt-5">
        <SignInInstead />
      </div>
    </AuthFrame>
  );
}

function SignInInstead() {
  return (
    <p className="text-ink-soft">
      Have an account?{" "}
      <Link to="/login" className="font-medium text-accent hover:underline">
        Sign in
      </Link>
    </p>
  );
}
