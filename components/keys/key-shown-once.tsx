'use client';

import { Button } from '#components/ui/button.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';

/** The new key with calls that work as they stand. */
export function KeyShownOnce({
  secret,
  appUrl,
  modelSlug,
  onDone,
}: {
  secret: string;
  appUrl: string;
  modelSlug: string | null;
  onDone: () => void;
}) {
  const model = modelSlug ?? 'name-of-a-model';
  return (
    <div className="flex flex-col gap-4">
      <CodeBlock label="API key" code={secret} />
      <CodeBlock label="curl" code={curlExample(appUrl, secret, model)} />
      <CodeBlock label="openai from npm" code={npmExample(appUrl, secret, model)} />
      <Button variant="primary" onClick={onDone} className="self-start">
        I have stored it
      </Button>
    </div>
  );
}

function curlExample(appUrl: string, key: string, model: string): string {
  return `curl ${appUrl}/api/v1/chat/completions \\
  -H "Authorization: Bearer ${key}" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "${model}", "messages": [{"role": "user", "content": "Hello"}]}'`;
}

function npmExample(appUrl: string, key: string, model: string): string {
  return `import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: '${appUrl}/api/v1',
  apiKey: '${key}',
});
const answer = await client.chat.completions.create({
  model: '${model}',
  messages: [{ role: 'user', content: 'Hello' }],
});
console.log(answer.choices[0].message.content);`;
}
