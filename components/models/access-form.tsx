'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { formatOpen, parseOpen } from '#lib/kernel/money.ts';
import type { PassKind, PassOffer } from '#lib/passes/types.ts';
import type { AccessActions } from './access-types.ts';
import { SaidLine } from './said-line.tsx';
import { useAccessAction } from './use-access-action.ts';

type Sold = { amount: string; price: string };

/** For the owner: who may ask, and which passes are sold for how much. An empty amount sells none of its kind. */
export function AccessForm({ model, offer, set }: { model: string; offer: PassOffer } & Pick<AccessActions, 'set'>) {
  const { busy, said, setSaid, run } = useAccessAction();
  const [access, setAccess] = useState(offer.access);
  const [days, setDays] = useState(() => soldOf(offer, 'days'));
  const [answers, setAnswers] = useState(() => soldOf(offer, 'answers'));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    try {
      const input = { model, access, days: toPrice(days), answers: toPrice(answers) };
      void run(
        () => set(input),
        'Saved. It is in force with the next question.',
        'The server did not answer. Try again.',
      );
    } catch (error) {
      setSaid({ ok: false, text: `A price: ${(error as Error).message}.` });
    }
  };
  return (
    <form onSubmit={submit} className="flex max-w-2xl flex-col items-start gap-3" aria-label="Who may ask it">
      <Field label="Who may ask">
        {(control) => (
          <Select {...control} value={access} onChange={(event) => setAccess(event.target.value as typeof access)}>
            <option value="everybody">Everybody</option>
            <option value="holders">Holders of a pass</option>
          </Select>
        )}
      </Field>
      {access === 'holders' && (
        <>
          <SoldFields label="Days" sold={days} onChange={setDays} />
          <SoldFields label="Answers" sold={answers} onChange={setAnswers} />
          <p className="text-sm text-muted">
            Leave both fields of a kind empty to sell none of it. What was bought holds to its end, whatever you change
            here. The price of a pass is divided by the model’s split, as an answer’s: the people of the data have their
            part.
          </p>
        </>
      )}
      <Button type="submit" busy={busy}>
        Save
      </Button>
      <SaidLine said={said} />
    </form>
  );
}

function SoldFields(props: { label: string; sold: Sold; onChange: (sold: Sold) => void }) {
  const { label, sold, onChange } = props;
  return (
    <div className="flex flex-wrap gap-3">
      <Field label={`${label} of a pass`} required={false}>
        {(control) => (
          <Input
            {...control}
            inputMode="numeric"
            pattern="[1-9][0-9]*"
            value={sold.amount}
            onChange={(event) => onChange({ ...sold, amount: event.target.value })}
          />
        )}
      </Field>
      <Field label={`Price of these ${label.toLowerCase()}, OPEN`} required={false}>
        {(control) => (
          <Input
            {...control}
            mono
            inputMode="decimal"
            value={sold.price}
            onChange={(event) => onChange({ ...sold, price: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

function soldOf({ prices }: PassOffer, kind: PassKind): Sold {
  const price = prices.find((one) => one.kind === kind);
  if (!price) return { amount: '', price: '' };
  return { amount: String(price.amount), price: formatOpen(price.priceWei).replaceAll(',', '') };
}

/** @throws {RangeError} with a sentence */
function toPrice({ amount, price }: Sold): { amount: number; priceWei: string } | null {
  if (amount.trim() === '' && price.trim() === '') return null;
  return { amount: Number(amount), priceWei: parseOpen(price).toString() };
}
