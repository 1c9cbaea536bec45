'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { formatBytes } from '#components/model-factory/format.ts';
import { Button } from '#components/ui/button.tsx';
import { RefreshWhile } from '#components/ui/refresh-while.tsx';
import { Section } from '#components/ui/section.tsx';
import { Status } from '#components/ui/status.tsx';
import type { ActionResult } from '#lib/kernel/result.ts';
import type { ExportFormat, ModelExport } from '#lib/model-exports/types.ts';

export type RequestExport = (input: { model: string; format: ExportFormat }) => Promise<ActionResult<unknown>>;

const titles: Record<ExportFormat, { title: string; text: string }> = {
  adapter: { title: 'Adapter', text: 'PEFT files, for transformers, vLLM and all that load LoRA adapters.' },
  merged: { title: 'Merged model', text: 'Base and adapter in one checkpoint that needs no PEFT.' },
  gguf: { title: 'GGUF', text: 'Base, adapter and a Modelfile, for llama.cpp and Ollama.' },
};

/** For the owner: what the model can be taken away as, and its files once they are made. */
export function ModelExports({
  slug,
  exports,
  request,
}: {
  slug: string;
  exports: ModelExport[];
  request: RequestExport;
}) {
  return (
    <Section title="Take it with you" intro="Only you see this. The base model’s licence goes with its weights.">
      <ul className="flex flex-col gap-5">
        {exports.map((entry) => (
          <li key={entry.format} className="flex flex-col gap-2">
            <div>
              <h3 className="title-small">{titles[entry.format].title}</h3>
              <p className="text-sm text-muted">{titles[entry.format].text}</p>
            </div>
            <ExportState slug={slug} entry={entry} request={request} />
          </li>
        ))}
      </ul>
      {exports.some(({ state }) => state === 'preparing') && <RefreshWhile />}
    </Section>
  );
}

function ExportState({ slug, entry, request }: { slug: string; entry: ModelExport; request: RequestExport }) {
  if (entry.state === 'preparing') {
    return (
      <Status tone="warn" live>
        Being made
      </Status>
    );
  }
  if (entry.state === 'ready') {
    return (
      <ul className="flex flex-col gap-1 text-sm">
        {entry.files.map(({ name, sizeBytes }) => (
          <li key={name} className="flex justify-between gap-4">
            <a className="link" href={`/api/v1/models/${slug}/exports/${entry.format}/${name}`} download={name}>
              {name}
            </a>
            <span className="figures text-muted">{formatBytes(sizeBytes)}</span>
          </li>
        ))}
      </ul>
    );
  }
  return <RequestButton slug={slug} entry={entry} request={request} />;
}

function RequestButton({ slug, entry, request }: { slug: string; entry: ModelExport; request: RequestExport }) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(entry.problem);
  const ask = async () => {
    setBusy(true);
    setError(null);
    try {
      const result = await request({ model: slug, format: entry.format });
      if (result.ok) router.refresh();
      else setError(result.error.message);
    } catch {
      setError('The server did not answer. Check the connection and try again.');
    }
    setBusy(false);
  };
  return (
    <div className="flex flex-col items-start gap-1">
      <Button size="sm" busy={busy} onClick={ask}>
        {entry.state === 'failed' ? 'Try again' : 'Make the files'}
      </Button>
      {error && (
        <p role="alert" className="text-xs text-bad">
          {error}
        </p>
      )}
    </div>
  );
}
