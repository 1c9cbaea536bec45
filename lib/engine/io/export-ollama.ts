import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokenizer } from '../tokenizer/tokenizer.ts';
import { chatPieces } from './gguf/chat-pieces.ts';
import { exportAdapterGguf } from './gguf/export-adapter-gguf.ts';
import { exportModelGguf } from './gguf/export-model-gguf.ts';
import { ollamaModelfile } from './gguf/ollama-modelfile.ts';
import type { GgufDtype } from './gguf/write-gguf.ts';
import { type ModelTensors, openModelTensors } from './model-tensors.ts';
import { readAdapter } from './peft.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

/** Files that `exportOllama` writes. */
export const ollamaFiles = { base: 'base.gguf', adapter: 'adapter.gguf', modelfile: 'Modelfile' } as const;

/**
 * Writes base and adapter as GGUF with an Ollama Modelfile that joins them: `ollama create <name> -f Modelfile`, or
 * `llama-server -m base.gguf --lora adapter.gguf`.
 *
 * @param dtype of the base's matrices; by default F16 where the checkpoint is, which is exact, and F32 otherwise
 * @throws the errors of `openModelTensors`, `readAdapter`; GgufExportError
 */
export async function exportOllama(
  modelDir: string,
  adapterDir: string | null,
  outDir: string,
  { dtype }: { dtype?: GgufDtype } = {},
): Promise<void> {
  const tensors = await openModelTensors(modelDir);
  try {
    const { config } = tensors;
    const adapter = adapterDir === null ? null : await readAdapter(adapterDir, config);
    await mkdir(outDir, { recursive: true });
    const outFile = join(outDir, ollamaFiles.base);
    await exportModelGguf({ tensors, modelDir, outFile, dtype: dtype ?? exactDtype(tensors) });
    if (adapter) await exportAdapterGguf(adapter, config, join(outDir, ollamaFiles.adapter));
    const tokenizer = await Tokenizer.load(modelDir);
    const modelfile = ollamaModelfile({
      baseFile: ollamaFiles.base,
      adapterFile: adapter && ollamaFiles.adapter,
      contextTokens: config.max_position_embeddings,
      pieces: chatPieces(tokenizer),
      stops: tokenizer.eosTokenIds.flatMap((id) => tokenizer.tokenOf(id) ?? []),
    });
    await writeFileAtomically(join(outDir, ollamaFiles.modelfile), [Buffer.from(modelfile)]);
  } finally {
    await tensors.close();
  }
}

function exactDtype({ specs, dtypeOf }: ModelTensors): GgufDtype {
  return specs.every(({ name }) => dtypeOf(name) === 'F16') ? 'F16' : 'F32';
}
