import type { Deps } from '#lib/platform/deps.ts';
import type { EstimateRunInput } from './schema.ts';
import type { TrainingCheck } from './types.ts';

const timeoutMs = 20_000;

/**
 * The trainer's own look at a version (worker/serve/check-training.ts), or null when the serve process does not answer: an
 * estimate is then made from characters, and says so. Whoever calls has asked whether the rows may be read.
 */
export async function findTrainingCheck(
  deps: Pick<Deps, 'env' | 'log'>,
  input: EstimateRunInput,
): Promise<TrainingCheck | null> {
  const { versionId, parts, baseModel, recipe } = input;
  try {
    const response = await fetch(`${deps.env.SERVE_URL}/training-check`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${deps.env.INTERNAL_TOKEN}` },
      body: JSON.stringify({ versionId, parts, baseModel, recipe }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.ok) return (await response.json()) as TrainingCheck;
    deps.log.warn({ status: response.status, versionId }, 'a training could not be checked');
  } catch (err) {
    deps.log.warn({ err, versionId }, 'a training could not be checked');
  }
  return null;
}
