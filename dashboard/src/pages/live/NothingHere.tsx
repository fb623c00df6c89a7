import { Link } from "@tanstack/react-router";
import { Button, buttonLook } from "@/components/Button";
import { PulseLine } from "@/components/Logo";
import { useProject } from "@/lib/project";

export function NothingYet() {
  const { id } = useProject();
  return (
    <div className="pb-12 text-center">
      <PulseLine className="h-24 w-full" />
      <h2 className="mt-5 text-[1.15rem] font-semibold">Listening</h2>
      <p className="mx-auto mt-1 mb-5 max-w-sm px-4 text-ink-soft">
        Events show here within a second of being sent.
      </p>
      <Link to="/p/$projectId/keys" params={{ projectId: id }} className={buttonLook("plain")}>
        Send one with the quick start
      </Link>
    </div>
  );
}

export function NothingFits({ onReset }: { onReset: () => void }) {
  return (
    <div className="flex flex-col items-center gap-4 px-5 py-14 text-center">
      <p className="text-ink-soft">
        No event of those that are kept here fits the filter. New ones that fit will show.
      </p>
      <Button small onClick={onReset}>
        Show all events
      </Button>
    </div>
  );
}
