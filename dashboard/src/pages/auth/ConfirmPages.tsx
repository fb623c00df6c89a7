import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { client, done, take } from "@/api/client";
import { asApiError } from "@/api/problem";
import { meQuery } from "@/api/queries";
import { AuthFrame } from "@/components/AuthFrame";
import { Button, buttonLook } from "@/components/Button";
import { ProblemNotice } from "@/components/Notice";
import { faultOf } from "@/lib/faults";
import { linkToken } from "@/lib/link-token";

/** What a click confirms, and not the visit: programs that read mail visit links, too. */
function useConfirmation<T>(confirm: (token: string) => Promise<T>) {
  const token = useLocation({ select: ({ hash }) => linkToken(hash) });
  const queries = useQueryClient();
  const sent = useMutation({
    mutationFn: () => confirm(token),
    onSuccess: () => queries.invalidateQueries({ queryKey: meQuery.queryKey }),
  });
  const faults = sent.error ? asApiError(sent.error).faults : [];
  return { sent, void: token === "" || faultOf(faults, "token") !== undefined };
}

export function VerifyEmailPage() {
  const confirmation = useConfirmation((token) =>
    done(client.POST("/api/v1/auth/verify-email", { body: { token } })),
  );
  if (confirmation.void) return <Worthless />;
  if (confirmation.sent.isSuccess) return <Done title="Your address is confirmed" />;
  return (
    <AuthFrame title="Confirm your e-mail address" lead="One click, and we know that it is yours.">
      <Confirm {...confirmation.sent}>Confirm the address</Confirm>
    </AuthFrame>
  );
}

export function ConfirmEmailPage() {
  const confirmation = useConfirmation((token) =>
    take(client.POST("/api/v1/auth/confirm-email", { body: { token } })),
  );
  if (confirmation.void) return <Worthless />;
  if (confirmation.sent.data)
    return confirmation.sent.data.moved ? (
      <Done title="Your account has moved" lead="From now on you sign in with the new address." />
    ) : (
      <Done
        title="This end is confirmed"
        lead="The other address got a letter, too. Your account moves once both are confirmed."
      />
    );
  return (
    <AuthFrame title="Move your account" lead="Confirm that your account is to have another e-mail address.">
      <Confirm {...confirmation.sent}>Confirm the move</Confirm>
    </AuthFrame>
  );
}

interface Sending {
  error: unknown;
  isPending: boolean;
  mutate: () => void;
  children: ReactNode;
}

function Confirm({ error, isPending, mutate, children }: Sending) {
  return (
    <div className="space-y-4">
      <ProblemNotice error={error} />
      <Button look="primary" className="w-full" busy={isPending} onClick={() => mutate()}>
        {children}
      </Button>
    </div>
  );
}

function Done({ title, lead }: { title: string; lead?: string }) {
  return (
    <AuthFrame title={title} lead={lead}>
      <Link to="/" className={`${buttonLook("primary")} w-full`}>
        Go on to Pulseboard
      </Link>
    </AuthFrame>
  );
}

function Worthless() {
  return (
    <AuthFrame
      title="This link does not work"
      lead="It was used already, it is too old, or a part of it is missing. If your address is not confirmed yet, ask for another letter in your profile."
    >
      <Link to="/" className={`${buttonLook("plain")} w-full`}>
        Go on to Pulseboard
      </Link>
    </AuthFrame>
  );
}
