import { formatOpen, parseOpen } from '#lib/kernel/money.ts';
import { type PublishModelInput, publishModelSchema } from '#lib/model-factory/schema.ts';
import type { RevenueSplit } from '#lib/model-factory/types.ts';

/** The form as it stands: prices in OPEN for 1,000 tokens, shares in percent, all as typed. */
export type PublishFormValues = {
  /** Slug of the model that it becomes the next version of; empty: a model of its own. */
  versionOf: string;
  name: string;
  summary: string;
  inputPrice: string;
  outputPrice: string;
  split: Record<keyof RevenueSplit, string>;
};

export const defaultSplit: PublishFormValues['split'] = {
  data: '60',
  model: '20',
  app: '5',
  infra: '10',
  validators: '5',
};

export type ParsedTerms = { ok: true; input: PublishModelInput } | { ok: false; errors: Record<string, string> };

/** Reads the form: exact integers, and a sentence for each field that cannot be read. */
export function parseTerms(runId: string, values: PublishFormValues): ParsedTerms {
  const errors: Record<string, string> = {};
  const price = (field: 'inputPrice' | 'outputPrice') => {
    try {
      const wei = parseOpen(values[field]);
      if (wei % 1_000n !== 0n) throw new RangeError('at most 15 decimals, so that a single token has a whole price');
      return (wei / 1_000n).toString();
    } catch (error) {
      errors[field] = (error as Error).message;
      return '0';
    }
  };
  const bps = (role: keyof RevenueSplit) => {
    const match = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(values.split[role].trim());
    if (!match) errors[`split.${role}`] = 'a percentage with at most two decimals, for example 12.5';
    return match ? Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')) : 0;
  };
  const input = {
    runId,
    ...(values.versionOf !== '' && { versionOf: values.versionOf }),
    name: values.name,
    summary: values.summary,
    inputWeiPerToken: price('inputPrice'),
    outputWeiPerToken: price('outputPrice'),
    split: {
      data: bps('data'),
      model: bps('model'),
      app: bps('app'),
      infra: bps('infra'),
      validators: bps('validators'),
    },
  };
  const parsed = publishModelSchema.safeParse(input);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) errors[issue.path.join('.')] ??= issue.message;
  }
  return parsed.success && Object.keys(errors).length === 0 ? { ok: true, input: parsed.data } : { ok: false, errors };
}

/** Terms that are stored already, as form values. */
export function toFormValues(terms: {
  name: string;
  summary: string;
  inputWeiPerToken: bigint;
  outputWeiPerToken: bigint;
  split: RevenueSplit;
}): PublishFormValues {
  const plain = (wei: bigint) => formatOpen(wei * 1_000n).replaceAll(',', '');
  return {
    versionOf: '',
    name: terms.name,
    summary: terms.summary,
    inputPrice: plain(terms.inputWeiPerToken),
    outputPrice: plain(terms.outputWeiPerToken),
    split: toSplitValues(terms.split),
  };
}

/** Shares in percent, as the form has them. */
export function toSplitValues({ data, model, app, infra, validators }: RevenueSplit): PublishFormValues['split'] {
  const percent = (bps: number) => String(bps / 100);
  return {
    ...{ data: percent(data), model: percent(model), app: percent(app) },
    ...{ infra: percent(infra), validators: percent(validators) },
  };
}
