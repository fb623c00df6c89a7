import * as Alert from "@radix-ui/react-alert-dialog";
import type { ReactNode } from "react";
import { Button } from "./Button";
import { backdrop, dialogPanel } from "./menu";
import { ProblemNotice } from "./Notice";

interface Props {
  open: boolean;
  title: string;
  /** What cannot be undone, in a sentence. */
  lead: ReactNode;
  keep: string;
  act: string;
  busy: boolean;
  blocked?: boolean;
  error: unknown;
  onAct: () => void;
  onClose: () => void;
  children?: ReactNode;
}

/** Asks before something is lost; the safe answer has the focus. */
export function ConfirmDialog(props: Props) {
  const { open, title, lead, keep, act, busy, blocked = false, error, onAct, onClose, children } = props;
  return (
    <Alert.Root open={open} onOpenChange={(opened) => !opened && onClose()}>
      <Alert.Portal>
        <Alert.Overlay className={backdrop} />
        <Alert.Content className={dialogPanel}>
          <Alert.Title className="text-[1.2rem] font-semibold tracking-[-0.01em] wrap-anywhere">
            {title}
          </Alert.Title>
          <Alert.Description className="mt-2 mb-5 text-ink-soft">{lead}</Alert.Description>
          {children}
          <ProblemNotice error={error} />
          <div className="mt-5 flex justify-end gap-2.5">
            <Alert.Cancel asChild>
              <Button>{keep}</Button>
            </Alert.Cancel>
            <Button look="danger" busy={busy} disabled={blocked} onClick={onAct}>
              {act}
            </Button>
          </div>
        </Alert.Content>
      </Alert.Portal>
    </Alert.Root>
  );
}
