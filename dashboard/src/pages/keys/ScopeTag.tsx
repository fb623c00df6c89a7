const words: Record<string, string> = { ingest: "Ingest only", secret: "Secret" };

export function ScopeTag({ scope }: { scope: string }) {
  const look = scope === "secret" ? "bg-warn-soft text-warn" : "bg-line/70 text-ink-soft";
  return (
    <span
      className={`rounded px-1.5 py-0.5 text-[0.86rem] leading-tight font-medium whitespace-nowrap ${look}`}
    >
      {words[scope] ?? scope}
    </span>
  );
}
