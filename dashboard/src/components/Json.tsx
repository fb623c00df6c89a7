// A token of pretty-printed JSON: a text (with the colon that makes it a key), a number, or a word.
const token = /("(?:\\.|[^"\\])*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;

/** Pretty-printed JSON with its keys, texts and numbers told apart. */
export function Json({ text }: { text: string }) {
  return (
    <pre className="overflow-x-auto rounded-lg border border-line bg-sunken p-4 font-mono text-[0.88rem] leading-relaxed">
      {paint(text)}
    </pre>
  );
}

function paint(text: string) {
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(token)) {
    const [whole, quoted, colon] = match;
    const look = quoted ? (colon ? "text-ink-soft" : "text-good") : "text-accent";
    parts.push(text.slice(at, match.index));
    parts.push(
      <span key={match.index} className={look}>
        {whole}
      </span>,
    );
    at = match.index + whole.length;
  }
  parts.push(text.slice(at));
  return parts;
}
