import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useLocation, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { client, done, take } from "@/api/client";
import { asApiError, statusOf } from "@/api/problem";
import { meQuery, projectsQuery } from "@/api/queries";
import { AuthFrame } from "@/components/AuthFrame";
import { Button, buttonLook } from "@/components/Button";
import { Field, PasswordField } from "@/components/Field";
import { Notice, ProblemNotice } from "@/components/Notice";
import { PagePending } from "@/components/PageStates";
import { faultOf } from "@/lib/faults";
import { linkToken } from "@/lib/link-token";
import { begin, useSignOut } from "@/lib/session";

interface Offer {
  token: string;
  email: string;
  orgName: string;
}

export function InvitationPage() {
  const token = useLocation({ select: ({ hash }) => linkToken(hash) });
  const look = useQuery({
    queryKey: ["invitation", token],
    queryFn: () => take(client.POST("/api/v1/invitations/look", { body: { token } })),
    enabled: token !== "",
    retry: false,
  });
  const me = useQuery({ ...meQuery, retry: false });
  if (token === "" || statusOf(look.error) === 404) return <Worthless />;
  if (look.error)
    return (
      <AuthFrame title="Your invitation">
        <ProblemNotice error={look.error} />
      </AuthFrame>
    );
  if (!look.data || me.isPending) return <PagePending />;
  const { orgName, role, email, registered } = look.data;
  const offer = { token, email, orgName };
  return (
    <AuthFrame title={`Join ${orgName}`} lead={`You are invited as ${role}, with the address ${email}.`}>
      {me.data?.email.toLowerCase() === email.toLowerCase() ? (
        <Accept {...offer} />
      ) : me.data ? (
        <Other mine={me.data.email} />
      ) : registered ? (
        <Link
          to="/login"
          search={{ next: `/invitation#token=${token}` }}
          className={`${buttonLook("primary")} w-full`}
        >
          Sign in to accept
        </Link>
      ) : (
        <Register {...offer} />
      )}
    </AuthFrame>
  );
}

function Accept({ token }: Offer) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const accept = useMutation({
    mutationFn: () => take(client.POST("/api/v1/invitations/accept", { body: { token } })),
    onSuccess: async () => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: meQuery.queryKey }),
        queries.invalidateQueries({ queryKey: projectsQuery.queryKey }),
      ]);
      await navigate({ to: "/" });
    },
  });
  return (
    <div className="space-y-4">
      <ProblemNotice error={accept.error} />
      <Button look="primary" className="w-full" busy={accept.isPending} onClick={() => accept.mutate()}>
        Accept the invitation
      </Button>
    </div>
  );
}

function Other({ mine }: { mine: string }) {
  const signOut = useMutation({ mutationFn: useSignOut() });
  return (
    <div className="space-y-4">
      <Notice tone="warn">
        You are signed in as {mine}. Sign out, and open the letter's link again as the one who is invited.
      </Notice>
      <Button className="w-full" icon="out" busy={signOut.isPending} onClick={() => signOut.mutate()}>
        Sign out
      </Button>
    </div>
  );
}

function Register({ token, email }: Offer) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const queries = useQueryClient();
  const navigate = useNavigate();
  const register = useMutation({
    mutationFn: async () => {
      await done(client.POST("/api/v1/invitations/register", { body: { token, name, password } }));
      return take(client.POST("/api/v1/auth/login", { body: { email, password } }));
    },
    onSuccess: async ({ user }) => {
      begin(queries, user);
      await navigate({ to: "/" });
    },
  });
  const faults = register.error ? asApiError(register.error).faults : [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    register.mutate();
  };
  return (
    <form onSubmit={submit} className="space-y-4">
      <Field
        label="Your name"
        autoComplete="name"
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.target.value)}
        fault={faultOf(faults, "name")}
      />
      <PasswordField
        label="Password"
        autoComplete="new-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        hint="10 characters or more. A few random words are best."
        fault={faultOf(faults, "password")}
      />
      <ProblemNotice error={register.error} inputs={["name", "password"]} />
      <Button type="submit" look="primary" className="w-full" busy={register.isPending}>
        Make an account and join
      </Button>
    </form>
  );
}

function Worthless() {
  return (
    <AuthFrame
      title="This invitation does not work"
      lead="It was accepted or taken back, it is older than a week, or a part of the link is missing. Ask for another one."
    >
      <Link to="/" className={`${buttonLook("plain")} w-full`}>
        Go on to Pulseboard
      </Link>
    </AuthFrame>
  );
}
