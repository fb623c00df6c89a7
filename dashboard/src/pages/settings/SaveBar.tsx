import { Button } from "@/components/Button";
import { Notice, ProblemNotice } from "@/components/Notice";

interface Props {
  /** The request that saves, as TanStack Query tells of it. */
  saving: { isPending: boolean; isSuccess: boolean; error: unknown };
  changed: boolean;
  inputs: readonly string[];
  label?: string;
}

/** The end of a form: what became of saving it, and the button. */
export function SaveBar({ saving, changed, inputs, label = "Save" }: Props) {
  return (
    <div className="space-y-4">
      <ProblemNotice error={saving.error} inputs={inputs} />
      {saving.isSuccess && !changed ? <Notice tone="good">Saved.</Notice> : null}
      <Button type="submit" look="primary" busy={saving.isPending} disabled={!changed}>
        {label}
      </Button>
    </div>
  );
}
