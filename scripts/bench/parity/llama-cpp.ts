import { importPeer } from '../peer.ts';

const version = '3.22.1';

/** The parts of node-llama-cpp that the benchmarks use. */
type Peer = { getLlama(options: object): Promise<PeerRuntime> };
type PeerRuntime = { loadModel(options: { modelPath: string }): Promise<PeerModel> };
export type PeerModel = {
  tokenize(text: string, specialTokens: boolean): readonly number[];
  createContext(options: object): Promise<{ getSequence(): PeerSequence; dispose(): Promise<void> }>;
  dispose(): Promise<void>;
};
export type PeerSequence = {
  evaluate(tokens: readonly number[], options: object): AsyncGenerator<number>;
  controlledEvaluate(tokens: readonly [number, object][]): Promise<{ next: { logits: Map<number, number> } }[]>;
  clearHistory(): Promise<void>;
};

/** One model, with or without an adapter, in llama.cpp: float32 cache, no flash attention, so that it computes what we do. */
export type LlamaCppModel = {
  /** Ids of plain text by the tokenizer in the GGUF file. */
  tokenize(text: string): number[];
  /** `count` most probable continuations, one after the other, end tokens included. */
  greedy(promptIds: readonly number[], count: number): Promise<number[]>;
  /** Logits [T][V] after each of the ids. */
  logits(ids: readonly number[]): Promise<Float32Array[]>;
  close(): Promise<void>;
};

/** Installs node-llama-cpp with the binary of this platform and loads a GGUF file, for `threads` threads of the CPU. */
export async function loadPeerModel(modelPath: string, threads: number): Promise<PeerModel> {
  runtime ??= startRuntime(threads);
  const llama = await runtime;
  return llama.loadModel({ modelPath });
}

/** A GGUF file with one context, as `LlamaCppModel` says. */
export async function openLlamaCpp(options: {
  modelPath: string;
  adapterPath: string | null;
  contextTokens: number;
  threads: number;
}): Promise<LlamaCppModel> {
  const { modelPath, adapterPath, contextTokens, threads } = options;
  const model = await loadPeerModel(modelPath, threads);
  const context = await model.createContext({
    contextSize: contextTokens,
    batchSize: contextTokens,
    threads,
    flashAttention: false,
    experimentalKvCacheKeyType: 'F32',
    experimentalKvCacheValueType: 'F32',
    ...(adapterPath === null ? {} : { lora: { adapters: [{ filePath: adapterPath, scale: 1 }] } }),
  });
  const sequence = context.getSequence();
  return {
    tokenize: (text) => [...model.tokenize(text, false)],
    async greedy(promptIds, count) {
      await sequence.clearHistory();
      const ids: number[] = [];
      for await (const id of sequence.evaluate(promptIds, { temperature: 0, yieldEogToken: true })) {
        ids.push(id);
        if (ids.length === count) break;
      }
      return ids;
    },
    async logits(ids) {
      await sequence.clearHistory();
      const outputs = await sequence.controlledEvaluate(ids.map((id) => [id, { generateNext: { logits: true } }]));
      return outputs.map(({ next }) => {
        const row = new Float32Array(next.logits.size);
        for (const [id, logit] of next.logits) row[id] = logit;
        return row;
      });
    },
    async close() {
      await context.dispose();
      await model.dispose();
    },
  };
}

let runtime: Promise<PeerRuntime> | null = null;

/** One in a process, whatever number of models it loads. */
async function startRuntime(threads: number): Promise<PeerRuntime> {
  const peer = await importPeer<Peer>([`node-llama-cpp@${version}`, `@node-llama-cpp/${binaryName()}@${version}`]);
  return peer.getLlama({ build: 'never', gpu: false, maxThreads: threads, logLevel: 'error' });
}

function binaryName(): string {
  const systems: Readonly<Record<string, string>> = { linux: 'linux', win32: 'win', darwin: 'mac' };
  const metal = process.platform === 'darwin' && process.arch === 'arm64' ? '-metal' : '';
  return `${systems[process.platform] ?? process.platform}-${process.arch}${metal}`;
}
