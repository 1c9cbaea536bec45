import { describe, expect, it } from 'vitest';
import { chatCompletionSchema } from './schema.ts';

const base = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
const parse = (more: object) => chatCompletionSchema.parse({ ...base, ...more });
const refusal = (more: object) => {
  const result = chatCompletionSchema.safeParse({ ...base, ...more });
  if (result.success) return null;
  const [issue] = result.error.issues;
  return { field: issue!.path.join('.'), message: issue!.message };
};

describe('chatCompletionSchema', () => {
  it('has OpenAI defaults where nothing or null is given', () => {
    const nothing = { temperature: 0.7, top_p: 0.95, stream: false };
    expect(parse({})).toMatchObject(nothing);
    const nulls = [
      'temperature',
      'top_p',
      'top_k',
      'seed',
      'stop',
      'stream',
      'logprobs',
      'max_tokens',
      'n',
      'retrieval',
    ];
    expect(parse(Object.fromEntries(nulls.map((name) => [name, null])))).toMatchObject(nothing);
  });

  it('takes every field that the engine knows', () => {
    const all = {
      ...{ temperature: 2, top_p: 1, top_k: 40, repetition_penalty: 1.2, presence_penalty: -2, frequency_penalty: 2 },
      ...{ seed: -7, logprobs: true, top_logprobs: 20, max_completion_tokens: 4096, n: 1 },
      ...{ stream: true, stream_options: { include_usage: true }, response_format: { type: 'text' } },
      retrieval: { rows: 4 },
    };
    expect(parse({ ...all, stop: 'END' })).toMatchObject({ ...all, stop: ['END'] });
    expect(parse({ top_k: -1 }).top_k).toBe(0);
  });

  it.each<[object, string]>([
    [{ temperature: 2.1 }, 'temperature'],
    [{ temperature: Number.NaN }, 'temperature'],
    [{ top_p: 0 }, 'top_p'],
    [{ top_k: -2 }, 'top_k'],
    [{ top_k: 1.5 }, 'top_k'],
    [{ repetition_penalty: 0 }, 'repetition_penalty'],
    [{ presence_penalty: 2.5 }, 'presence_penalty'],
    [{ frequency_penalty: '1' }, 'frequency_penalty'],
    [{ seed: 1.5 }, 'seed'],
    [{ stop: ['a', 'b', 'c', 'd', 'e'] }, 'stop'],
    [{ stop: '' }, 'stop'],
    [{ n: 9 }, 'n'],
    [{ n: 0 }, 'n'],
    [{ attribution: 'all' }, 'attribution'],
    [{ max_tokens: 0 }, 'max_tokens'],
    [{ max_tokens: 5000 }, 'max_tokens'],
    [{ max_tokens: 5, max_completion_tokens: 5 }, 'max_tokens'],
    [{ top_logprobs: 3 }, 'top_logprobs'],
    [{ logprobs: true, top_logprobs: 21 }, 'top_logprobs'],
    [{ stream_options: { include_usage: true } }, 'stream_options'],
    [{ response_format: { type: 'json_object' } }, 'response_format.type'],
    [{ messages: [{ role: 'tool', content: 'x' }] }, 'messages.0.role'],
    [{ messages: [] }, 'messages'],
    [{ retrieval: true }, 'retrieval'],
    [{ retrieval: {} }, 'retrieval.rows'],
    [{ retrieval: { rows: 0 } }, 'retrieval.rows'],
    [{ retrieval: { rows: 5 } }, 'retrieval.rows'],
    [{ retrieval: { rows: 1.5 } }, 'retrieval.rows'],
    [{ retrieval: { rows: 2, query: 'x' } }, 'retrieval'],
  ])('refuses %j by its field', (more, field) => {
    expect(refusal(more)?.field).toBe(field);
  });

  it.each(['tools', 'logit_bias', 'user', 'functions', 'max_token'])('refuses %s, which would be ignored', (name) => {
    const result = chatCompletionSchema.safeParse({ ...base, [name]: {} });
    expect(result.error?.issues[0]).toMatchObject({ code: 'unrecognized_keys', keys: [name] });
  });

  it('takes the message of an answer back, and refuses what is more', () => {
    const answer = { role: 'assistant', content: 'hello', refusal: null, annotations: [] };
    const { messages } = parse({ messages: [...base.messages, answer, { role: 'developer', content: 'be brief' }] });
    expect(messages.slice(1)).toEqual([
      { role: 'assistant', content: 'hello' },
      { role: 'system', content: 'be brief' },
    ]);
    expect(refusal({ messages: [{ role: 'user', content: 'hi', name: 'x' }] })?.field).toBe('messages.0');
    expect(refusal({ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] })).not.toBeNull();
  });
});
