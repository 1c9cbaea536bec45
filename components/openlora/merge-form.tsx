'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useId, useState } from 'react';
import { surpriseCut } from '#components/model-factory/format.ts';
import { clearLaunchKey, launchKey } from '#components/model-factory/launch-key.ts';
import { Address } from '#components/ui/address.tsx';
import { Button } from '#components/ui/button.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import { useAccountSession } from '#components/wallet/use-account-session.ts';
import { inheritLicence } from '#lib/kernel/licences.ts';
import type { ActionResult } from '#lib/kernel/result.ts';
import { mergeRankMax, mergeSize, wholePpm } from '#lib/model-factory/rules.ts';
import type { LaunchMergeInput } from '#lib/model-factory/schema.ts';
import type { MergeableModel } from '#lib/model-factory/types.ts';
import { toPpm } from './merge-weights.ts';

export type LaunchMerge = (input: LaunchMergeInput) => Promise<ActionResult<{ runId: string }>>;

const middle = 50;
const percent = (ppm: number) => `${(ppm / 10_000).toFixed(1)} %`;

/** Models of one base with their weights, what comes of them (rank, licence, royalties), and the launch. */
export function MergeForm({ models, launch }: { models: readonly MergeableModel[]; launch: LaunchMerge }) {
  const router = useRouter();
  const { address, signIn } = useAccountSession();
  const bases = [...new Set(models.map(({ baseModel }) => baseModel))];
  const [base, setBase] = useState(bases[0]!);
  const [sliders, setSliders] = useState<Record<string, number>>({});
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const offered = models.filter(({ baseModel }) => baseModel === base);
  const chosen = offered.filter(({ slug }) => sliders[slug] !== undefined);
  const weights = toPpm(chosen.map(({ slug }) => sliders[slug]!));
  const fault = faultOf(chosen, weights);
  const choose = (slug: string, isChosen: boolean) => {
    const { [slug]: _, ...others } = sliders;
    setSliders(isChosen ? { ...others, [slug]: middle } : others);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (fault || !weights) return;
    setBusy(true);
    setError(null);
    const input = { name, models: chosen.map(({ slug }, i) => ({ model: slug, weightPpm: weights[i]! })) };
    const result = await launch({ ...input, idempotencyKey: launchKey(input) }).catch(() => null);
    if (result?.ok) {
      clearLaunchKey();
      return router.push(`/runs/${result.data.runId}`);
    }
    setBusy(false);
    setError(result?.error.message ?? 'The server did not answer. Press again; a merge is never started twice.');
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="flex max-w-3xl flex-col items-start gap-6">
      {bases.length > 1 && (
        <Field label="Base">
          {(control) => (
            <Select
              {...control}
              value={base}
              onChange={({ target }) => {
                setBase(target.value);
                setSliders({});
              }}
            >
              {bases.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </Select>
          )}
        </Field>
      )}
      <fieldset className="flex w-full flex-col">
        <legend className="mb-2 text-sm font-medium">Models on {base}</legend>
        <ol className="border-t border-hairline">
          {offered.map((model) => (
            <ModelLine
              key={model.slug}
              model={model}
              isNamesake={offered.some(({ name, slug }) => name === model.name && slug !== model.slug)}
              slider={sliders[model.slug]}
              weightPpm={weights?.[chosen.indexOf(model)]}
              isFull={chosen.length >= mergeSize.most}
              isClosed={model.access === 'holders' && model.owner !== address}
              onChoose={(isChosen) => choose(model.slug, isChosen)}
              onWeigh={(value) => setSliders({ ...sliders, [model.slug]: value })}
            />
          ))}
        </ol>
      </fieldset>
      {fault ? (
        <p role="status" className="prose-measure text-sm text-muted">
          {fault}
        </p>
      ) : (
        <Outcome chosen={chosen} weights={weights!} />
      )}
      <Field label="Name of the merge">
        {(control) => (
          <Input {...control} maxLength={60} value={name} onChange={({ target }) => setName(target.value)} />
        )}
      </Field>
      {address ? (
        <Button type="submit" variant="primary" busy={busy} disabled={fault !== null || name.trim().length < 3}>
          Merge
        </Button>
      ) : (
        <div className="flex flex-col items-start gap-2">
          <p className="prose-measure text-sm text-muted">
            Sign in with your wallet to merge: the merge belongs to your account. It is one signature and no
            transaction; what you chose stays.
          </p>
          <Button variant="primary" onClick={signIn}>
            Connect wallet and sign in
          </Button>
        </div>
      )}
      {error && (
        <p role="alert" className="prose-measure text-sm text-bad">
          {error}
        </p>
      )}
    </form>
  );
}

function ModelLine({
  model,
  isNamesake,
  slider,
  weightPpm,
  isFull,
  isClosed,
  onChoose,
  onWeigh,
}: {
  model: MergeableModel;
  /** Another has its name, as versions of one model have. */
  isNamesake: boolean;
  slider: number | undefined;
  weightPpm: number | undefined;
  isFull: boolean;
  isClosed: boolean;
  onChoose: (isChosen: boolean) => void;
  onWeigh: (value: number) => void;
}) {
  const id = useId();
  const isChosen = slider !== undefined;
  return (
    <li className="grid grid-cols-1 gap-2 border-b border-hairline py-3 sm:grid-cols-2">
      <Checkbox
        label={model.name}
        hint={
          <>
            {isNamesake && `${model.slug} · `}
            {model.datanet}, {model.license} · rank {model.rank} · {surpriseCut(model.evalLoss, model.baseEvalLoss)} %
            less surprised on its own unseen rows · <Address address={model.owner} />
            {isClosed && ' · for holders of a pass, so its owner alone can merge it'}
          </>
        }
        checked={isChosen}
        disabled={!isChosen && (isFull || isClosed)}
        onChange={({ target }) => onChoose(target.checked)}
      />
      {isChosen && (
        <span className="flex flex-wrap items-center gap-3">
          <label htmlFor={id} className="sr-only">
            Weight of {model.name}
          </label>
          <input
            id={id}
            type="range"
            min={1}
            max={100}
            value={slider}
            aria-valuetext={weightPpm === undefined ? undefined : percent(weightPpm)}
            onChange={({ target }) => onWeigh(Number(target.value))}
            className="h-6 w-32 accent-accent"
          />
          <span className="figures w-16 text-sm">{weightPpm === undefined ? '–' : percent(weightPpm)}</span>
        </span>
      )}
    </li>
  );
}

/** What the merge will be: its rank, its licence, and what of the model's share goes to whom. */
function Outcome({ chosen, weights }: { chosen: readonly MergeableModel[]; weights: readonly number[] }) {
  const rank = chosen.reduce((sum, one) => sum + one.rank, 0);
  const inherited = inheritLicence(chosen.map(({ license }) => license));
  const owed = chosen.map(({ royaltyBps }, i) => (royaltyBps === null ? null : (weights[i]! * royaltyBps) / wholePpm));
  return (
    <div className="prose-measure flex flex-col gap-2 text-sm">
      <p>
        Rank {rank} of at most {mergeRankMax}.{inherited.ok && ` ${inherited.sentences.join(' ')}`}
      </p>
      <p>
        {owed.every((bps) => bps === 0)
          ? 'None of these models asks a royalty now: the whole model share of what the merge earns is its owner’s.'
          : `Of the model share of what the merge earns, royalties take ${owed.some((bps) => bps === null) ? 'a part that the chain does not tell now' : `${(owed.reduce<number>((a, b) => a + (b ?? 0), 0) / 100).toFixed(2)} %`}, each model’s by its weight.`}{' '}
        What counts is what each asks when the merge is published.
      </p>
      {chosen.map(
        ({ slug, name, nextRoyalty }) =>
          nextRoyalty && (
            <p key={slug}>
              {name} asks {nextRoyalty.bps / 100} % times its weight of what is published from{' '}
              <TimeAgo at={nextRoyalty.holdsFrom} mode="date" /> on.
            </p>
          ),
      )}
      <p className="text-muted">
        A merge cannot be trained again without a row, so it is never certified: its answers pay the people of all rows
        by equal share, each row by the weight of its model.
      </p>
    </div>
  );
}

/** What is missing, in a sentence; null where nothing is. */
function faultOf(chosen: readonly MergeableModel[], weights: readonly number[] | null): string | null {
  if (chosen.length < 2) return 'Choose two models or more.';
  if (!weights) return 'Give each model a weight.';
  const rank = chosen.reduce((sum, one) => sum + one.rank, 0);
  if (rank > mergeRankMax)
    return `These models have rank ${rank} together, and a served adapter has ${mergeRankMax} at most. Take one of them out.`;
  const inherited = inheritLicence(chosen.map(({ license }) => license));
  return inherited.ok ? null : inherited.sentence;
}
