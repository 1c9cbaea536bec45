import { describe, expect, it } from 'vitest';
import { chatTemplate } from '../../tokenizer/chat-format.ts';
import { ChatTemplate } from '../../tokenizer/chat-template.ts';
import { chatMl, llama3, mistral } from '../../tokenizer/test-support/chat-templates.ts';
import { type ChatTokenizer, chatPieces, renderPieces } from './chat-pieces.ts';
import { ollamaModelfile } from './ollama-modelfile.ts';

const tokenizerWith = (source: string): ChatTokenizer => ({
  chatFormat: 'template',
  chatTemplate: new ChatTemplate(source),
  bosToken: '<s>',
  eosToken: '</s>',
  addsBos: true,
});

describe('chatPieces', () => {
  it('takes our own template apart', () => {
    expect(chatPieces(tokenizerWith(chatTemplate))).toEqual({
      start: '',
      around: {
        system: { before: '<|system|>\n', after: '<|end|>\n' },
        user: { before: '<|user|>\n', after: '<|end|>\n' },
        assistant: { before: '<|assistant|>\n', after: '<|end|>\n' },
      },
      generationPrompt: '<|assistant|>\n',
      defaultSystem: null,
    });
  });

  it('finds the system message that ChatML models say by themselves', () => {
    const pieces = chatPieces(tokenizerWith(chatMl))!;
    expect(pieces).toMatchObject({ defaultSystem: 'Be helpful.', generationPrompt: '<|im_start|>assistant\n' });
    expect(renderPieces(pieces, [{ role: 'user', content: 'Hi' }], true)).toBe(
      '<|im_start|>system\nBe helpful.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
    );
  });

  it("takes Llama 3's headers apart", () => {
    expect(chatPieces(tokenizerWith(llama3))).toMatchObject({
      around: { user: { before: '<|start_header_id|>user<|end_header_id|>\n\n', after: '<|eot_id|>' } },
      generationPrompt: '<|start_header_id|>assistant<|end_header_id|>\n\n',
      defaultSystem: null,
    });
  });

  it.each([
    [true, ''],
    [false, '<s>'],
  ])('leaves a bos token in front to llama.cpp where it adds one (%s)', (addsBos, start) => {
    const pieces = chatPieces({ ...tokenizerWith(`{{ bos_token }}${chatTemplate}`), addsBos });
    expect(pieces).toMatchObject({ start, around: { system: { before: '<|system|>\n' } } });
  });

  it.each([
    [
      'joins system and user',
      "{% for m in messages %}{% if m.role == 'user' %}[INST]{{ m.content }}[/INST]{% endif %}{% endfor %}",
    ],
    ['lets roles alternate', mistral],
    ['counts messages', '{% for m in messages %}{{ loop.index }}{{ m.role }}:{{ m.content }}\n{% endfor %}'],
    ['refuses a system', "{{ raise_exception('no system') }}"],
    ['writes nothing', ''],
  ])('gives up on a template that %s', (_, source) => {
    expect(chatPieces(tokenizerWith(source))).toBeNull();
  });
});

describe('ollamaModelfile', () => {
  it('says the chat format as a Go template with quoted literals', () => {
    const input = { baseFile: 'base.gguf', adapterFile: 'adapter.gguf', stops: ['<|endoftext|>'], contextTokens: 256 };
    const pieces = chatPieces(tokenizerWith(chatTemplate));
    expect(ollamaModelfile({ ...input, pieces })).toBe(
      [
        'FROM ./base.gguf',
        'ADAPTER ./adapter.gguf',
        'TEMPLATE """{{ range .Messages }}' +
          '{{ if eq .Role "system" }}{{ "<|system|>\\n" }}{{ .Content }}{{ "<|end|>\\n" }}' +
          '{{ else if eq .Role "user" }}{{ "<|user|>\\n" }}{{ .Content }}{{ "<|end|>\\n" }}' +
          '{{ else if eq .Role "assistant" }}{{ "<|assistant|>\\n" }}{{ .Content }}{{ "<|end|>\\n" }}' +
          '{{ end }}{{ end }}{{ "<|assistant|>\\n" }}"""',
        'PARAMETER stop "<|end|>"',
        'PARAMETER stop "<|endoftext|>"',
        'PARAMETER num_ctx 256',
        '',
      ].join('\n'),
    );
    const merged = ollamaModelfile({ ...input, adapterFile: null, pieces: null });
    expect(merged).not.toMatch(/ADAPTER|TEMPLATE/);
  });
});
