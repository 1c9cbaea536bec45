import { describe, expect, it } from 'vitest';
import { defaultSplit, type PublishFormValues, parseTerms, toFormValues } from './publish-terms.ts';

const values: PublishFormValues = {
  versionOf: '',
  name: 'Threat answers',
  summary: 'Answers questions of defenders.',
  inputPrice: '1',
  outputPrice: '2.5',
  split: defaultSplit,
};
const runId = 'run_01';

describe('parseTerms', () => {
  it('reads prices for 1,000 tokens as whole wei a token, and percent as basis points', () => {
    expect(parseTerms(runId, values)).toMatchObject({
      ok: true,
      input: {
        inputWeiPerToken: (10n ** 15n).toString(),
        outputWeiPerToken: (25n * 10n ** 14n).toString(),
        split: { data: 6_000, model: 2_000, app: 500, infra: 1_000, validators: 500 },
      },
    });
  });

  it('gives back what it read, so that a refused signature loses nothing that was typed', () => {
    const parsed = parseTerms(runId, values);
    if (!parsed.ok) throw new Error('not read');
    const { inputWeiPerToken, outputWeiPerToken, ...rest } = parsed.input;
    expect(
      toFormValues({
        ...rest,
        inputWeiPerToken: BigInt(inputWeiPerToken),
        outputWeiPerToken: BigInt(outputWeiPerToken),
      }),
    ).toEqual(values);
  });

  it.each([
    ['inputPrice', { inputPrice: '1,5' }, 'an amount is digits with at most 18 decimals, for example 12.5'],
    [
      'outputPrice',
      { outputPrice: '0.0000000000000001' },
      'at most 15 decimals, so that a single token has a whole price',
    ],
    ['name', { name: 'a' }, 'a name has at least 3 characters'],
    ['split.data', { split: { ...defaultSplit, data: '19', model: '61' } }, 'data gets at least 20 %'],
    ['split', { split: { ...defaultSplit, model: '21' } }, 'the shares must add up to 100 %'],
    ['split.app', { split: { ...defaultSplit, app: 'x' } }, 'a percentage with at most two decimals, for example 12.5'],
  ])('names %s when it cannot be read', (field, change, message) => {
    const parsed = parseTerms(runId, { ...values, ...change });
    expect(parsed.ok ? {} : parsed.errors).toMatchObject({ [field]: message });
  });
});
