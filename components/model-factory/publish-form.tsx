'use client';

import { useState } from 'react';
import { Amount } from '#components/ui/amount.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { Textarea } from '#components/ui/textarea.tsx';
import { TransactionButton } from '#components/wallet/transaction/transaction-button.tsx';
import { contractCall } from '#components/wallet/transaction/types.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { modelRegistryAbi } from '#contracts-abi/model-registry.ts';
import type { OwnFamily } from '#lib/model-factory/types.ts';
import { type PublishFormValues, parseTerms, toSplitValues } from './publish-terms.ts';
import type { PublishAction } from './run-actions.ts';
import { SplitFields } from './split-fields.tsx';

const typicalAnswer = { promptTokens: 40n, completionTokens: 120n };

/** Name, price and split, then one wallet transaction that registers the model and publishes its first version. */
export function PublishForm({
  runId,
  initial,
  families,
  licence,
  protocolFeeBps,
  publish,
}: {
  runId: string;
  initial: PublishFormValues;
  /** The owner's live models. */
  families: readonly OwnFamily[];
  /** What the rows' licence asks for, in sentences. */
  licence: readonly string[];
  protocolFeeBps: number;
  publish: PublishAction;
}) {
  const [values, setValues] = useState(initial);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const { config } = useWalletContext();
  const set = (change: Partial<PublishFormValues>) => {
    setValues({ ...values, ...change });
    setErrors({});
  };
  const makeCall = async () => {
    const { TransactionRefusedError } = await import('#components/wallet/transaction/send-transaction.ts');
    const parsed = parseTerms(runId, values);
    if (!parsed.ok) {
      setErrors(Object.fromEntries(Object.entries(parsed.errors).map(([field, text]) => [field, asSentence(text)])));
      throw new TransactionRefusedError('Nothing was sent: mend the fields marked above.');
    }
    const result = await publish(parsed.input).catch(() => null);
    if (!result) throw new TransactionRefusedError('The server did not answer. Nothing was sent; try again.');
    if (!result.ok) {
      setErrors(result.error.fieldErrors ?? {});
      throw new TransactionRefusedError(result.error.message);
    }
    const { kind, base, split, metaCid, version, cid, registryId } = result.data;
    const registry = { address: config.addresses.modelRegistry, abi: modelRegistryAbi } as const;
    if (registryId !== null)
      return contractCall({ ...registry, functionName: 'publish', args: [BigInt(registryId), version, cid] });
    return contractCall({
      ...registry,
      functionName: 'registerAndPublish',
      args: [kind, base, split, metaCid, version, cid],
    });
  };
  return (
    <form className="flex max-w-2xl flex-col gap-6" onSubmit={(event) => event.preventDefault()}>
      {families.length > 0 && <PublishAs values={values} families={families} onChange={set} />}
      <Field
        label="Name"
        hint={
          values.versionOf === ''
            ? 'Also its address, in small letters: /models/…'
            : 'Shown with this version; the address stays the model’s.'
        }
        error={errors.name}
      >
        {(control) => (
          <Input
            {...control}
            name="name"
            maxLength={60}
            value={values.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        )}
      </Field>
      <Field label="What it is good at" hint="One or two sentences; people choose by it." error={errors.summary}>
        {(control) => (
          <Textarea
            {...control}
            name="summary"
            rows={2}
            maxLength={280}
            value={values.summary}
            onChange={(event) => set({ summary: event.target.value })}
          />
        )}
      </Field>
      <PriceFields values={values} errors={errors} onChange={set} />
      {values.versionOf === '' ? (
        <SplitFields
          split={values.split}
          errors={errors}
          protocolFeeBps={protocolFeeBps}
          onChange={(split) => set({ split })}
        />
      ) : (
        <p className="prose-measure text-sm text-muted">
          The split stays as the model has it on chain. The name answers by this version as soon as the chain has it;
          you can go back on the model’s page.
        </p>
      )}
      {errors.split && (
        <p role="alert" className="text-xs text-bad">
          {errors.split}
        </p>
      )}
      <ul className="flex list-disc flex-col gap-1 pl-5 text-sm text-muted">
        {licence.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <TransactionButton
        label="Publish on chain"
        storageKey={`publish:${runId}`}
        what={`Your wallet sends one transaction: it ${values.versionOf === '' ? 'registers the model with this split' : 'adds a version to the model'} and publishes the hash of its adapter, data, recipe and evaluation. It costs the network fee only.`}
        done="Published; the page shows it as live as soon as the block is read."
        call={makeCall}
      />
    </form>
  );
}

const asSentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;

function PublishAs({
  values,
  families,
  onChange,
}: {
  values: PublishFormValues;
  families: readonly OwnFamily[];
  onChange: (change: Partial<PublishFormValues>) => void;
}) {
  const choose = (slug: string) => {
    const family = families.find((one) => one.slug === slug);
    onChange({ versionOf: slug, ...(family && { name: family.name, split: toSplitValues(family.split) }) });
  };
  return (
    <Field label="Publish as">
      {(control) => (
        <Select {...control} value={values.versionOf} onChange={(event) => choose(event.target.value)}>
          <option value="">A model of its own</option>
          {families.map(({ slug, name }) => (
            <option key={slug} value={slug}>
              The next version of {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function PriceFields({
  values,
  errors,
  onChange,
}: {
  values: PublishFormValues;
  errors: Record<string, string>;
  onChange: (change: Partial<PublishFormValues>) => void;
}) {
  const parsed = parseTerms('run_0', { ...values, name: 'price', summary: 'only the prices matter here' });
  const typical = parsed.ok
    ? BigInt(parsed.input.inputWeiPerToken) * typicalAnswer.promptTokens +
      BigInt(parsed.input.outputWeiPerToken) * typicalAnswer.completionTokens
    : null;
  return (
    <div className="flex flex-col gap-2">
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Price of 1,000 tokens read" hint="OPEN" error={errors.inputPrice}>
          {(control) => (
            <Input
              {...control}
              mono
              inputMode="decimal"
              value={values.inputPrice}
              onChange={(event) => onChange({ inputPrice: event.target.value })}
            />
          )}
        </Field>
        <Field label="Price of 1,000 tokens written" hint="OPEN" error={errors.outputPrice}>
          {(control) => (
            <Input
              {...control}
              mono
              inputMode="decimal"
              value={values.outputPrice}
              onChange={(event) => onChange({ outputPrice: event.target.value })}
            />
          )}
        </Field>
      </div>
      {typical !== null && (
        <p className="text-xs text-muted">
          A question of {typicalAnswer.promptTokens.toString()} tokens with an answer of{' '}
          {typicalAnswer.completionTokens.toString()} costs <Amount wei={typical} />.
        </p>
      )}
    </div>
  );
}
