import type {
  EvaluatedRow,
  EvaluationFigures,
  Figures,
  Gates,
  GateVerdict,
  Interval,
  MeasuredRow,
  Measurement,
  Probe,
  Slice,
} from './types.ts';

/** What is asked of every adapter unless its owner asks for more, or openly for less. */
export const defaultGates: Gates = {
  minGainPercent: 1,
  maxContaminatedPercent: 50,
  minWinPercent: null,
  minF1Percent: null,
  maxCalibrationPercent: null,
};

/** Words in a row beyond which a shared sequence is no coincidence; as GPT-3's contamination check took it (Brown et al. 2020). */
const contaminationWords = 13;
const calibrationBins = 10;
const z95 = 1.959964;

/** Lower case, no punctuation, no articles, single spaces: SQuAD's normalisation (Rajpurkar et al. 2016). */
function normalise(text: string): string[] {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => word !== 'a' && word !== 'an' && word !== 'the');
}

export function isExact(answer: string, right: string): boolean {
  return normalise(answer).join(' ') === normalise(right).join(' ');
}

/** SQuAD's F1: harmonic mean of precision and recall of the words, each counted as often as it stands there. */
export function wordF1(answer: string, right: string): number {
  const [said, wanted] = [normalise(answer), normalise(right)];
  if (said.length === 0 || wanted.length === 0) return said.length === wanted.length ? 1 : 0;
  const left = new Map<string, number>();
  for (const word of wanted) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of said) {
    const count = left.get(word) ?? 0;
    if (count > 0) shared++;
    left.set(word, count - 1);
  }
  if (shared === 0) return 0;
  const [precision, recall] = [shared / said.length, shared / wanted.length];
  return (2 * precision * recall) / (precision + recall);
}

/** Expected calibration error over ten bins of equal width (Guo et al. 2017, arXiv 1706.04599). */
export function calibrationError(probes: readonly Probe[]): number | null {
  if (probes.length === 0) return null;
  let error = 0;
  for (let bin = 0; bin < calibrationBins; bin++) {
    const inBin = probes.filter(({ confidence }) => Math.min(Math.floor(confidence * calibrationBins), 9) === bin);
    if (inBin.length === 0) continue;
    const right = inBin.filter(({ isRight }) => isRight).length / inBin.length;
    const sure = inBin.reduce((sum, { confidence }) => sum + confidence, 0) / inBin.length;
    error += (inBin.length / probes.length) * Math.abs(right - sure);
  }
  return error;
}

