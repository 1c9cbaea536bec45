import { parseOpen } from '#lib/kernel/money.ts';

/** What stands in the form. */
export type TermsText = {
  unit: string;
  judge: string;
  target: string;
  fundDays: string;
  awardDays: string;
  windowHours: string;
  firmPercent: string;
  gift: string;
};
export const startTerms: TermsText = {
  unit: '5',
  judge: '',
  target: '0',
  fundDays: '3',
  awardDays: '21',
  windowHours: '48',
  firmPercent: '50',
  gift: '100',
};

export type ReadTerms = {
  terms: {
    datanetId: bigint;
    judge: `0x${string}`;
    unit: bigint;
    target: bigint;
    window: number;
    firmBps: number;
  };
  fundSeconds: number;
  awardSeconds: number;
  giftWei: bigint;
};

const day = 86_400;
const nobody = `0x${'0'.repeat(40)}` as const;

/**
 * The contract's arguments out of the form's text, or what is wrong with each field. The bounds are the contract's; its least window
 * differs from chain to chain.
 */
export function readTerms(
  text: TermsText,
  kind: 'data' | 'run',
  registryId: string | null,
  minWindowSeconds: number,
): ReadTerms | { errors: Partial<Record<keyof TermsText, string>> } {
  const errors: Partial<Record<keyof TermsText, string>> = {};
  const wei = (name: keyof TermsText, least: bigint): bigint => {
    try {
      const amount = parseOpen(text[name].replaceAll(',', ''));
      if (amount >= least) return amount;
      errors[name] = 'Type an amount above 0.';
    } catch (error) {
      errors[name] = (error as Error).message;
    }
    return 0n;
  };
  const number = (name: keyof TermsText, scale: number, least: number, most: number): number => {
    const value = Math.round(Number(text[name]) * scale);
    if (text[name].trim() === '' || !(value >= least && value <= most)) {
      errors[name] = `Type a number between ${shortly(least / scale)} and ${most / scale}.`;
    }
    return value;
  };
  const isData = kind === 'data';
  if (!isData && !/^0x[0-9a-fA-F]{40}$/.test(text.judge.trim()))
    errors.judge = 'An address is 0x and 40 hexadecimal digits.';
  const read: ReadTerms = {
    terms: {
      datanetId: isData ? BigInt(registryId ?? 0) : 0n,
      judge: isData ? nobody : (text.judge.trim() as `0x${string}`),
      unit: isData ? wei('unit', 1n) : 0n,
      target: wei('target', isData ? 0n : 1n),
      window: number('windowHours', 3_600, minWindowSeconds, 720 * 3_600),
      firmBps: number('firmPercent', 100, 0, 10_000),
    },
    fundSeconds: number('fundDays', day, 0, 100 * day),
    awardSeconds: number('awardDays', day, 60, 290 * day),
    giftWei: wei('gift', 0n),
  };
  return Object.keys(errors).length > 0 ? { errors } : read;
}

/** A minute is 0.0006944444444444445 days: four digits name the same second. */
const shortly = (value: number): number => Number(value.toPrecision(4));
