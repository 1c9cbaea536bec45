import { CodeBlock } from '#components/ui/code-block.tsx';

/** How to ask the model from elsewhere: curl, and OpenAI's own npm client. */
export function ModelCode({ slug, appUrl }: { slug: string; appUrl: string }) {
  const curl = `curl ${appUrl}/api/v1/chat/completions \\
  -H "Authorization: Bearer $OPENLEDGER_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "model": "${slug}",
    "messages": [{ "role": "user", "content": "Your question" }],
    "max_tokens": 120
  }'`;
  const npm = `import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: '${appUrl}/api/v1',
  apiKey: process.env.OPENLEDGER_KEY,
});
const answer = await client.chat.completions.create({
  model: '${slug}',
  messages: [{ role: 'user', content: 'Your question' }],
  max_tokens: 120,
});
console.log(answer.choices[0].message.content);`;
  return (
    <div className="flex flex-col gap-4">
      <CodeBlock label="curl" code={curl} />
      <CodeBlock label="npm install openai" code={npm} />
    </div>
  );
}
