export function Mark({ className = "size-7" }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true">
      <rect width="32" height="32" rx="8" className="fill-accent" />
      <path
        d="M5 17h5l3-8 6 15 3.2-7H27"
        className="fill-none stroke-on-accent"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

export function Wordmark() {
  return (
    <span className="inline-flex items-center gap-2.5 font-semibold tracking-tight">
      <Mark />
      <span className="text-[1.15rem]">Pulseboard</span>
    </span>
  );
}

const beat = "h60 l8 -6 l8 6 h10 l6 8 l12 -52 l14 74 l9 -36 l5 6 h14 l10 -10 l12 10 h72 ";

/** A wide pulse line for quiet backgrounds; a short bright stretch travels along it. */
export function PulseLine({ className }: { className: string }) {
  const path = `M0 60 ${beat.repeat(6)}`;
  return (
    <svg viewBox="0 0 1440 120" preserveAspectRatio="xMidYMid slice" className={className} aria-hidden="true">
      <path d={path} className="fill-none stroke-line-strong" strokeWidth="1.5" strokeLinejoin="round" />
      <path
        d={path}
        pathLength={1}
        className="tracing fill-none stroke-accent"
        strokeWidth="2"
        strokeLinejoin="round"
      />
    </svg>
  );
}
