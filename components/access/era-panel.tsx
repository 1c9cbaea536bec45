'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { ActionProblem } from '#components/datanets/action-problem.tsx';
import { type Action, type ActionError, runAction } from '#components/datanets/action-types.ts';
import { type KeyPlace, type OpenKeys, WithDataKeys } from '#components/sealed-rows/with-data-keys.tsx';
import { Button } from '#components/ui/button.tsx';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { newDataKey, wrapKey } from '#lib/kernel/sealing/wrap-key.ts';
import type { StartEraInput } from '#lib/sealed-rows/schema.ts';
import type { KeyHolder } from '#lib/sealed-rows/types.ts';
import { isSignedRequest } from './is-signed-request.ts';

type Props = { place: KeyPlace; holders: KeyHolder[]; startEra: Action<StartEraInput, unknown> };

/** The owner makes the first data key, or a new one after somebody left. */
export function EraPanel(props: Props) {
  return <WithDataKeys place={props.place}>{(keys) => <Panel {...props} keys={keys} />}</WithDataKeys>;
}

function Panel({ place: { datanetId, account }, holders, startEra, keys }: Props & { keys: OpenKeys }) {
  const router = useRouter();
  const { config } = useWalletContext();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  const begin = async () => {
    setBusy(true);
    const era = keys.era + 1;
    const checks = await Promise.all(
      holders.map(({ request, ...holder }) => isSignedRequest(config, datanetId, { ...holder, ...request })),
    );
    if (checks.includes(false)) {
      setBusy(false);
      const message = 'A member’s public key is not signed by the member, so no key was made. Revoke that member.';
      return setError({ code: 'refused_here', message, requestId: '' });
    }
    const key = newDataKey();
    const people = [{ account, publicKey: keys.member.publicKey }, ...holders];
    const wraps = await Promise.all(
      people.map(async (person) => ({
        account: person.account,
        wrapped: await wrapKey(key, person.publicKey, { datanetId, era, account: person.account }),
      })),
    );
    const result = await runAction(startEra, { datanetId, era, wraps });
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (!result.ok) return;
    keys.reload();
    router.refresh();
  };
  return (
    <div className="flex max-w-2xl flex-col items-start gap-3">
      <p className="prose-measure text-sm text-muted">
        {keys.era === 0
          ? 'The Datanet takes rows once its data key is made, in this browser. Only members get it, each wrapped for their own key.'
          : `Era ${keys.era}. After you removed a member, start a new era: rows from then on open with a key that the member never had. Rows from before stay as they are.`}
      </p>
      <Button variant={keys.era === 0 ? 'primary' : 'secondary'} busy={busy} onClick={begin}>
        {keys.era === 0 ? 'Make the data key' : 'Start a new era'}
      </Button>
      <ActionProblem error={error} />
    </div>
  );
}
