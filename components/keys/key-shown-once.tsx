'use client';

import { snippetGroups } from '#components/docs/snippets.ts';
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
      <CodeBlock label="Shell" code={`export OPENLEDGER_API_KEY=${secret}`} />
      {snippetGroups({ appUrl, model })[0]!.snippets.map((snippet) => (
        <CodeBlock key={snippet.label} {...snippet} />
      ))}
      <Button variant="primary" onClick={onDone} className="self-start">
        I have stored it
      </Button>
    </div>
  );
}
