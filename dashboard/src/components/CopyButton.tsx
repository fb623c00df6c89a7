import { useEffect, useState } from "react";
import { copy } from "@/lib/clipboard";
import { Button } from "./Button";

interface Props {
  text: string;
  label?: string;
  look?: "primary" | "plain" | "quiet";
}

export function CopyButton({ text, label = "Copy", look = "plain" }: Props) {
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 2000);
    return () => clearTimeout(timer);
  }, [state]);
  const words = { idle: label, copied: "Copied", refused: "Select and copy" }[state];
  return (
    <Button
      small
      look={look}
      icon={state === "copied" ? "check" : "copy"}
      onClick={async () => setState((await copy(text)) ? "copied" : "refused")}
    >
      <span aria-live="polite">{words}</span>
    </Button>
  );
}
