import type { RunStatus } from '#db/schema/models.ts';
import type { TrainingRecipe } from '#lib/model-factory/schema.ts';
import type { Hyperparameters } from './types.ts';

/** OpenAI's states of a job where they are named otherwise than those of its run. */
const statusOfRun: Partial<Record<RunStatus, string>> = {
  stopping: 'running',
  stopped: 'paused',
  cancelling: 'cancelled', // it ends within a step, and nothing goes on from it
};

export function jobStatusOf(status: RunStatus): string {
  return statusOfRun[status] ?? status;
}

/** What OpenAI's hyperparameters mean here; `auto` leaves the preset as it is. Never a learning rate beyond what the trainer takes. */
export function recipeOf(preset: TrainingRecipe, chosen: Hyperparameters, seed: number): TrainingRecipe {
  const { n_epochs, batch_size, learning_rate_multiplier } = chosen;
  const factor = learning_rate_multiplier === 'auto' ? 1 : learning_rate_multiplier;
  return {
    ...preset,
    seed,
    learningRate: Math.min(0.05, Math.max(1e-6, preset.learningRate * factor)),
    ...(n_epochs !== 'auto' && { epochs: n_epochs }),
    ...(batch_size !== 'auto' && { batchSize: batch_size }),
  };
}
