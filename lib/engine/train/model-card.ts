import type { LlamaConfig } from '../nn/config.ts';
import { parameterCount } from '../nn/weights.ts';
import type { EvaluationPoint } from './pretrain.ts';
import type { PretrainingData } from './pretrain-data.ts';

export type ModelCardFacts = {
  name: string;
  config: LlamaConfig;
  statistics: PretrainingData['statistics'];
  steps: number;
  tokens: number;
  seconds: number;
  machine: string;
  history: readonly EvaluationPoint[];
  samples: readonly { prompt: string; text: string }[];
};

/** The README.md of a pre-trained base, in Hugging Face's model card form; every figure is a measured one. */
export function modelCard(facts: ModelCardFacts): string {
  const { config, statistics, history } = facts;
  const last = history.at(-1);
  const isUnfinished = facts.tokens < statistics.trainTokens / 4;
  return `---
language: en
library_name: transformers
pipeline_tag: text-generation
license: other
---

# ${facts.name}

A Llama of ${parameterCount(config).toLocaleString('en')} parameters, trained from scratch by this project (\`npm run pretrain\`).
It is small enough to fine-tune in minutes and to recompute every attribution; it is a base for LoRA adapters, not an assistant.
${isUnfinished ? '\n**Provisional:** a short run, to be replaced by a longer one.\n' : ''}
| | |
|---|---|
| layers, width, heads (key-value), feed-forward | ${config.num_hidden_layers}, ${config.hidden_size}, ${config.num_attention_heads} (${config.num_key_value_heads}), ${config.intermediate_size} |
| vocabulary, context | ${config.vocab_size} byte-level BPE, ${config.max_position_embeddings} tokens |
| tokens seen | ${facts.tokens.toLocaleString('en')} in ${facts.steps.toLocaleString('en')} steps (${(facts.tokens / statistics.trainTokens).toFixed(2)} passes over ${statistics.trainTokens.toLocaleString('en')}) |
| training time | ${Math.round(facts.seconds / 60)} min on ${facts.machine} |
| held-out loss | ${last ? `${last.heldOutLoss.toFixed(3)} nats a token (perplexity ${Math.exp(last.heldOutLoss).toFixed(1)})` : 'not measured'} |

## Data

English prose: documentation, public guidance, statutes and regulations, and books in the public domain.
Training saw windows of ${config.max_position_embeddings} tokens in seeded random order. ${((100 * statistics.chatTokens) / statistics.trainTokens).toFixed(0)} % of the tokens are conversations in the chat format, made by rule
from the same documents (a heading or title as the question, the paragraph below it as the answer), so that the chat tokens are trained.
Every 200th document was held out (${statistics.heldOutTokens.toLocaleString('en')} tokens). SHA-256 of the corpus file: \`${statistics.dataSha256}\`.

${licenseTable(statistics)}

Texts under CC BY 4.0 were changed: markup, code, tables and repeated paragraphs were removed. Sources of each licence, by number of characters:

${sourceList(statistics)}

## Held-out loss

| step | tokens | nats a token |
|---:|---:|---:|
${history.map((point) => `| ${point.step} | ${point.tokens.toLocaleString('en')} | ${point.heldOutLoss.toFixed(4)} |`).join('\n')}

The last row reads the whole held-out set, the others a fixed part of it.

## Limits

- English only, ${config.max_position_embeddings} tokens of context, and far too small to know facts: what it states is likely to be wrong.
- It reflects the views of its sources, among them nineteenth-century books.
- It was not aligned or filtered for safety, and follows instructions only after fine-tuning.

## Samples

Temperature 0.7, first draw of each, unedited.

${facts.samples.map(({ prompt, text }) => `**${prompt}**\n\n${quote(text)}`).join('\n\n')}
`;
}

function licenseTable({ sources }: PretrainingData['statistics']): string {
  const total = Object.values(sources).reduce((sum, source) => sum + source.characters, 0);
  const rows = byLicense(sources).map(([license, members]) => {
    const characters = members.reduce((sum, [, source]) => sum + source.characters, 0);
    const documents = members.reduce((sum, [, source]) => sum + source.documents, 0);
    return `| ${license} | ${members.length} | ${documents} | ${((100 * characters) / total).toFixed(1)} % |`;
  });
  return `| licence | sources | documents | share of characters |\n|---|---:|---:|---:|\n${rows.join('\n')}`;
}

function sourceList({ sources }: PretrainingData['statistics']): string {
  return byLicense(sources)
    .map(([license, members]) => `- ${license}: ${members.map(([name]) => name).join(', ')}`)
    .join('\n');
}

type Source = PretrainingData['statistics']['sources'][string];

function byLicense(sources: Readonly<Record<string, Source>>): [string, [string, Source][]][] {
  const groups = new Map<string, [string, Source][]>();
  for (const entry of Object.entries(sources).sort(([, a], [, b]) => b.characters - a.characters)) {
    groups.set(entry[1].license, [...(groups.get(entry[1].license) ?? []), entry]);
  }
  return [...groups];
}

function quote(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
}
