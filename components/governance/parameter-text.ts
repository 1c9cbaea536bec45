import { durationWords } from '#components/staking/duration-words.ts';
import { percent } from '#components/staking/percent.ts';
import type { ParameterUnit } from '#lib/governance/types.ts';
import { formatOpen } from '#lib/kernel/money.ts';

const names: Record<string, string> = {
  protocolFeeBps: 'Protocol fee',
  matchBps: 'Emission match of fees',
  challengeBondWei: 'Bond of a challenge',
  unbondingSeconds: 'Time to leave a stake pool',
  slashEventBps: 'Most that one slash takes',
  slashMonthBps: 'Most that slashes take in a month',
  validatorStakeWei: 'Own stake of a validator',
  duplicateSlashBps: 'Slash for a proven duplicate',
  rebuttalSeconds: 'Time to answer a duplicate claim',
};

/** What a parameter is called on pages. */
export const parameterName = (name: string): string => names[name] ?? name;

/** A parameter's value in words: "5 %", "10,000 OPEN", "7 days". */
export function parameterValue(value: bigint, unit: ParameterUnit): string {
  if (unit === 'bps') return percent(Number(value));
  if (unit === 'wei') return `${formatOpen(value)} OPEN`;
  return durationWords(Number(value));
}
