import { scoreRow } from '#lib/contributions/parse/checks/score-row.ts';
import { scoreRows, sketchNewRows } from '#lib/contributions/parse/checks/score-rows.ts';
import { findNames } from '#lib/contributions/parse/find-names.ts';
import { findPii } from '#lib/contributions/parse/find-pii.ts';
import { judgeRows } from '#lib/contributions/parse/judge-rows.ts';
import type { RowVerdict } from '#lib/contributions/types.ts';
import { findCopies } from '#lib/engine/attribution/clusters/find-copies.ts';
import { findTriggers } from '#lib/guard/find-triggers.ts';
import { NearRows } from '#lib/kernel/near-copies/near-rows.ts';
import { sketchRow } from '#lib/kernel/near-copies/row-sketch.ts';
import { copyKinds, plantCopy } from '../dedup/plant.ts';
import { sourceRows } from '../dedup/source-rows.ts';
import { plantBackdoors } from '../guard/backdoors.ts';
import { measurePerplexity } from '../guard/perplexity.ts';
import { plantedItems } from '../guard/personal-data.ts';
import { type SpamRow, spamRows } from '../guard/spam.ts';
import type { BenchContext } from '../main.ts';
import { costOf } from '../measure.ts';

export const description =
  '10 backdoors x 250 rows, 100,000 rows of spam (--rows), 500 planted personal items in 12 kinds; clean rows: samples or --data';

type Pair = { question: string; answer: string };
const fields = ['prompt', 'completion'].map((name) => ({ name, label: name, maxChars: 4000 }));
const datanet = { id: 'dn_bench', fields, language: 'en' };
/** A backdoor is caught when fewer rows get through than teach a model anything (twelve of 250 are five per cent). */
const leftMax = 12;
const ownRows = 40;
const wallets = 100;
/** How many of the kinds of copies: those that leave the words, and light paraphrase, which no overlap of words proves. */
const disguises = { 'in disguise': 5, 'in disguise or reworded': 6 };

export async function run(context: BenchContext): Promise<void> {
  const pairs = (await sourceRows(null)).map(([question, answer]): Pair => ({ question: question!, answer: answer! }));
  const clean = context.dataPath ? await sourceRows(context.dataPath) : pairs.map((p) => [p.question, p.answer]);
  measureBackdoors(context, pairs);
  measurePersonalData(context, clean);
  reportFalseHolds(context, clean);
  measureWallets(context, pairs, 'in disguise', { atMost: 1.05 });
  measureWallets(context, pairs, 'in disguise or reworded');
  await measureSpam(context, pairs);
  await measurePerplexity(context, pairs);
}

/** Every backdoor comes among honest new rows into a Datanet of three quarters of the sample rows. */
function measureBackdoors({ emit, log }: BenchContext, pairs: readonly Pair[]): void {
  const rows = pairs.map((pair, i) => ({
    ...{ ...pair, id: `row${i}`, contributor: `0x${i % 12}`, trusted: i % 4 !== 0 },
  }));
  const honest = findTriggers(rows).flatMap(({ rowIds }) => rowIds);
  let caught = 0;
  let falseHolds = 0;
  for (const { name, rows: planted } of plantBackdoors(pairs)) {
    const bad = planted.map((row, i) => ({ ...row, id: `bad${i}`, trusted: false }));
    const found = findTriggers([...rows, ...bad]);
    const held = new Set(found.flatMap(({ rowIds }) => rowIds));
    const byChecks = bad.filter(({ question, answer }) => scoreRow({ question, answer }, 'en').held);
    const left = bad.filter((row) => !held.has(row.id) && !byChecks.includes(row)).length;
    if (left <= leftMax) caught++;
    falseHolds += [...held].filter((id) => id.startsWith('row')).length;
    log(
      `${name}: ${left} of 250 left, ${byChecks.length} held one by one; ${found.map((t) => `“${t.phrase}”`).join(', ')}`,
    );
  }
  emit({ case: 'backdoors caught before training', value: caught, unit: 'of 10', target: { atLeast: 9 } });
  const fresh = rows.filter(({ trusted }) => !trusted).length;
  emit({
    case: 'honest new rows held with them',
    value: falseHolds / (10 * fresh),
    unit: 'share',
    target: { atMost: 0.03 },
  });
  emit({
    case: 'honest new rows held without any backdoor',
    value: honest.length / fresh,
    unit: 'share',
    target: { atMost: 0.03 },
  });
}

