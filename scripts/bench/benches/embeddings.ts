import { fileURLToPath } from 'node:url';
import { readSampleDatanets } from '#db/seed/sample-datanets.ts';
import { EmbeddingEngine } from '#lib/engine/embedding/embedding-engine.ts';
import { renderPrefix } from '#lib/engine/tokenizer/chat.ts';
import { Tokenizer } from '#lib/engine/tokenizer/tokenizer.ts';
import { createRandom } from '#lib/engine/train/random.ts';
import { bm25Scores } from '../attribution/truth/methods/bm25.ts';
import type { BenchContext } from '../main.ts';

export const description =
  'sample rows: find the answer of a question among all answers, by vectors, by words and by chance';

const modelDir = fileURLToPath(new URL('../../../models/openledger-nano', import.meta.url));
const atOnce = 32;

/**
 * Questions and answers of the sample Datanets in English; each question looks for its own answer among all of them. `--data <folder>`: an
 * adapter in PEFT's layout; without it the bare base. Also the vectors less their mean over all answers, because the states of a
 * language model point nearly all one way.
 */
export async function run({ emit, log, dataPath, threads }: BenchContext): Promise<void> {
  const rows = readSampleDatanets().flatMap((datanet) => (datanet.language === 'en' ? datanet.rows : []));
  const tokenizer = await Tokenizer.load(modelDir);
  const engine = new EmbeddingEngine({ modelDir, threads });
  const embed = async (texts: readonly string[]) => {
    const vectors: Float32Array[] = [];
    for (let i = 0; i < texts.length; i += atOnce) {
      const ids = texts.slice(i, i + atOnce).map((text) => renderPrefix(tokenizer, text).slice(0, 256));
      vectors.push(...(await engine.embed({ adapterDir: dataPath, texts: ids })));
    }
    return vectors;
  };
  const [questions, answers] = [rows.map(({ prompt }) => prompt), rows.map(({ completion }) => completion)];
  const started = process.cpuUsage();
  const [asked, said] = [await embed(questions), await embed(answers)];
  const { user, system } = process.cpuUsage(started);
  await engine.close();
  log(`${rows.length} rows, ${((user + system) / 2000 / rows.length).toFixed(1)} ms CPU a text`);
  const random = createRandom('embeddings');
  const ranked: [string, ArrayLike<number>[]][] = [
    ['vectors', scoresOf(asked, said)],
    ['vectors less their mean', scoresOf(centred(asked, said), centred(said, said))],
    ['BM25', bm25Scores(answers, questions)],
    ['chance', rows.map(() => answers.map(() => random()))],
  ];
  for (const [method, scores] of ranked) {
    const ranks = scores.map((line, i) => Array.from(line).filter((score) => score > line[i]!).length + 1);
    const part = (most: number) => ranks.filter((rank) => rank <= most).length / ranks.length;
    emit({ case: `${method}: answer found first`, value: 100 * part(1), unit: '%' });
    emit({ case: `${method}: among the first ten`, value: 100 * part(10), unit: '%' });
  }
}

const scoresOf = (asked: readonly Float32Array[], said: readonly Float32Array[]) =>
  asked.map((question) => said.map((answer) => question.reduce((sum, value, i) => sum + value * answer[i]!, 0)));

/** Less the mean of `of`, of length 1 again. */
function centred(vectors: readonly Float32Array[], of: readonly Float32Array[]): Float32Array[] {
  const mean = of[0]!.map((_, i) => of.reduce((sum, vector) => sum + vector[i]!, 0) / of.length);
  return vectors.map((vector) => {
    const moved = vector.map((value, i) => value - mean[i]!);
    const length = Math.hypot(...moved);
    return moved.map((value) => value / length);
  });
}
