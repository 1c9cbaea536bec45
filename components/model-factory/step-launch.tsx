'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { useAccountSession } from '#components/wallet/use-account-session.ts';
import type { ActionResult } from '#lib/kernel/result.ts';
import type { StartTrainingRunInput } from '#lib/model-factory/schema.ts';
import { clearLaunchKey, launchKey } from './launch-key.ts';
import { Facts } from './recipe-facts.tsx';
import type { WizardChoices, WizardOptions } from './wizard-rules.ts';

export type StartAction = (input: StartTrainingRunInput) => Promise<ActionResult<{ runId: string }>>;

/** Says once more what will happen, asks for the sign-in here and not before, and starts the run. */
export function StepLaunch({
  choices,
  options,
  start,
}: {
  choices: WizardChoices;
  options: WizardOptions;
  start: StartAction;
}) {
  const router = useRouter();
  const { address, signIn } = useAccountSession();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const version = options.versions.find((one) => one.id === choices.version);
  const launch = async () => {
    setBusy(true);
    setError(null);
    const { name, base, preset, recipe } = choices;
    const input = { name, versionId: choices.version, baseModel: base, preset, recipe };
    const result = await start({ ...input, idempotencyKey: launchKey(input) }).catch(() => null);
    if (result?.ok) {
      clearLaunchKey();
      router.push(`/runs/${result.data.runId}`);
      return; // stays busy until the page changes
    }
    setBusy(false);
    setError(result?.error.message ?? 'The server did not answer. Press again; a run is never started twice.');
  };
  return (
    <div className="flex flex-col items-start gap-6">
      <div className="w-full max-w-md">
        <Facts
          items={[
            ['Name', choices.name],
            ['Base', choices.base],
            ['Data', version ? `${version.datanet.title}, version ${version.number} (${version.rowCount} rows)` : '–'],
            ['Recipe', `${choices.preset}, ${choices.recipe.epochs} passes`],
            ['Seed', String(choices.recipe.seed)],
            ['Cost', '0 OPEN'],
          ]}
        />
      </div>
      <p className="prose-measure text-sm text-muted">
        {address
          ? 'The version, recipe and seed are fixed with the launch, so that anyone can train the same adapter again. No transaction is needed.'
          : 'Sign in with your wallet to launch: the run belongs to your account. It is one signature and no transaction; what you chose stays.'}
      </p>
      {address ? (
        <Button variant="primary" busy={busy} onClick={launch}>
          Start training
        </Button>
      ) : (
        <Button variant="primary" onClick={signIn}>
          Connect wallet and sign in
        </Button>
      )}
      {error && (
        <p role="alert" className="text-sm text-bad">
          {error}
        </p>
      )}
    </div>
  );
}
