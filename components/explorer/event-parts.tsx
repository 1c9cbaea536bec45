import type { ReactNode } from 'react';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { Hash } from '#components/ui/hash.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { EventRow } from '#lib/explorer/types.ts';

/** Says one event in words from its arguments. */
export type EventSentence = (args: EventRow['args']) => ReactNode;

export const who = (value: unknown) =>
  /^0x[0-9a-f]{40}$/.test(String(value)) ? <Address address={String(value)} copy={false} /> : String(value);
export const open = (value: unknown) => <Amount wei={BigInt(String(value ?? 0))} className="text-accent" />;
export const root = (value: unknown) => <Hash value={String(value)} copy={false} />;
export const clock = (value: unknown) => <TimeAgo at={Number(value) * 1000} mode="date" />;
