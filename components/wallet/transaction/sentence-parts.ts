import { formatOpen } from '#lib/kernel/money.ts';

/** Says what a custom error with these arguments means for the person who meets it, and what to do. */
export type Sentence = (args: readonly unknown[]) => string;

export const open = (value: unknown) => `${formatOpen(BigInt(value as bigint))} OPEN`;
export const percent = (bps: unknown) => `${Number(bps) / 100} %`;
export const clock = (value: unknown) =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' }).format(Number(value) * 1000);
