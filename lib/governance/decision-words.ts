import { hexToString, isAddressEqual } from 'viem';
import { formatOpen } from '#lib/kernel/money.ts';
import type { Deployment } from '#lib/platform/deployment.ts';
import { unitOf } from './rules.ts';

type Hex = `0x${string}`;

/** "openGovernor" → "OpenGovernor"; both timelocks are one contract. */
export function contractTitle(name: string): string {
  return name.startsWith('timelock') ? 'OpenTimelock' : `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** Who an address is: the part it plays in the deployment, else the address itself. */
export function partyName({ addresses }: Pick<Deployment, 'addresses'>, address: unknown): string {
  const found = Object.entries(addresses).find(([, known]) => known && isAddressEqual(known, address as Hex));
  return found ? `${found[0].charAt(0).toUpperCase()}${found[0].slice(1)}` : String(address);
}

/** The key of Params as text: the contract keeps it as bytes32. */
export const parameterKey = (key: unknown): string => hexToString(key as Hex, { size: 32 });

/** "protocolFeeBps" → "protocol fee" */
export function parameterWords(key: string): string {
  const bare = key.replace(/(Bps|Wei|Seconds)$/, '');
  return bare.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** A value with the unit that the key's name ends with: "3 %", "10,000 OPEN", "7 days". */
export function parameterText(key: string, value: bigint): string {
  const unit = unitOf(key);
  if (unit === 'bps') return `${Number(value) / 100} %`;
  return unit === 'wei' ? `${formatOpen(value)} OPEN` : durationText(value);
}

/** In the largest unit in which the time is whole. */
export function durationText(value: bigint | number): string {
  const seconds = BigInt(value);
  const units = [
    ['day', 86_400n],
    ['hour', 3_600n],
    ['minute', 60n],
  ] as const;
  const [word, size] = units.find(([, size]) => seconds >= size && seconds % size === 0n) ?? (['second', 1n] as const);
  const count = seconds / size;
  return `${count} ${word}${count === 1n ? '' : 's'}`;
}

/** Seconds since 1970 as "2026-11-21T10:00 UTC". */
export const momentText = (seconds: bigint): string =>
  `${new Date(Number(seconds) * 1000).toISOString().slice(0, 16)} UTC`;
