import type { Actor } from '#lib/platform/deps.ts';
import { createMix } from './create-mix.ts';
import type { LaunchRunInput } from './schema.ts';
import { type StartDeps, startTrainingRun } from './start-training-run.ts';

/**
 * Launches what the wizard shows: a run on one version, or on several with weights, which become a mix first. Both may be repeated: the same
 * parts are the same mix, the same key the same run. Throws as `createMix` and `startTrainingRun` do; a mix whose run was refused stays and
 * does no harm.
 */
export async function launchRun(
  deps: StartDeps,
  actor: Actor,
  { parts, ...input }: LaunchRunInput,
): Promise<{ runId: string }> {
  if (!parts) return startTrainingRun(deps, actor, input);
  const { versionId } = await createMix(deps, actor, { parts });
  return startTrainingRun(deps, actor, { ...input, versionId });
}
