import { type ReadAnswer, readAnswers, sayingRows } from '../attribution/retrieval/reading-credit.ts';
import { measureSearch } from '../attribution/retrieval/search-scale.ts';
import type { BenchContext } from '../main.ts';

export const description =
  'answers that read rows: whom Shapley credits in three planted worlds, what it costs, and search in 100k and 1M rows (--rows)';

const seeds = ['0', '1', '2'];

export async function run(context: BenchContext): Promise<void> {
  const worlds = await readAnswers(seeds);
  for (const [i, answers] of worlds.entries()) {
    const right = answers.filter(({ isRight }) => isRight).length;
    context.log(`world ${seeds[i]}: ${answers.length} answers, ${right} of them right`);
  }
  reportCredit(context, worlds.flat());
  await measureSearch(context);
}

/** On answers that name what some row before the question names: those rows are where it was read. */
function reportCredit({ emit }: BenchContext, answers: readonly ReadAnswer[]): void {
  const told = answers.filter((answer) => sayingRows(answer).includes(true));
  const first = { name: 'first row of the search', value: mean(told, (answer) => (sayingRows(answer)[0] ? 1 : 0)) };
  emit({ case: 'answers that name what a row names', value: told.length / answers.length, unit: 'share' });
  emit({
    case: 'best paid row names it',
    value: mean(told, bestNamesIt),
    unit: 'share',
    peer: first,
    target: { atLeast: 1 },
  });
  const equal = { name: 'equal parts', value: mean(told, (answer) => partOf(answer, [1, 1, 1, 1])) };
  const part = mean(told, (answer) => partOf(answer, answer.credit.rowPpm));
  emit({ case: 'credit of the rows that name it', value: part, unit: 'share', peer: equal, target: { atLeast: 2 } });
  const twice = told.filter((answer) => sayingRows(answer).filter(Boolean).length > 1);
  const without = { name: 'leaving each row out', value: mean(twice, (answer) => lesserPart(answer, answer.leftOut)) };
  const lesser = mean(twice, (answer) => lesserPart(answer, answer.credit.rowPpm));
  emit({ case: 'lesser part where several rows name it', value: lesser, unit: 'share', peer: without });
  emit({
    case: 'part of the answer paid for reading',
    value: mean(told, ({ credit }) => credit.sharePpm / 1e6),
    unit: 'share',
  });
  emit({ case: 'values of 16 prompts', value: 1000 * mean(answers, ({ cpuSeconds }) => cpuSeconds), unit: 'ms CPU' });
}

function bestNamesIt(answer: ReadAnswer): number {
  const { rowPpm } = answer.credit;
  return sayingRows(answer)[rowPpm.indexOf(Math.max(...rowPpm))] ? 1 : 0;
}

/** The part of the credits that goes to rows which name what the answer names. */
function partOf(answer: ReadAnswer, credits: readonly number[]): number {
  const names = sayingRows(answer);
  const sum = credits.reduce((a, b) => a + b, 0);
  return sum === 0 ? 0 : credits.reduce((part, credit, i) => part + (names[i] ? credit : 0), 0) / sum;
}

/** The least of these rows' credits, of all that they get together. */
function lesserPart(answer: ReadAnswer, credits: readonly number[]): number {
  const names = sayingRows(answer);
  const own = credits.filter((_, i) => names[i]).map((credit) => Math.max(0, credit));
  const sum = own.reduce((a, b) => a + b, 0);
  return sum === 0 ? 0 : Math.min(...own) / sum;
}

function mean<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0) / items.length;
}
