'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { ActionProblem } from '#components/datanets/action-problem.tsx';
import { type Action, type ActionError, runAction } from '#components/datanets/action-types.ts';
import { Address } from '#components/ui/address.tsx';
import { Button } from '#components/ui/button.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { RevokeAccessInput } from '#lib/access/schema.ts';
import type { AccessGrantView } from '#lib/access/types.ts';

export type RevokeAction = Action<RevokeAccessInput, unknown>;

/** Permissions, newest first; those in force can be revoked with one click and take effect at once. */
export function GrantList({
  grants,
  nowMs,
  revoke,
}: {
  grants: AccessGrantView[];
  nowMs: number;
  revoke: RevokeAction;
}) {
  return (
    <Table label="Permissions">
      <thead>
        <tr>
          <Th>Member</Th>
          <Th className="hidden md:table-cell">For</Th>
          <Th>State</Th>
          <Th>
            <span className="sr-only">Revoke</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {grants.map((grant) => (
          <Tr key={grant.id}>
            <Td className="py-2">
              <Address address={grant.grantee} />
              <span className="block text-xs text-muted md:hidden">{grant.purpose}</span>
            </Td>
            <Td className="hidden py-2 text-muted md:table-cell">{grant.purpose}</Td>
            <Td className="py-2">
              <State grant={grant} nowMs={nowMs} />
            </Td>
            <Td className="py-2">
              {!grant.revoked && grant.expiresAt.getTime() > nowMs && (
                <RevokeButton grantId={grant.id} revoke={revoke} />
              )}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function State({ grant: { revoked, expiresAt }, nowMs }: { grant: AccessGrantView; nowMs: number }) {
  if (revoked)
    return (
      <span className="text-muted">
        Revoked <TimeAgo at={revoked.at} />
        {revoked.reason && `: ${revoked.reason}`}
      </span>
    );
  return expiresAt.getTime() > nowMs ? (
    <>
      Ends <TimeAgo at={expiresAt} />
    </>
  ) : (
    <span className="text-muted">
      Ended <TimeAgo at={expiresAt} />
    </span>
  );
}

/** Ends a permission: the owner's, or one's own. */
export function RevokeButton({
  grantId,
  revoke,
  label = 'Revoke',
  reason = 'the owner ended it',
}: {
  grantId: string;
  revoke: RevokeAction;
  label?: string;
  reason?: string;
}) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  const end = async () => {
    setBusy(true);
    const result = await runAction(revoke, { grantId, reason });
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (result.ok) router.refresh();
  };
  return (
    <>
      <Button size="sm" variant="danger" busy={busy} onClick={end}>
        {label}
      </Button>
      <ActionProblem error={error} />
    </>
  );
}
