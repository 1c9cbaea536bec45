import { join } from 'node:path';
import { AttributionEngine } from '#lib/engine/attribution/attribution-engine.ts';
import { Tokenizer } from '#lib/engine/tokenizer/tokenizer.ts';
import { conversationsOf } from '#lib/kernel/prompt-with-rows.ts';
import type { Recomputation } from '#lib/kernel/verification/receipt-evidence.ts';
import { hashFile } from '#lib/platform/file-source.ts';

export type RecomputationPlace = { modelDir: string; adapterDir: string; indexFile: string };

/** A gradient is one thread's work by definition: with more, the runtime's sums may come in another order. */
const threads = 1;

/** The engine as a verifier asks it, with a thread of its own, which starts when it is needed. `close` ends it. */
export function openRecomputation(place: RecomputationPlace): Recomputation & { close(): Promise<void> } {
  const { modelDir, adapterDir, indexFile } = place;
  let engine: AttributionEngine | null = null;
  let tokenizer: Promise<Tokenizer> | null = null;
  return {
    adapterSha256: () => hashFile(join(adapterDir, 'adapter_model.safetensors')),
    async decode(ids) {
      tokenizer ??= Tokenizer.load(modelDir);
      return (await tokenizer).decode(ids);
    },
    async queryCodes({ promptIds, completionIds }) {
      engine ??= AttributionEngine.open({ threads });
      const { queryCodes } = await engine.queryCodes({ modelDir, adapterDir, indexFile, promptIds, completionIds });
      return queryCodes;
    },
    async subsetValues({ messages, passages, promptIds, completionIds }) {
      engine ??= AttributionEngine.open({ threads });
      const conversations = conversationsOf(messages, passages);
      return engine.subsetValues({ modelDir, adapterDir, conversations, promptIds, completionIds });
    },
    async close() {
      await engine?.close();
    },
  };
}
