import { readAdapter } from '#lib/engine/io/peft.ts';
import { renderChat, renderText, stopIds } from '#lib/engine/tokenizer/chat.ts';
import type { BaseModel } from '#lib/engine/train/base-model.ts';
import { createSampler } from '#lib/engine/train/generate.ts';
import type { TrainingExample } from '#lib/engine/train/prepare-examples.ts';

/** Greedy continuations of held-out rows by the base, or by the base with the adapter in `adapterDir`. */
export async function sample(
  base: BaseModel,
  adapterDir: string | null,
  rows: readonly TrainingExample[],
): Promise<{ prompt: string; text: string }[]> {
  const adapter = adapterDir === null ? null : await readAdapter(adapterDir, base.config);
  const sampler = await createSampler(base.config, adapter?.layout ?? null, 1);
  const request = { maxTokens: 64, temperature: 0, stopIds: stopIds(base.tokenizer), seed: '' };
  const samples = [];
  for (const row of rows) {
    const { prompt, promptIds } = promptOf(base, row);
    const ids = await sampler.continue(base.weights, adapter?.theta ?? null, { ...request, promptIds });
    samples.push({ prompt, text: base.tokenizer.decode(ids) });
  }
  await sampler.release();
  return samples;
}

/** The question of a conversation; the first words of a text. */
function promptOf({ tokenizer }: BaseModel, row: TrainingExample): { prompt: string; promptIds: number[] } {
  if ('text' in row) {
    const prompt = row.text.split(/\s+/).slice(0, 12).join(' ');
    return { prompt, promptIds: renderText(tokenizer, prompt).ids.slice(0, -1) };
  }
  const [question] = row.messages;
  const { ids } = renderChat(tokenizer, [question!], { addGenerationPrompt: true });
  return { prompt: question!.content, promptIds: ids };
}
