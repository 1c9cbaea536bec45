'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { ActionProblem } from '#components/datanets/action-problem.tsx';
import { type Action, type ActionError, runAction } from '#components/datanets/action-types.ts';
import { type KeyPlace, type OpenKeys, WithDataKeys } from '#components/sealed-rows/with-data-keys.tsx';
import { Address } from '#components/ui/address.tsx';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import type { GrantAccessInput, RefuseAccessInput } from '#lib/access/schema.ts';
import type { AccessRequestView } from '#lib/access/types.ts';
import { wrapKey } from '#lib/kernel/sealing/wrap-key.ts';
import { isSignedRequest } from './is-signed-request.ts';
import { signGrant } from './sign-access.ts';

export type DecideActions = { grant: Action<GrantAccessInput, unknown>; refuse: Action<RefuseAccessInput, unknown> };
type Props = {
  datanetId: string;
  owner: `0x${string}`;
  request: AccessRequestView;
  actions: DecideActions;
  /** Where the Datanet is encrypted: granting then wraps its keys in this browser. */
  place: KeyPlace | null;
};

/** One request: who, what for, since when; the owner lets in until a day, or says no with a reason. */
export function DecideRequest(props: Props) {
  const { request, place } = props;
  return (
    <li className="flex flex-col gap-3 border-b border-hairline py-4">
      <p className="flex flex-wrap items-baseline gap-x-3 text-sm">
        <Address address={request.account} />
        <span className="text-muted">
          waits for you since <TimeAgo at={request.createdAt} />
        </span>
      </p>
      <p className="prose-measure text-sm">{request.purpose}</p>
      {place ? (
        <WithDataKeys place={place}>{(keys) => <Decide {...props} keys={keys} />}</WithDataKeys>
      ) : (
        <Decide {...props} keys={null} />
      )}
    </li>
  );
}

const spans = [
  [30, '30 days'],
  [90, '90 days'],
  [365, 'one year'],
  [730, 'two years'],
] as const;

function Decide({ datanetId, owner, request, actions, keys }: Props & { keys: OpenKeys | null }) {
  const router = useRouter();
  const { config } = useWalletContext();
  const [days, setDays] = useState(90);
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  const fail = (message: string) => setError({ code: 'refused_here', message, requestId: '' });
  const run = async (act: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    await act().catch(() => fail('Nothing was signed, so nothing changed.'));
    setBusy(false);
  };
  const finish = (result: Awaited<ReturnType<typeof runAction<GrantAccessInput, unknown>>>) => {
    setError(result.ok ? null : result.error);
    if (result.ok) router.refresh();
  };
  const grant = () =>
    run(async () => {
      // The key goes to whom the wallet signed for, not to whom this server says it belongs.
      if (!(await isSignedRequest(config, datanetId, request)))
        return fail('The signature under this request does not fit it, so no key was wrapped. Refuse it.');
      const place = (era: number) => ({ datanetId, era, account: request.account });
      const wraps = await Promise.all(
        [...(keys?.keys ?? [])].map(async ([era, key]) => ({
          era,
          wrapped: await wrapKey(key, request.publicKey, place(era)),
        })),
      );
      const expiresAt = Math.floor(Date.now() / 1000) + days * 86_400;
      const message = {
        datanet: datanetId,
        grantee: request.account,
        request: request.id,
        expiresAt: BigInt(expiresAt),
      };
      const signature = await signGrant(config, owner, message);
      finish(await runAction(actions.grant, { requestId: request.id, expiresAt, signature, wraps }));
    });
  const refuse = () =>
    run(async () => finish(await runAction(actions.refuse, { requestId: request.id, reason: reason.trim() })));
  return (
    <div className="flex max-w-2xl flex-col gap-3">
      <div className="flex flex-wrap items-end gap-3">
        <Field label="For">
          {(control) => (
            <Select {...control} value={days} onChange={(event) => setDays(Number(event.target.value))}>
              {spans.map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Button variant="primary" busy={busy} onClick={grant}>
          Sign and let in
        </Button>
      </div>
      <div className="flex flex-wrap items-end gap-3">
        <Field label="Why not" hint="The person reads it.">
          {(control) => (
            <Input {...control} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
          )}
        </Field>
        <Button variant="quiet" disabled={reason.trim().length < 3 || busy} onClick={refuse}>
          Refuse
        </Button>
      </div>
      <ActionProblem error={error} />
    </div>
  );
}
