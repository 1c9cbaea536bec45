import { eq } from 'drizzle-orm';
import { adapters } from '#db/schema/models.ts';
import { GenerationEngine } from '#lib/engine/serving/generation-engine.ts';
import type { GenerateRequest } from '#lib/engine/serving/types.ts';
import { evaluateAdapter as measureAdapter, type NextTokenProbe } from '#lib/engine/train/evaluate-adapter.ts';
import { chooseRows } from '#lib/engine/train/prepare-examples.ts';
import { completeRecipe, type Recipe } from '#lib/engine/train/recipe.ts';
import { evaluateAdapter } from '#lib/evaluation/evaluate-adapter.ts';
import type { EvaluatedRow, EvaluationEngine, MeasuredRow, Probe } from '#lib/evaluation/types.ts';
import type { Jobs } from '#lib/platform/queue/job-queue.ts';
import type { WorkerDeps } from '../deps.ts';
import { withAdapter } from './with-adapter.ts';

/** Rows that both are asked to answer, words an answer may have, and places in a row where the next token is asked for. */
const answeredRows = 24;
const answerTokens = 48;
const probesARow = 4;
const probesMax = 240;

/** Measures one adapter beside its base; the use case says what becomes of it. */
export async function evaluateAdapterJob(
  deps: WorkerDeps,
  { evaluationId }: Jobs['evaluate-adapter'],
  signal: AbortSignal,
): Promise<void> {
  await evaluateAdapter(deps, evaluationEngine(deps), evaluationId, signal);
}

/** lib/engine as `evaluateAdapter` wants it: losses in a thread of their own, answers from a generation engine of their own. */
export function evaluationEngine(deps: Pick<WorkerDeps, 'db' | 'store' | 'env'>): EvaluationEngine {
  return async ({ adapterId, rows, signal }) => {
    const recipe = await readRecipe(deps, adapterId);
    // Of many sealed rows the trainer measured some; these are the same.
    const chosen = chooseRows(rows, recipe.evalRows, recipe.key);
    return withAdapter(deps, adapterId, async ({ modelDir, dir }) => {
      const known = chosen.filter((row) => row.answer !== null);
      const threads = deps.env.ENGINE_THREADS;
      const measured =
        known.length > 0
          ? await measureAdapter({ modelDir, adapterDir: dir, rows: known.map(toExample), recipe, probesARow, threads })
          : { rows: [], probes: [], sealedSha256: null };
      signal.throwIfAborted();
      const engine = await GenerationEngine.open({ modelDir, threads });
      try {
        const asker = new Asker(engine, { id: adapterId, dir }, signal);
        const answers = await asker.answer(chosen.filter(({ question }) => question !== '').slice(0, answeredRows));
        const probes = await asker.probe(measured.probes.slice(0, probesMax));
        const losses = new Map(measured.rows.map((row) => [row.id, row]));
        const results = chosen.flatMap(({ id }): MeasuredRow[] => {
          const loss = losses.get(id);
          const said = answers.get(id);
          if (!loss && !said) return [];
          const { tokens = 0, baseLoss = null, tunedLoss = null } = loss ?? {};
          return [
            { id, tokens, baseLoss, tunedLoss, baseAnswer: said?.base ?? null, tunedAnswer: said?.tuned ?? null },
          ];
        });
        return { rows: results, probes, sealedSha256: measured.sealedSha256 };
      } finally {
        await engine.close();
      }
    });
  };
}

function toExample({ id, question, answer }: EvaluatedRow) {
  const said = { role: 'assistant' as const, content: answer ?? '' };
  return { id, messages: question === '' ? [said] : [{ role: 'user' as const, content: question }, said] };
}

async function readRecipe(deps: Pick<WorkerDeps, 'db'>, adapterId: string): Promise<Recipe & { key: string }> {
  const [adapter] = await deps.db.select().from(adapters).where(eq(adapters.id, adapterId));
  const { recipe, datasetRoot } = adapter!.manifest as { recipe: Recipe; datasetRoot: string };
  return { ...completeRecipe(recipe), key: `${datasetRoot}|${recipe.seed}` };
}

type Asked = Pick<GenerateRequest, 'messages' | 'promptIds' | 'maxTokens'>;

/** Asks base and adapter the same, greedily; the engine batches what is under way together. */
class Asker {
  private readonly engine: GenerationEngine;
  private readonly adapter: { id: string; dir: string };
  private readonly signal: AbortSignal;

  constructor(engine: GenerationEngine, adapter: { id: string; dir: string }, signal: AbortSignal) {
    this.engine = engine;
    this.adapter = adapter;
    this.signal = signal;
  }

  async answer(rows: readonly EvaluatedRow[]): Promise<Map<string, { base: string; tuned: string }>> {
    const answers = await inGroups(rows, async ({ id, question }) => {
      const asked = { messages: [{ role: 'user' as const, content: question }], maxTokens: answerTokens };
      const [base, tuned] = await Promise.all([this.ask(asked, false), this.ask(asked, true)]);
      return [id, { base: base.text, tuned: tuned.text }] as const;
    });
    return new Map(answers);
  }

  async probe(probes: readonly NextTokenProbe[]): Promise<{ base: Probe[]; tuned: Probe[] }> {
    const both = await inGroups(probes, async ({ promptIds, expected }) => {
      const asked = { messages: [], promptIds, maxTokens: 1 };
      const [base, tuned] = await Promise.all([this.ask(asked, false), this.ask(asked, true)]);
      const judge = ({ tokenId, logprob }: typeof base): Probe => ({
        isRight: tokenId === expected,
        confidence: Math.exp(logprob),
      });
      return { base: judge(base), tuned: judge(tuned) };
    });
    return { base: both.map(({ base }) => base), tuned: both.map(({ tuned }) => tuned) };
  }

  private async ask(asked: Asked, withAdapter: boolean) {
    this.signal.throwIfAborted();
    const request = { ...asked, temperature: 0, topP: 1, signal: this.signal };
    let [text, tokenId, logprob] = ['', -1, Number.NEGATIVE_INFINITY];
    for await (const event of this.engine.generate(withAdapter ? { ...request, adapter: this.adapter } : request)) {
      if (event.type !== 'token') continue;
      text += event.text;
      if (tokenId < 0) [tokenId, logprob] = [event.tokenId, event.logprob];
    }
    return { text: text.trim(), tokenId, logprob };
  }
}

/** As many at once as the engine decodes together, each asking twice. */
const together = 4;

async function inGroups<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < items.length; i += together)
    results.push(...(await Promise.all(items.slice(i, i + together).map(run))));
  return results;
}
