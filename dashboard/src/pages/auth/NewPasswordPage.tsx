import { useMutation } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { client, done } from "@/api/client";
import { asApiError } from "@/api/problem";
import { AuthFrame } from "@/components/AuthFrame";
import { Button, buttonLook } from "@/components/Button";
import { PasswordField } from "@/components/Field";
import { ProblemNotice } from "@/components/Notice";
import { faultOf } from "@/lib/faults";
import { linkToken } from "@/lib/link-token";

export function NewPasswordPage() {
  const token = useLocation({ select: ({ hash }) => linkToken(hash) });
  const [password, setPassword] = useState("");
  const reset = useMutation({
    mutationFn: () => done(client.POST("/api/v1/auth/reset-password", { body: { token, password } })),
  });
  const faults = reset.error ? asApiError(reset.error).faults : [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    reset.mutate();
  };
  if (reset.isSuccess)
    return (
      <AuthFrame title="Your new password is set" lead="All sessions that were open are ended.">
        <Link to="/login" className={`${buttonLook("primary")} w-full`}>
          Sign in
        </Link>
      </AuthFrame>
    );
  if (token === "" || faultOf(faults, "token"))
    return (
      <AuthFrame
        title="This link does not work"
        lead="It was used already, it is older than an hour, or a part of it is missing."
      >
        <Link to="/forgot-password" className={`${buttonLook("primary")} w-full`}>
          Ask for a new letter
        </Link>
      </AuthFrame>
    );
  return (
    <AuthFrame title="Set a new password">
      <form onSubmit={submit} className="space-y-4">
        <PasswordField
          label="New password"
          autoComplete="new-password"
          autoFocus
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          hint="10 characters or more. A few random words are best."
          fault={faultOf(faults, "password")}
        />
        <ProblemNotice error={reset.error} inputs={["password"]} />
        <Button type="submit" look="primary" className="w-full" busy={reset.isPending}>
          Set the password
        </Button>
      </form>
    </AuthFrame>
  );
}
