import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTinyAdapter } from '../../io/test-support/tiny-adapter.ts';
import { createTinyModel } from '../../io/test-support/tiny-model.ts';
import { SessionCache } from '../../runtime/session-cache.ts';
import { type ChatMessage, renderChat } from '../../tokenizer/chat.ts';
import { loadBaseModel } from '../../train/base-model.ts';
import { toMicroBatch } from '../../train/batches.ts';
import { createStepEngine } from '../../train/create-step-engine.ts';
import { AttributionEngine } from '../attribution-engine.ts';
import { type AdaptedModel, baseLosses, loadAdaptedModel } from '../gradient-source.ts';
import { prepareAnswer } from '../query-codes.ts';
import { subsetMethod } from './subset-values.ts';

const question: ChatMessage = { role: 'user', content: 'what colour is the river?' };
const rows = ['the river is blue', 'the dog ran'];
/** As lib/kernel/prompt-with-rows.ts orders them: bit i of the subset is row i. */
const conversations = [0, 1, 2, 3].map((subset): ChatMessage[] => {
  const content = rows.filter((_, i) => subset & (1 << i)).join(' ');
  return content === '' ? [question] : [{ role: 'system', content }, question];
});

let root = '';
let place: { modelDir: string; adapterDir: string };
let model: AdaptedModel;
let engine: AttributionEngine;
let completionIds: number[];
let promptIds: number[];
const sessions = new SessionCache(8, { threads: 1 });

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'subset-values-'));
  place = { modelDir: await createTinyModel(join(root, 'model')), adapterDir: join(root, 'adapter') };
  await createTinyAdapter(place.adapterDir, 'a');
  model = await loadAdaptedModel(await loadBaseModel(place.modelDir), place.adapterDir);
  const { tokenizer } = model.base;
  completionIds = [...tokenizer.encode('it is blue'), tokenizer.idOf('<|end|>')!];
  promptIds = renderChat(tokenizer, conversations.at(-1)!, { addGenerationPrompt: true }).ids;
  engine = AttributionEngine.open();
});
afterAll(async () => {
  await engine.close();
  await sessions.release();
  await rm(root, { recursive: true });
});

/** One conversation alone, by the graph of gradients: another path to the same number. In nats. */
async function valueAlone(conversation: ChatMessage[], isBare = false): Promise<number> {
  const { ids } = renderChat(model.base.tokenizer, conversation, { addGenerationPrompt: true });
  const example = prepareAnswer({ promptIds: ids, completionIds }, 96);
  const { base, adapter } = model;
  const engine = createStepEngine({ base, layout: adapter.layout, sessions });
  const batch = toMicroBatch([example], { rows: [0], time: example.ids.length }, 1, 1);
  const losses = isBare
    ? await baseLosses(model, sessions, example)
    : (await engine.exampleGradients(adapter.theta, batch, 'B')).losses;
  return -losses.subarray(0, example.ids.length).reduce((sum, loss) => sum + loss, 0);
}

describe('subsetValues', () => {
  it('is the log probability of the answer after each conversation, and of the bare base after the first', async () => {
    const { method, microNats, baseMicroNats } = await engine.subsetValues({
      ...{ ...place, conversations, promptIds, completionIds },
    });
    expect(method).toBe(subsetMethod);
    const alone: number[] = [];
    for (const conversation of conversations) alone.push(await valueAlone(conversation));
    expect(microNats.length).toBe(4);
    for (const [i, value] of microNats.entries()) {
      expect(Number.isSafeInteger(value)).toBe(true);
      expect(value / 1e6).toBeCloseTo(alone[i]!, 3);
    }
    expect(new Set(microNats).size).toBe(4);
    expect(baseMicroNats / 1e6).toBeCloseTo(await valueAlone(conversations[0]!, true), 3);
    expect(Math.abs(baseMicroNats - microNats[0]!)).toBeGreaterThan(10_000);
  });

  it('gives the same bits again, also after other shapes went through', async () => {
    const input = { ...place, conversations, promptIds, completionIds };
    const first = await engine.subsetValues(input);
    const shorter = { ...input, conversations: conversations.slice(0, 1) };
    const { ids } = renderChat(model.base.tokenizer, [question], { addGenerationPrompt: true });
    const none = await engine.subsetValues({ ...shorter, promptIds: ids });
    expect(none.microNats).toHaveLength(1);
    expect(await engine.subsetValues(input)).toEqual(first);
  });

  it('refuses rows that do not make the prompt, and what does not fit into the context', async () => {
    const input = { ...place, conversations, promptIds: promptIds.slice(1), completionIds };
    await expect(engine.subsetValues(input)).rejects.toMatchObject({ code: 'attribution_query_invalid' });
    const tooLong = { ...input, promptIds, completionIds: new Array<number>(90).fill(7) };
    await expect(engine.subsetValues(tooLong)).rejects.toMatchObject({ code: 'attribution_query_invalid' });
  });
});
