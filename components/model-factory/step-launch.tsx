'use client';

import { Button } from '#components/ui/button.tsx';
import { useAccountSession } from '#components/wallet/use-account-session.ts';
import { formatOpen } from '#lib/kernel/money.ts';
import type { ActionResult } from '#lib/kernel/result.ts';
import type { LaunchRunInput } from '#lib/model-factory/schema.ts';
import { EstimateView } from './estimate-view.tsx';
import { PriceView } from './price-view.tsx';
import { Facts } from './recipe-facts.tsx';
import { type EstimateAction, useEstimate } from './use-estimate.ts';
import { useLaunch } from './use-launch.ts';
import type { RegisterVoucher } from './use-training-payment.ts';
import { dataOf, dataTitle, type WizardChoices, type WizardOptions } from './wizard-rules.ts';

export type StartAction = (input: LaunchRunInput) => Promise<ActionResult<{ runId: string }>>;

/** Says once more what will happen, asks for the sign-in here and not before, and starts the run. */
export function StepLaunch({
  choices,
  options,
  estimate,
  start,
  registerVoucher,
}: {
  choices: WizardChoices;
  options: WizardOptions;
  estimate: EstimateAction;
  start: StartAction;
  registerVoucher: RegisterVoucher;
}) {
  const { address, signIn } = useAccountSession();
  const { launch, busy, error } = useLaunch(start, registerVoucher);
  const { name, base: baseModel, preset, recipe } = choices;
  const state = useEstimate(estimate, { ...dataOf(choices), baseModel, recipe });
  const missingWei = address && state.state === 'ready' ? state.estimate.price.shortfallWei : 0n;
  const blocked =
    (state.state === 'ready' && state.estimate.blocked) ||
    (missingWei > 0n &&
      `${formatOpen(missingWei)} OPEN are missing on your deposit: put them there, see above, and come back; what you chose stays in this address.`) ||
    null;
  const begin = () => launch({ name, ...dataOf(choices), baseModel, preset, recipe });
  return (
    <div className="flex flex-col items-start gap-6">
      <EstimateView state={state} />
      {state.state === 'ready' && <PriceView price={state.estimate.price} isSignedIn={address !== null} />}
      <div className="w-full max-w-md">
        <Facts
          items={[
            ['Name', choices.name],
            ['Base', choices.base],
            ['Data', dataTitle(choices, options.versions) || '–'],
            ['Recipe', `${choices.preset}, ${choices.recipe.epochs} passes`],
            ['Seed', String(choices.recipe.seed)],
          ]}
        />
      </div>
      <p className="prose-measure text-sm text-muted">
        {address
          ? 'The version, recipe and seed are fixed with the launch, so that anyone can train the same adapter again. No transaction is needed.'
          : 'Sign in with your wallet to launch: the run belongs to your account. It is one signature and no transaction; what you chose stays.'}
      </p>
      {address ? (
        <Button variant="primary" busy={busy} disabled={blocked !== null || state.state === 'refused'} onClick={begin}>
          Start training
        </Button>
      ) : (
        <Button variant="primary" onClick={signIn}>
          Connect wallet and sign in
        </Button>
      )}
      {blocked && (
        <p role="alert" className="prose-measure text-sm text-bad">
          {blocked}
        </p>
      )}
      {error && (
        <p role="alert" className="text-sm text-bad">
          {error}
        </p>
      )}
    </div>
  );
}
