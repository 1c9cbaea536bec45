import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Textarea } from '#components/ui/textarea.tsx';

/** How an answer is chosen; undefined is left to the server. */
export type Sampling = {
  system: string;
  maxTokens: number;
  temperature: number;
  topP: number;
  repetitionPenalty: number;
  /** Null: another one each time. */
  seed: number | null;
};

export const defaultSampling: Sampling = {
  ...{ system: '', maxTokens: 80, temperature: 0.3, topP: 0.95, repetitionPenalty: 1, seed: null },
};

/** System prompt and sampling, behind a line that opens them. */
export function SamplingFields({ value, onChange }: { value: Sampling; onChange: (next: Sampling) => void }) {
  const number = (key: 'maxTokens' | 'temperature' | 'topP' | 'repetitionPenalty', bounds: NumberBounds) => (
    <Field label={bounds.label} hint={bounds.hint}>
      {(control) => (
        <Input
          {...control}
          type="number"
          min={bounds.min}
          max={bounds.max}
          step={bounds.step}
          value={value[key]}
          onChange={(event) => {
            const typed = Number(event.target.value) || bounds.min;
            onChange({ ...value, [key]: Math.min(bounds.max, Math.max(bounds.min, typed)) });
          }}
        />
      )}
    </Field>
  );
  return (
    <details className="text-sm">
      <summary className="cursor-pointer text-muted">System prompt and sampling</summary>
      <div className="mt-3 flex flex-col gap-4">
        <Field label="System prompt" required={false}>
          {(control) => (
            <Textarea
              {...control}
              rows={2}
              value={value.system}
              onChange={(event) => onChange({ ...value, system: event.target.value })}
            />
          )}
        </Field>
        <div className="grid grid-cols-2 gap-4 md:grid-cols-5">
          {number('maxTokens', { label: 'Longest answer', hint: 'tokens', min: 1, max: 400, step: 1 })}
          {number('temperature', { label: 'Temperature', hint: '0 is always the same', min: 0, max: 2, step: 0.1 })}
          {number('topP', { label: 'Top p', hint: '1 keeps every word', min: 0.05, max: 1, step: 0.05 })}
          {number('repetitionPenalty', {
            label: 'Repetition',
            hint: 'above 1 avoids it',
            min: 0.5,
            max: 2,
            step: 0.05,
          })}
          <Field label="Seed" required={false} hint="repeats an answer">
            {(control) => (
              <Input
                {...control}
                inputMode="numeric"
                value={value.seed ?? ''}
                onChange={(event) => onChange({ ...value, seed: seedOf(event.target.value) })}
              />
            )}
          </Field>
        </div>
      </div>
    </details>
  );
}

type NumberBounds = { label: string; hint: string; min: number; max: number; step: number };

function seedOf(text: string): number | null {
  const digits = text.replace(/\D/g, '').slice(0, 15);
  return digits === '' ? null : Number(digits);
}
