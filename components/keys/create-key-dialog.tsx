'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Amount } from '#components/ui/amount.tsx';
import { Button } from '#components/ui/button.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { formatOpen, parseOpen } from '#lib/kernel/money.ts';
import type { ActionResult } from '#lib/kernel/result.ts';
import { apiKeyScopes, type CreateApiKeyInput } from '#lib/platform/auth/schema.ts';
import type { ApiKey, ApiKeyScope } from '#lib/platform/auth/types.ts';
import type { VoucherInput } from '#lib/serving/schema.ts';
import type { ChannelView } from '#lib/serving/types.ts';
import { scopeWords } from './key-scopes.ts';
import { KeyShownOnce } from './key-shown-once.tsx';
import { useStandingVoucher } from './use-standing-voucher.ts';

type Props = {
  channel: ChannelView | null;
  freeWei: bigint;
  keys: readonly ApiKey[];
  appUrl: string;
  modelSlug: string | null;
  createKey: (input: CreateApiKeyInput) => Promise<ActionResult<{ key: string; apiKey: ApiKey }>>;
  registerVoucher: (input: VoucherInput) => Promise<ActionResult<{ voucherWei: bigint }>>;
};

/** Names a key and its budget; the browser signs the standing voucher that pays for it; the key is shown once. */
export function CreateKeyDialog(props: Props) {
  const [open, setOpen] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const close = (next: boolean) => {
    setOpen(next);
    if (!next) setMade(null);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      trigger={<Button variant="primary">New key</Button>}
      title={made ? 'Your new key' : 'New API key'}
      description={
        made
          ? 'Copy it now: it is stored only as a hash and cannot be shown again.'
          : 'The key may spend up to its budget from your deposit, and you can revoke it at any time.'
      }
    >
      {made ? (
        <KeyShownOnce secret={made} appUrl={props.appUrl} modelSlug={props.modelSlug} onDone={() => close(false)} />
      ) : (
        <KeyForm {...props} onMade={setMade} />
      )}
    </Dialog>
  );
}

function KeyForm({
  channel,
  freeWei,
  keys,
  createKey,
  registerVoucher,
  onMade,
}: Props & { onMade: (key: string) => void }) {
  const router = useRouter();
  const [name, setName] = useState('');
  const [budget, setBudget] = useState('1');
  const [scopes, setScopes] = useState<readonly ApiKeyScope[]>(['ask']);
  const [days, setDays] = useState('90');
  const [busy, setBusy] = useState(false);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const promise = useStandingVoucher(channel, keys, registerVoucher);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setErrors({});
    let budgetWei: bigint;
    try {
      budgetWei = parseOpen(budget);
    } catch (error) {
      return setErrors({ budgetWei: (error as Error).message });
    }
    setBusy(true);
    try {
      const refusal = await promise(budgetWei);
      if (refusal) return setErrors({ form: refusal });
      const expiry = days === '' ? {} : { expiresInDays: Number(days) };
      const result = await createKey({ name, budgetWei, scopes: [...scopes], ...expiry });
      if (!result.ok) return setErrors({ ...result.error.fieldErrors, form: result.error.message });
      onMade(result.data.key);
      router.refresh();
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field label="Name" hint="What uses it, for example “nightly report”." error={errors.name}>
        {(control) => (
          <Input {...control} required maxLength={60} value={name} onChange={(event) => setName(event.target.value)} />
        )}
      </Field>
      <Field
        label="Budget in OPEN"
        hint={
          <>
            Free in your deposit: <Amount wei={freeWei} />
          </>
        }
        error={errors.budgetWei}
      >
        {(control) => (
          <Input
            {...control}
            mono
            required
            inputMode="decimal"
            value={budget}
            onChange={(event) => setBudget(event.target.value)}
          />
        )}
      </Field>
      <ScopeChoice chosen={scopes} choose={setScopes} error={errors.scopes} />
      <Field label="Works for" error={errors.expiresInDays}>
        {(control) => (
          <Select {...control} value={days} onChange={(event) => setDays(event.target.value)}>
            <option value="7">7 days</option>
            <option value="30">30 days</option>
            <option value="90">90 days</option>
            <option value="365">a year</option>
            <option value="">until it is revoked</option>
          </Select>
        )}
      </Field>
      {!channel && (
        <p className="text-sm text-warn">
          You have no deposit yet, so answers asked with this key are refused until you make one and set the key up
          again.
        </p>
      )}
      {channel && (
        <p className="text-sm text-muted">
          Your browser signs one voucher over the budget; only what answers really cost is taken from it.
          {isOver(budget, freeWei) && ` The budget is above the ${formatOpen(freeWei)} OPEN that are free now.`}
        </p>
      )}
      {errors.form && (
        <p role="alert" className="text-sm text-bad">
          {errors.form}
        </p>
      )}
      <Button type="submit" variant="primary" busy={busy} className="self-start">
        Make the key
      </Button>
    </form>
  );
}

function ScopeChoice({
  chosen,
  choose,
  error,
}: {
  chosen: readonly ApiKeyScope[];
  choose: (scopes: readonly ApiKeyScope[]) => void;
  error: string | undefined;
}) {
  const toggle = (scope: ApiKeyScope) =>
    choose(chosen.includes(scope) ? chosen.filter((one) => one !== scope) : [...chosen, scope]);
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">The key may</legend>
      {apiKeyScopes.map((scope) => (
        <Checkbox key={scope} {...scopeWords[scope]} checked={chosen.includes(scope)} onChange={() => toggle(scope)} />
      ))}
      <p className="text-xs text-muted">Reading what is public needs no permission.</p>
      {error && (
        <p role="alert" className="text-xs text-bad">
          {error}
        </p>
      )}
    </fieldset>
  );
}

function isOver(text: string, freeWei: bigint): boolean {
  try {
    return parseOpen(text) > freeWei;
  } catch {
    return false;
  }
}
