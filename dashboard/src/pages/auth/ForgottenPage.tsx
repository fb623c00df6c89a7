import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { client, done } from "@/api/client";
import { asApiError } from "@/api/problem";
import { AuthFrame } from "@/components/AuthFrame";
import { Button, buttonLook } from "@/components/Button";
import { Field } from "@/components/Field";
import { ProblemNotice } from "@/components/Notice";
import { faultOf } from "@/lib/faults";

export function ForgottenPage() {
  const [email, setEmail] = useState("");
  const ask = useMutation({
    mutationFn: () => done(client.POST("/api/v1/auth/forgot-password", { body: { email } })),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  if (ask.isSuccess)
    return (
      <AuthFrame
        title="Look into your mailbox"
        lead={`If somebody here has the address ${email}, a letter with a link is on its way to it. The link works for an hour.`}
      >
        <Link to="/login" className={`${buttonLook("plain")} w-full`}>
          Back to signing in
        </Link>
      </AuthFrame>
    );
  return (
    <AuthFrame title="Forgot your password?" lead="We send you a letter with a link to set a new one.">
      <form onSubmit={submit} className="space-y-4">
        <Field
          label="E-mail"
          type="email"
          autoComplete="username"
          autoFocus
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          fault={faultOf(ask.error ? asApiError(ask.error).faults : [], "email")}
        />
        <ProblemNotice error={ask.error} inputs={["email"]} />
        <Button type="submit" look="primary" className="w-full" busy={ask.isPending}>
          Send the letter
        </Button>
      </form>
      <p className="mt-5 text-ink-soft">
        Remembered it?{" "}
        <Link to="/login" className="font-medium text-accent hover:underline">
          Sign in
        </Link>
      </p>
    </AuthFrame>
  );
}