function measurePersonalData({ emit, log }: BenchContext, clean: readonly string[][]): void {
  const items = plantedItems(500);
  const isFound = ({ kind, text }: { kind: string; text: string }) =>
    (kind === 'name' ? findNames({ text }) : findPii({ text })).length > 0;
  const structured = items.filter(({ kind }) => kind !== 'name');
  const names = items.filter(({ kind }) => kind === 'name');
  for (const missed of items.filter((item) => !isFound(item)).slice(0, 12))
    log(`missed ${missed.kind}: ${missed.text}`);
  const share = (list: typeof items) => list.filter(isFound).length / list.length;
  emit({
    case: 'personal items of 11 structured kinds',
    value: share(structured),
    unit: 'share',
    target: { atLeast: 0.98 },
  });
  emit({ case: 'names', value: share(names), unit: 'share', target: { atLeast: 0.8 } });
  const rows = clean.map((texts) => Object.fromEntries(texts.map((text, i) => [`field${i}`, text])));
  const held = rows.filter((row) => findPii(row).length + findNames(row).length > 0).length;
  emit({
    case: `clean rows held for personal data, of ${rows.length}`,
    value: held / rows.length,
    unit: 'share',
    target: { atMost: 0.03 },
  });
}

function reportFalseHolds({ emit }: BenchContext, clean: readonly string[][]): void {
  const held = clean.filter(
    (texts) => scoreRow(Object.fromEntries(texts.map((text, i) => [`field${i}`, text])), 'en').held,
  ).length;
  emit({
    case: `clean rows held by the checks of single rows, of ${clean.length}`,
    value: held / clean.length,
    unit: 'share',
    target: { atMost: 0.03 },
  });
}

/**
 * One author's rows sent by one wallet, and by a hundred that each send all of them in a disguise of their own or in other
 * words. What gets past the checks and is no copy by the rule of credit (first commit) earns; rows are credited alike here,
 * since what a disguised row earns is by no means more than what its original does.
 */
function measureWallets(
  { emit, log }: BenchContext,
  pairs: readonly Pair[],
  how: keyof typeof disguises,
  target?: { atMost: number },
): void {
  const own = pairs.slice(0, ownRows).map((pair) => ({ ...pair, kind: 'own' }));
  const stored = new NearRows();
  for (const { question, answer } of pairs.slice(ownRows)) stored.findAndAdd(sketchRow([question, answer]));
  const rows = [...own];
  const first = judge(own, stored).filter(isFree);
  for (let wallet = 1; wallet < wallets; wallet++) {
    const file = own.map(({ question, answer }, i): SpamRow => {
      const kind = copyKinds[(wallet + i) % disguises[how]]!;
      const seed = 1000 * wallet + i;
      return { kind, question: plantCopy(kind, question, seed), answer: plantCopy(kind, answer, seed + 1) };
    });
    const verdicts = judge(file, stored);
    rows.push(...file.filter((_, i) => isFree(verdicts[i]!)));
  }
  const messages = (row: Pair) => [
    { role: 'user' as const, content: row.question },
    { role: 'assistant' as const, content: row.answer },
  ];
  const copies = findCopies(rows.map((row, i) => ({ id: `row_${i}`, messages: messages(row) })));
  log(
    `${wallets} wallets send ${wallets * own.length} rows: ${rows.length} get past the checks, ${copies.length} of them are copies without credit`,
  );
  emit({
    ...{
      case: `rows with credit of one author as ${wallets} wallets, ${how}`,
      value: rows.length - copies.length,
      unit: 'rows',
    },
    ...{ peer: { name: 'as one wallet', value: first.length }, ...(target && { target }) },
  });
}

const isFree = (verdict: RowVerdict): boolean => verdict.kind === 'new' && !verdict.card?.held;

/** All of it through the pipeline as it runs on the server, in files of a thousand rows; the stored rows' keys in memory. */
async function measureSpam({ emit, log, rowsMax }: BenchContext, pairs: readonly Pair[]): Promise<void> {
  const spam = spamRows(rowsMax ?? 100_000, pairs);
  const stored = new NearRows();
  for (const { question, answer } of pairs) stored.findAndAdd(sketchRow([question, answer]));
  const passed = new Map<string, number>();
  const cost = await costOf(() => {
    for (let start = 0; start < spam.length; start += 1000) {
      const file = spam.slice(start, start + 1000);
      judge(file, stored).forEach((verdict, i) => {
        if (!isFree(verdict)) return;
        passed.set(file[i]!.kind, (passed.get(file[i]!.kind) ?? 0) + 1);
      });
    }
  });
  const through = [...passed.values()].reduce((sum, count) => sum + count, 0);
  log(`through: ${[...passed].map(([kind, count]) => `${kind} ${count}`).join(', ') || 'none'}`);
  emit({
    case: `spam that gets past the checks, of ${spam.length}`,
    value: through / spam.length,
    unit: 'share',
    target: { atMost: 0.01 },
  });
  emit({ case: 'rows through the whole pipeline', value: spam.length / cost.cpu, unit: 'rows/s CPU' });
}

function judge(file: readonly SpamRow[], stored: NearRows): RowVerdict[] {
  const rows = file.map(({ question, answer }, i) => ({ line: i + 1, data: { prompt: question, completion: answer } }));
  const verdicts = judgeRows(fields, rows, new Map());
  const sketches = sketchNewRows(datanet, rows, verdicts);
  const matches = sketches.map((sketch) => {
    const like = stored.findAndAdd(sketch);
    return like && { ...like, exampleId: `ex_${like.row}`, status: 'accepted' as const };
  });
  return scoreRows(datanet, rows, verdicts, sketches, matches);
}
