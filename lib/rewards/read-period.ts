import { z } from 'zod';
import {
  type LeafEntry,
  leafEntrySchema,
  type PeriodTerms,
  type PeriodTotals,
  periodData1Schema,
  periodData2Schema,
  periodTermsSchema,
  periodTotalsSchema,
  type ReceiptEntry,
  receiptEntrySchema,
} from './period-schema.ts';
import { type ByteSource, readLines } from './read-lines.ts';

/** A period's data file, opened: receipts and leaves are read again each time that they are walked through. */
export type PeriodFile = {
  /** Of the file; what older ones lack is empty in `terms`. */
  version: 1 | 2 | 3 | 4 | 5;
  terms: PeriodTerms;
  /** Leaves of the period before, in the order of their accounts. */
  previousLeaves: Iterable<LeafEntry>;
  /** In the order of their ids. */
  receipts: Iterable<ReceiptEntry>;
  /** Null while the file is being made. */
  readTotals(): PeriodTotals | null;
};

/**
 * Opens a file of any version. Since version 3 it is lines of canonical JSON: terms, leaves as arrays, receipts as objects, totals; so a
 * million receipts need no million objects. `isOurs`: just written by this process, lines are not checked again. Throws zod's
 * error with the path of what is wrong, also while it is walked through.
 */
export function readPeriod(source: ByteSource, { isOurs = false } = {}): PeriodFile {
  const [first] = firstOf(readLines(source));
  if (first === undefined) throw new RangeError('the data file of the period is empty');
  const parsed: unknown = JSON.parse(first);
  const { version } = z.object({ version: z.number() }).parse(parsed);
  if (version === 1 || version === 2) return readDocument(parsed);
  const check = <T>(schema: z.ZodType<T>, value: unknown): T => (isOurs ? (value as T) : schema.parse(value));
  const terms = check(periodTermsSchema, parsed);
  return {
    version: terms.version,
    terms,
    previousLeaves: again(() => leavesOf(source, (line) => check(leafEntrySchema, JSON.parse(line)))),
    receipts: again(() =>
      pick(source, (line) => line[0] === '{' && !isTotals(line) && check(receiptEntrySchema, JSON.parse(line))),
    ),
    readTotals() {
      const [found] = firstOf(pick(source, (line) => isTotals(line) && check(periodTotalsSchema, JSON.parse(line))));
      return found ?? null;
    },
  };
}

/** Canonical JSON sorts keys, and no receipt has one before `channelId`. */
const isTotals = (line: string) => line.startsWith('{"earningsRoot"');

/** They stand between the terms and the receipts. */
function* leavesOf(source: ByteSource, parse: (line: string) => LeafEntry): Generator<LeafEntry> {
  let isFirst = true;
  for (const line of readLines(source)) {
    if (!isFirst && line[0] !== '[') return;
    if (!isFirst) yield parse(line);
    isFirst = false;
  }
}

function* pick<T>(source: ByteSource, choose: (line: string) => T | false): Generator<T> {
  let isFirst = true;
  for (const line of readLines(source)) {
    const chosen = !isFirst && choose(line);
    isFirst = false;
    if (chosen) yield chosen;
  }
}

function readDocument(parsed: unknown): PeriodFile {
  const data = z.discriminatedUnion('version', [periodData1Schema, periodData2Schema]).parse(parsed);
  const { version, receipts, previousLeaves, totalWei, earningsRoot, receiptsRoot, ...terms } = data;
  const pools = data.version === 2 ? data.rowPools : {};
  const entries = receipts.map((entry) =>
    'poolBy' in entry ? entry : { ...entry, modelId: '', commonPpm: 0, poolBy: 'shares' as const },
  );
  return {
    version,
    terms: { ...terms, version: 3, rowPools: pools, stakeBlock: 0, datanets: {}, models: {}, previousFees: [] },
    previousLeaves,
    receipts: entries.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    readTotals: () => ({ totalWei, earningsRoot, receiptsRoot }),
  };
}

const again = <T>(walk: () => Iterator<T>): Iterable<T> => ({ [Symbol.iterator]: walk });

function firstOf<T>(items: Iterable<T>): T[] {
  for (const item of items) return [item];
  return [];
}
