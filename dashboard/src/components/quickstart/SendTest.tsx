import { useMutation } from "@tanstack/react-query";
import { problem, unreachable } from "@/api/problem";
import { Button } from "@/components/Button";
import { ProblemNotice } from "@/components/Notice";

// Goes through the same door and with the same key as the code beside it: a person's session plays no part.
async function sendTest(key: string): Promise<void> {
  const answer = await fetch("/ingest/event", {
    method: "POST",
    credentials: "omit",
    headers: { "x-api-key": key, "content-type": "application/json" },
    body: JSON.stringify({ name: "hello from the dashboard", properties: { source: "quick start" } }),
  }).catch(() => {
    throw unreachable();
  });
  if (!answer.ok) throw problem(answer.status, await answer.json().catch(() => null));
}

export function SendTest({ apiKey }: { apiKey: string }) {
  const send = useMutation({ mutationFn: () => sendTest(apiKey) });
  return (
    <div className="space-y-3">
      <Button small icon="live" busy={send.isPending} onClick={() => send.mutate()}>
        Send a test event from here
      </Button>
      <ProblemNotice error={send.error} />
    </div>
  );
}
