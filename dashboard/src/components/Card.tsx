import type { ReactNode } from "react";
import { useTitle } from "@/lib/use-title";

export function Card({ className = "", children }: { className?: string; children: ReactNode }) {
  return (
    <section className={`rounded-xl border border-line bg-surface shadow-card ${className}`}>
      {children}
    </section>
  );
}

export function CardHead({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <header className="flex min-h-12 flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 pt-2 sm:px-5">
      <h2 className="font-semibold">{title}</h2>
      {children}
    </header>
  );
}

export function PageHead({
  title,
  note,
  children,
}: {
  title: string;
  note?: ReactNode;
  children?: ReactNode;
}) {
  useTitle(title);
  return (
    <header className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <h1 className="text-[1.6rem] leading-tight font-semibold tracking-[-0.02em]">{title}</h1>
        {note ? <div className="mt-1 text-ink-soft">{note}</div> : null}
      </div>
      {children}
    </header>
  );
}
