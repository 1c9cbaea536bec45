/** Of one adapter's newest answers, at most 200 since the process started. Milliseconds; null before the first answer. */
export type AdapterTiming = {
  answers: number;
  /** From the request's arrival here to its first token, a fetch from the object store included. */
  firstTokenP50Ms: number | null;
  firstTokenP95Ms: number | null;
  /** Tokens an answer gained a second once it had begun, the median; null where no answer had two tokens. */
  tokensPerSecond: number | null;
};

type Answer = { firstTokenMs: number; tokensPerSecond: number | null };

const keptAnswers = 200;
const keptAdapters = 1_000;

/** How fast each adapter answers, measured where it is served. The adapter that was asked for longest ago is forgotten first. */
export class AdapterTimings {
  private readonly kept = new Map<string, Answer[]>();

  /** @param tokens of the whole answer; `lastTokenMs` since the request's arrival, as `firstTokenMs` */
  observe(adapterId: string, { firstTokenMs, lastTokenMs, tokens }: Observed): void {
    const answers = this.kept.get(adapterId) ?? [];
    this.kept.delete(adapterId);
    this.kept.set(adapterId, answers);
    const seconds = (lastTokenMs - firstTokenMs) / 1000;
    answers.push({ firstTokenMs, tokensPerSecond: tokens > 1 && seconds > 0 ? (tokens - 1) / seconds : null });
    if (answers.length > keptAnswers) answers.shift();
    const [oldest] = this.kept.keys();
    if (this.kept.size > keptAdapters) this.kept.delete(oldest!);
  }

  of(adapterId: string): AdapterTiming {
    const answers = this.kept.get(adapterId) ?? [];
    const first = answers.map(({ firstTokenMs }) => firstTokenMs);
    const rates = answers.flatMap(({ tokensPerSecond }) => tokensPerSecond ?? []);
    return {
      answers: answers.length,
      ...{ firstTokenP50Ms: quantile(first, 0.5), firstTokenP95Ms: quantile(first, 0.95) },
      tokensPerSecond: quantile(rates, 0.5),
    };
  }
}

export type Observed = { firstTokenMs: number; lastTokenMs: number; tokens: number };

/** The value that `part` of all do not exceed (nearest rank); null of none. */
function quantile(values: readonly number[], part: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? null;
}