/** The share with its 95 % interval by Wilson's score, which holds for few trials and for shares near 0 and 1. */
export function wilson(hits: number, trials: number): Interval {
  if (trials === 0) return { share: 0, low: 0, high: 1 };
  const share = hits / trials;
  const z2 = z95 ** 2;
  const middle = (share + z2 / (2 * trials)) / (1 + z2 / trials);
  const half = (z95 / (1 + z2 / trials)) * Math.sqrt((share * (1 - share)) / trials + z2 / (4 * trials ** 2));
  return { share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/**
 * Rows of which a training row has the question word for word, or any thirteen words in a row. Linear in all words.
 *
 * @returns ids of the contaminated ones among `rows`
 */
export function findContaminated(rows: readonly EvaluatedRow[], trained: readonly string[]): Set<string> {
  const wanted = new Map<string, Set<string>>();
  for (const row of rows) {
    for (const key of keysOf(row)) wanted.set(key, (wanted.get(key) ?? new Set()).add(row.id));
  }
  const found = new Set<string>();
  for (const text of trained) {
    const words = normalise(text);
    const hit = (key: string) => {
      for (const id of wanted.get(key) ?? []) found.add(id);
    };
    hit(words.join(' '));
    for (let i = 0; i + contaminationWords <= words.length; i++) hit(words.slice(i, i + contaminationWords).join(' '));
  }
  return found;
}

function keysOf({ question, answer }: EvaluatedRow): string[] {
  const keys = [normalise(question).join(' ')].filter(Boolean);
  for (const text of [question, answer ?? '']) {
    const words = normalise(text);
    for (let i = 0; i + contaminationWords <= words.length; i++)
      keys.push(words.slice(i, i + contaminationWords).join(' '));
  }
  return keys;
}

/** All figures of a measurement. Pure. */
export function summarise(
  rows: readonly EvaluatedRow[],
  measured: Measurement,
  contaminated: number,
  sealedSha256: string | null,
): EvaluationFigures {
  const withLoss = measured.rows.filter((row) => row.baseLoss !== null && row.tunedLoss !== null);
  const wins = withLoss.filter(isWin).length;
  return {
    rows: measured.rows.length,
    answered: measured.rows.filter(({ tunedAnswer }) => tunedAnswer !== null).length,
    probes: measured.probes.tuned.length,
    base: figuresOf('base', rows, measured),
    tuned: figuresOf('tuned', rows, measured),
    wins,
    winShare: wilson(wins, withLoss.length),
    slices: slicesOf(rows, withLoss),
    contaminated,
    isSealed: sealedSha256 === null ? null : measured.sealedSha256 === sealedSha256,
  };
}

const isWin = (row: MeasuredRow) => row.tunedLoss! < row.baseLoss!;

function figuresOf(of: 'base' | 'tuned', rows: readonly EvaluatedRow[], measured: Measurement): Figures {
  const lossOf = (row: MeasuredRow) => (of === 'base' ? row.baseLoss : row.tunedLoss);
  const answerOf = (row: MeasuredRow) => (of === 'base' ? row.baseAnswer : row.tunedAnswer);
  const right = new Map(rows.map(({ id, answer }) => [id, answer]));
  const weighed = measured.rows.filter((row) => lossOf(row) !== null);
  const tokens = weighed.reduce((sum, row) => sum + row.tokens, 0);
  const loss = tokens > 0 ? weighed.reduce((sum, row) => sum + lossOf(row)! * row.tokens, 0) / tokens : null;
  const judged = measured.rows.flatMap((row) => {
    const [answer, wanted] = [answerOf(row), right.get(row.id)];
    return answer === null || wanted == null ? [] : [{ exact: isExact(answer, wanted), f1: wordF1(answer, wanted) }];
  });
  const probes = measured.probes[of];
  return {
    loss,
    perplexity: loss === null ? null : Math.exp(loss),
    exactMatch: judged.length > 0 ? judged.filter(({ exact }) => exact).length / judged.length : null,
    f1: judged.length > 0 ? judged.reduce((sum, { f1 }) => sum + f1, 0) / judged.length : null,
    tokenAccuracy: probes.length > 0 ? probes.filter(({ isRight }) => isRight).length / probes.length : null,
    calibrationError: calibrationError(probes),
  };
}

const askedBy = ['what', 'how', 'why', 'who', 'when', 'where', 'which'];

/** By how the question begins and how long the right answer is; slices of fewer than three rows say nothing and are left out. */
function slicesOf(rows: readonly EvaluatedRow[], measured: readonly MeasuredRow[]): Slice[] {
  const found = new Map(measured.map((row) => [row.id, row]));
  const slices = new Map<string, Slice>();
  const lengths = rows.flatMap(({ answer }) => (answer ? [normalise(answer).length] : [])).sort((a, b) => a - b);
  const middle = lengths[Math.floor(lengths.length / 2)] ?? 0;
  for (const { id, question, answer } of rows) {
    const row = found.get(id);
    if (!row) continue;
    const first = normalise(question)[0] ?? '';
    const kinds = [
      askedBy.includes(first) ? `questions with “${first}”` : 'other questions',
      ...(answer ? [normalise(answer).length > middle ? 'longer answers' : 'shorter answers'] : []),
    ];
    for (const name of kinds) {
      const slice = slices.get(name) ?? { name, rows: 0, wins: 0 };
      slices.set(name, { name, rows: slice.rows + 1, wins: slice.wins + (isWin(row) ? 1 : 0) });
    }
  }
  return [...slices.values()].filter((slice) => slice.rows >= 3).sort((a, b) => b.rows - a.rows);
}

const percent = (value: number | null) => (value === null ? 'not measured' : `${Math.round(value * 1000) / 10} %`);

/**
 * Each gate with what it asks and what was measured. That the rows are those which were sealed before the training, and that the
 * adapter is better than its base at all, is asked of everybody.
 */
export function judgeGates(figures: EvaluationFigures, gates: Gates): GateVerdict[] {
  const { base, tuned } = figures;
  const gain = base.perplexity && tuned.perplexity ? 1 - tuned.perplexity / base.perplexity : null;
  const contaminated = figures.rows > 0 ? figures.contaminated / figures.rows : null;
  const atLeast = (gate: keyof Gates, asked: number | null, value: number | null): GateVerdict[] =>
    asked === null
      ? []
      : [
          {
            gate,
            passed: value !== null && value * 100 >= asked,
            asked: `at least ${asked} %`,
            measured: percent(value),
          },
        ];
  const atMost = (gate: keyof Gates, asked: number | null, value: number | null): GateVerdict[] =>
    asked === null
      ? []
      : [
          {
            gate,
            passed: value !== null && value * 100 <= asked,
            asked: `at most ${asked} %`,
            measured: percent(value),
          },
        ];
  return [
    {
      gate: 'sealed',
      passed: figures.isSealed !== false,
      asked: 'the rows that were sealed before the training',
      measured: figures.isSealed
        ? 'the same rows, by their hash'
        : figures.isSealed === null
          ? 'a set of questions'
          : 'other rows',
    },
    { gate: 'better', passed: gain !== null && gain > 0, asked: 'better than the base', measured: percent(gain) },
    ...atLeast('minGainPercent', gates.minGainPercent, gain),
    ...atMost('maxContaminatedPercent', gates.maxContaminatedPercent, contaminated),
    ...atLeast('minWinPercent', gates.minWinPercent, figures.winShare.share),
    ...atLeast('minF1Percent', gates.minF1Percent, tuned.f1),
    ...atMost('maxCalibrationPercent', gates.maxCalibrationPercent, tuned.calibrationError),
  ];
}
