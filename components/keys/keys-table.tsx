'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Amount } from '#components/ui/amount.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Status } from '#components/ui/status.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import { toast } from '#components/ui/toast.ts';
import type { ActionResult } from '#lib/kernel/result.ts';
import type { ApiKey } from '#lib/platform/auth/types.ts';

type Revoke = (input: { id: string }) => Promise<ActionResult<{ id: string; revokedAt: Date }>>;

/** The account's keys: what each may do and spend, what it spent, when it was used and ends; revoke with a second look. */
export function KeysTable({ keys, nowMs, revokeKey }: { keys: readonly ApiKey[]; nowMs: number; revokeKey: Revoke }) {
  return (
    <Table label="API keys">
      <thead>
        <tr>
          <Th>Name</Th>
          <Th>Key</Th>
          <Th>May</Th>
          <Th numeric>Spent</Th>
          <Th numeric>Budget</Th>
          <Th>Last used</Th>
          <Th>Made</Th>
          <Th>Ends</Th>
          <Th>State</Th>
          <Th>
            <span className="sr-only">Revoke</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <Tr key={key.id}>
            <Td className="max-w-56 truncate font-medium" title={key.name}>
              {key.name}
            </Td>
            <Td className="figures text-muted">{key.prefix}…</Td>
            <Td className="text-muted">{key.scopes.join(', ')}</Td>
            <Td numeric>
              <Amount wei={key.spentWei} />
            </Td>
            <Td numeric>
              <Amount wei={key.budgetWei} />
            </Td>
            <Td className="text-muted">{key.lastUsedAt ? <TimeAgo at={key.lastUsedAt} /> : 'never'}</Td>
            <Td className="text-muted">
              <TimeAgo at={key.createdAt} />
            </Td>
            <Td className="text-muted">{key.expiresAt ? <TimeAgo at={key.expiresAt} /> : 'never'}</Td>
            <Td>{stateOf(key, nowMs)}</Td>
            <Td className="text-right">{!key.revokedAt && <RevokeDialog apiKey={key} revokeKey={revokeKey} />}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function stateOf(key: ApiKey, nowMs: number) {
  if (key.revokedAt) return <Status>revoked</Status>;
  if (key.expiresAt && key.expiresAt.getTime() <= nowMs) return <Status>ended</Status>;
  if (key.spentWei >= key.budgetWei) return <Status tone="warn">budget used up</Status>;
  return <Status tone="good">works</Status>;
}

function RevokeDialog({ apiKey, revokeKey }: { apiKey: ApiKey; revokeKey: Revoke }) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const revoke = async () => {
    setBusy(true);
    const result = await revokeKey({ id: apiKey.id }).finally(() => setBusy(false));
    if (!result.ok) return toast.error(result.error.message);
    setOpen(false);
    router.refresh();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button size="sm" variant="quiet">
          Revoke
        </Button>
      }
      title={`Revoke “${apiKey.name}”?`}
      description="Programs that use it are refused from this moment on. This cannot be undone; you can make another key."
    >
      <Button variant="danger" busy={busy} onClick={revoke}>
        Revoke the key
      </Button>
    </Dialog>
  );
}
