/** Where a snippet asks, with what, and whom. `key` may be a shell's or a program's way to name a variable. */
export type SnippetPlace = { appUrl: string; model: string };
export type Snippet = { label: 'curl' | 'TypeScript' | 'Python'; code: string };
export type SnippetGroup = { id: string; title: string; intro: string; snippets: Snippet[] };

/**
 * Calls that run as they stand once `OPENLEDGER_API_KEY` is set: the page shows them, and e2e/api.spec.ts runs each against the
 * installation that shows it.
 */
export function snippetGroups(place: SnippetPlace): SnippetGroup[] {
  return [
    {
      id: 'ask',
      title: 'Ask a model',
      intro: 'OpenAI’s chat completions. The answer has what it cost and where its receipt is.',
      snippets: [curlChat(place), typescriptChat(place), pythonChat(place)],
    },
    {
      id: 'stream',
      title: 'Stream, and see who earns',
      intro: 'With attribution the stream ends with the shares of those whose rows shaped the answer.',
      snippets: [curlStream(place), typescriptStream(place), pythonStream(place)],
    },
    {
      id: 'usage',
      title: 'What it cost',
      intro:
        'Your answers of the last days, by model and key, and what was spent in all; /usage/csv has one line a charge.',
      snippets: [curlUsage(place)],
    },
  ];
}

/** Takes minutes, so it stands apart: the journey of the API runs it through the client, not as a text. */
export function trainingSnippet({ appUrl }: SnippetPlace, baseModel: string): Snippet {
  return {
    label: 'TypeScript',
    code: `import { createReadStream } from 'node:fs';
import OpenAI from 'openai';

const client = new OpenAI({ baseURL: '${appUrl}/api/v1', apiKey: process.env.OPENLEDGER_API_KEY });
const file = await client.files.create({ file: createReadStream('rows.jsonl'), purpose: 'fine-tune' });
let job = await client.fineTuning.jobs.create({ model: '${baseModel}', training_file: file.id });
while (['queued', 'running'].includes(job.status)) {
  await new Promise((resolve) => setTimeout(resolve, 5000));
  job = await client.fineTuning.jobs.retrieve(job.id);
}
console.log(job.status, job.fine_tuned_model);`,
  };
}

const curlChat = ({ appUrl, model }: SnippetPlace): Snippet => ({
  label: 'curl',
  code: `curl -s ${appUrl}/api/v1/chat/completions \\
  -H "Authorization: Bearer $OPENLEDGER_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "${model}", "max_tokens": 24, "messages": [{"role": "user", "content": "Hello"}]}'`,
});

const typescriptChat = ({ appUrl, model }: SnippetPlace): Snippet => ({
  label: 'TypeScript',
  code: `import OpenAI from 'openai';

const client = new OpenAI({ baseURL: '${appUrl}/api/v1', apiKey: process.env.OPENLEDGER_API_KEY });
const answer = await client.chat.completions.create({
  model: '${model}',
  max_tokens: 24,
  messages: [{ role: 'user', content: 'Hello' }],
});
console.log(answer.choices[0].message.content);`,
});

const pythonChat = ({ appUrl, model }: SnippetPlace): Snippet => ({
  label: 'Python',
  code: `import os
from openai import OpenAI

client = OpenAI(base_url="${appUrl}/api/v1", api_key=os.environ["OPENLEDGER_API_KEY"])
answer = client.chat.completions.create(
    model="${model}",
    max_tokens=24,
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.choices[0].message.content)`,
});

const curlStream = ({ appUrl, model }: SnippetPlace): Snippet => ({
  label: 'curl',
  code: `curl -sN ${appUrl}/api/v1/chat/completions \\
  -H "Authorization: Bearer $OPENLEDGER_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "${model}", "max_tokens": 24, "stream": true, "attribution": "shares", "messages": [{"role": "user", "content": "Hello"}]}'`,
});

const typescriptStream = ({ appUrl, model }: SnippetPlace): Snippet => ({
  label: 'TypeScript',
  code: `import OpenAI from 'openai';

const client = new OpenAI({ baseURL: '${appUrl}/api/v1', apiKey: process.env.OPENLEDGER_API_KEY });
const stream = await client.chat.completions.create({
  model: '${model}',
  max_tokens: 24,
  stream: true,
  messages: [{ role: 'user', content: 'Hello' }],
  attribution: 'shares',
} as OpenAI.ChatCompletionCreateParamsStreaming);
for await (const chunk of stream) {
  process.stdout.write(chunk.choices[0]?.delta.content ?? '');
  const { attribution } = (chunk as { openledger?: { attribution?: unknown } }).openledger ?? {};
  if (attribution) console.log(attribution);
}`,
});

const pythonStream = ({ appUrl, model }: SnippetPlace): Snippet => ({
  label: 'Python',
  code: `import os
from openai import OpenAI

client = OpenAI(base_url="${appUrl}/api/v1", api_key=os.environ["OPENLEDGER_API_KEY"])
stream = client.chat.completions.create(
    model="${model}",
    max_tokens=24,
    stream=True,
    messages=[{"role": "user", "content": "Hello"}],
    extra_body={"attribution": "shares"},
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="")
    attribution = (getattr(chunk, "openledger", None) or {}).get("attribution")
    if attribution:
        print(attribution)`,
});

const curlUsage = ({ appUrl }: SnippetPlace): Snippet => ({
  label: 'curl',
  code: `curl -s "${appUrl}/api/v1/usage?days=30" -H "Authorization: Bearer $OPENLEDGER_API_KEY"`,
});
