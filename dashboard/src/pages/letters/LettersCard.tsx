import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { discard, lettersKey, lettersQuery, replay, type Whose } from "@/api/letters";
import type { DeadLetter } from "@/api/types";
import { Button } from "@/components/Button";
import { Card, CardHead } from "@/components/Card";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Icon } from "@/components/icons";
import { LoadFailure, ProblemNotice } from "@/components/Notice";
import { ListSkeleton } from "@/components/RankList";
import { plural } from "@/lib/format";
import { LetterDrawer } from "./LetterDrawer";
import { LetterRow } from "./LetterRow";

const RENEW_MS = 5_000;

interface Props {
  whose: Whose;
  zone: string;
}

/** Dead letters, newest first: each can be looked into, put back, or thrown away. */
export function LettersCard({ whose, zone }: Props) {
  const queries = useQueryClient();
  const list = useInfiniteQuery({ ...lettersQuery(whose), refetchInterval: RENEW_MS });
  const [open, setOpen] = useState<DeadLetter | null>(null);
  const [leaving, setLeaving] = useState<DeadLetter | null>(null);
  const renew = () => queries.invalidateQueries({ queryKey: lettersKey(whose) });
  const back = useMutation({
    mutationFn: (letter: DeadLetter) => replay(whose, letter.id),
    onSuccess: () => setOpen(null),
    onSettled: renew,
  });
  const away = useMutation({
    mutationFn: (letter: DeadLetter) => discard(whose, letter.id),
    onSuccess: () => {
      setLeaving(null);
      setOpen(null);
    },
    onSettled: renew,
  });
  const { data, error } = list;
  const letters = data?.pages.flatMap((page) => page.items);
  const total = data?.pages.at(-1)?.total ?? 0;
  const shared = { whose, zone, onReplay: back.mutate, onDiscard: setLeaving };
  return (
    <Card>
      <CardHead title={total > 0 ? `${plural(total, "letter")}` : "Letters"} />
      {back.error ? (
        <div className="px-4 pt-2 sm:px-5">
          <ProblemNotice error={back.error} />
        </div>
      ) : null}
      {error && !letters ? (
        <LoadFailure error={error} onRetry={() => void list.refetch()} />
      ) : !letters ? (
        <ListSkeleton rows={3} />
      ) : letters.length === 0 ? (
        <p className="flex items-center gap-2.5 px-4 pt-1 pb-5 text-ink-soft sm:px-5">
          <Icon name="check" className="size-4 text-good" />
          Every accepted event is stored, or on its way.
        </p>
      ) : (
        <ul className="divide-y divide-line px-4 pb-1 sm:px-5">
          {letters.map((letter) => (
            <LetterRow
              key={letter.id}
              letter={letter}
              busy={back.isPending && back.variables.id === letter.id}
              onOpen={() => setOpen(letter)}
              {...shared}
            />
          ))}
        </ul>
      )}
      {list.hasNextPage ? (
        <div className="border-t border-line px-4 py-3 sm:px-5">
          <Button small busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Show older ones
          </Button>
        </div>
      ) : null}
      <LetterDrawer letter={open} busy={back.isPending} onClose={() => setOpen(null)} {...shared} />
      <ConfirmDialog
        open={leaving !== null}
        title="Throw this letter away?"
        lead={`${plural(leaving?.events ?? 0, "event")} that ${leaving?.events === 1 ? "was" : "were"} accepted will be gone for good, and stay${leaving?.events === 1 ? "s" : ""} counted as refused.`}
        keep="Keep it"
        act="Throw it away"
        busy={away.isPending}
        error={away.error}
        onAct={() => leaving && away.mutate(leaving)}
        onClose={() => {
          away.reset();
          setLeaving(null);
        }}
      />
    </Card>
  );
}
