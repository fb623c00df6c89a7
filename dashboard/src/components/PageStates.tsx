import { useQueryErrorResetBoundary } from "@tanstack/react-query";
import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { asApiError } from "@/api/problem";
import { Button, buttonLook } from "./Button";
import { Mark } from "./Logo";

function Centre({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <div className="mx-auto flex min-h-[70vh] max-w-md flex-col items-center justify-center px-5 text-center">
      <Mark className="size-10" />
      <h1 className="mt-5 text-[1.5rem] font-semibold tracking-[-0.02em]">{title}</h1>
      <p className="mt-2 mb-6 text-ink-soft">{lead}</p>
      {children}
    </div>
  );
}

export function PageMissing() {
  return (
    <Centre
      title="Nothing at this address"
      lead="The page or project is gone, or it belongs to somebody else."
    >
      <Link to="/" className={buttonLook("primary")}>
        To your projects
      </Link>
    </Centre>
  );
}

export function PageFailure({ error }: ErrorComponentProps) {
  const router = useRouter();
  const queries = useQueryErrorResetBoundary();
  const { status, detail } = asApiError(error);
  return (
    <Centre title={status === 0 ? "No answer" : "That did not work"} lead={detail}>
      <Button
        look="primary"
        onClick={() => {
          queries.reset();
          void router.invalidate();
        }}
      >
        Try again
      </Button>
    </Centre>
  );
}

export function PagePending() {
  return (
    <div role="status" aria-label="Loading" className="grid min-h-[60vh] place-items-center">
      <Mark className="size-10 animate-pulse" />
    </div>
  );
}
