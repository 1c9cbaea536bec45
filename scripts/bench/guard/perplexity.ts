import { measureTexts } from '#lib/engine/train/measure-texts.ts';
import { createRandom } from '#lib/engine/train/random.ts';
import { judgePerplexity, perplexityBounds } from '#lib/guard/perplexity-bounds.ts';
import type { BenchContext } from '../main.ts';
import { costOf } from '../measure.ts';
import { spamRows } from './spam.ts';

type Pair = { question: string; answer: string };

/** Rows of each kind. */
const rowsOfKind = 200;
const modelDir = 'models/openledger-nano';
const boilerplate = 'Thank you for your question. Please contact us for more information. ';

const measure = async (texts: readonly string[]): Promise<number[]> => {
  const rows = texts.map((text, i) => ({ id: String(i), text }));
  return (await measureTexts({ modelDir, rows, maxTokens: 256, threads: 1 })).map(({ loss }) => loss);
};

/**
 * What the sample base finds unusual: noise planted beside the sample rows, and every second of these, judged by the others. The last
 * kinds are reported as they are: a model of letters and words knows no facts.
 */
export async function measurePerplexity({ emit, log }: BenchContext, pairs: readonly Pair[]): Promise<void> {
  const textOf = ({ question, answer }: Pair) => `${question}\n${answer}`;
  const texts = pairs.map(textOf);
  let losses: number[] = [];
  const { cpu } = await costOf(async () => {
    losses = await measure(texts);
  });
  emit({ case: 'rows read under the base model', value: texts.length / cpu, unit: 'rows/s CPU' });
  const bounds = perplexityBounds(
    losses.filter((_, i) => i % 2 === 0),
    'own',
  )!;
  log(`usual: ${bounds.low.toFixed(2)} to ${bounds.high.toFixed(2)} nats a token`);
  const markedOf = (list: readonly number[]) =>
    list.filter((loss) => judgePerplexity(loss, bounds) !== 'usual').length / list.length;
  emit({
    case: 'honest rows marked by the base model',
    value: markedOf(losses.filter((_, i) => i % 2 === 1)),
    unit: 'share',
    target: { atMost: 0.03 },
  });
  for (const [kind, rows] of Object.entries(plantNoise(pairs)))
    emit({ case: `marked by the base model: ${kind}`, value: markedOf(await measure(rows)), unit: 'share' });
  const spam = Map.groupBy(spamRows(10 * rowsOfKind, pairs), ({ kind }) => kind);
  for (const [kind, rows] of spam)
    emit({
      case: `marked by the base model: ${kind}`,
      value: markedOf(await measure(rows.map(textOf))),
      unit: 'share',
    });
}

function plantNoise(pairs: readonly Pair[]): Record<string, string[]> {
  const random = createRandom('perplexity');
  const below = (count: number) => Math.floor(random() * count);
  const chosen = Array.from({ length: rowsOfKind }, () => pairs[below(pairs.length)]!);
  const word = () => Array.from({ length: 4 + below(6) }, () => 'abcdefghijklmnopqrstuvwxyz'[below(26)]).join('');
  return {
    'words shuffled': chosen.map(({ question, answer }) => {
      const words = `${question} ${answer}`.split(/\s+/);
      for (let i = words.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [words[i], words[j]] = [words[j]!, words[i]!];
      }
      return words.join(' ');
    }),
    'random characters': chosen.map(() => Array.from({ length: 20 }, word).join(' ')),
    'the question eight times': chosen.map(({ question }) => Array<string>(8).fill(question).join(' ')),
    'boilerplate for an answer': chosen.map(({ question }) => `${question}\n${boilerplate.repeat(2)}`),
  };
}
