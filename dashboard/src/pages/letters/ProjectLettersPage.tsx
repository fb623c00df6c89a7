import { PageHead } from "@/components/Card";
import { ZoneNote } from "@/components/ZoneNote";
import { useProject } from "@/lib/project";
import { LettersCard } from "./LettersCard";

/** A project's accepted events that no try could store. */
export function ProjectLettersPage() {
  const project = useProject();
  return (
    <>
      <PageHead
        title="Dead letters"
        note={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span>Accepted events that no try could store, each kept as it came.</span>
            <ZoneNote zone={project.timezone} />
          </span>
        }
      />
      <LettersCard whose={project.id} zone={project.timezone} />
    </>
  );
}
