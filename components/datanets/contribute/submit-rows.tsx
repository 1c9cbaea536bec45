'use client';

import { Button } from '#components/ui/button.tsx';
import { ConnectButton } from '#components/wallet/connect-button.tsx';
import { useAccountSession } from '#components/wallet/use-account-session.ts';
import type { CheckedRow } from './check-rows.ts';
import type { CheckState } from './use-checked-draft.ts';
import { countVerdicts } from './verdict-table.tsx';

/** Says exactly what will be sent and under which licence, then sends it. */
export function SubmitRows({
  state,
  license,
  busy,
  onSend,
}: {
  state: Extract<CheckState, { status: 'checked' }>;
  license: string;
  busy: boolean;
  onSend: (rows: readonly CheckedRow[]) => void;
}) {
  const { address } = useAccountSession();
  const { rows } = state.checked;
  const counts = countVerdicts(rows);
  const rest = rows.length - counts.new;
  return (
    <div className="flex flex-col items-start gap-3">
      <p className="prose-measure text-sm">
        {counts.new === 0
          ? 'There is no new row to send yet. Mend what is named above, or add other rows.'
          : `${counts.new} ${counts.new === 1 ? 'row goes' : 'rows go'} to the curators under ${license}, in your name.`}
        {rest > 0 &&
          counts.new > 0 &&
          ` The other ${rest} ${rest === 1 ? 'stays' : 'stay'} here and ${rest === 1 ? 'is' : 'are'} not sent.`}
        {counts.new > 0 && ' Sending needs no transaction and costs nothing.'}
      </p>
      {state.problem && <p className="text-xs text-warn">Stored rows could not be compared yet: {state.problem}</p>}
      {address ? (
        <Button variant="primary" busy={busy} disabled={counts.new === 0} onClick={() => onSend(rows)}>
          Send {counts.new} {counts.new === 1 ? 'row' : 'rows'}
        </Button>
      ) : (
        <>
          <ConnectButton label="Connect to send" />
          <p className="text-xs text-muted">The rows need an owner: sign in once with your wallet. Your draft stays.</p>
        </>
      )}
    </div>
  );
}
