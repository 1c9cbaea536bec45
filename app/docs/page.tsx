import type { Metadata } from 'next';
import Link from 'next/link';
import { buildDeps } from '#app/_server/deps.ts';
import { snippetGroups, trainingSnippet } from '#components/docs/snippets.ts';
import { Page } from '#components/layout/page.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { Section } from '#components/ui/section.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { listBaseModels } from '#lib/model-factory/list-base-models.ts';
import { listServableModels } from '#lib/serving/queries.ts';

export const metadata: Metadata = { title: 'API' };
export const dynamic = 'force-dynamic';

const errors: [status: number, what: string, then: string][] = [
  [400, 'The request is wrong; the body names the field.', 'Mend it.'],
  [401, 'The key is not valid: unknown, revoked or ended.', 'Make another.'],
  [
    402,
    'The deposit or the key’s budget does not cover the answer; the shortfall is named.',
    'Deposit, or ask for less.',
  ],
  [403, 'The key was not made for this.', 'Make one that may.'],
  [404, 'No such model, file, job or address, or it is not yours to see.', 'Look at the list.'],
  [409, 'The state does not allow it.', 'Repeat it only when there is a Retry-After.'],
  [429, 'Too many requests; x-ratelimit headers say how many are left.', 'Wait for Retry-After.'],
  [503, 'The model server is full or restarts; nothing was charged.', 'Wait for Retry-After.'],
];

/** How to call the API: snippets with a model of this installation, what is supported, and what refusals mean. */
export default async function DocsPage() {
  const deps = buildDeps();
  const [models, bases] = await Promise.all([listServableModels(deps.db, 50), listBaseModels(deps)]);
  const model = models.find(({ access }) => access === 'everybody');
  const appUrl = deps.env.APP_URL.replace(/\/$/, '');
  const place = { appUrl, model: model?.slug ?? 'name-of-a-model' };
  const base = bases.offered[0]?.name ?? 'name-of-a-base';
  return (
    <Page
      title="API"
      intro="The API is the one of OpenAI: its clients work unchanged with another address and a key from here. What is ours stands in the field openledger."
      actions={<LinkButton href="/keys">Make a key</LinkButton>}
    >
      {!model && (
        <p className="prose-measure text-muted">
          No model is live here yet, so the snippets name a model that there is not.{' '}
          <Link className="link" href="/models">
            The list of models
          </Link>{' '}
          shows when there is one.
        </p>
      )}
      {snippetGroups(place).map(({ id, title, intro, snippets }) => (
        <Section key={id} id={id} title={title} intro={intro}>
          <div className="flex flex-col gap-4">
            {snippets.map(({ label, code }) => (
              <CodeBlock key={label} label={label} code={code} />
            ))}
          </div>
        </Section>
      ))}
      <Section
        id="train"
        title="Train on a file"
        intro="OpenAI’s fine-tuning jobs. The rows become a private Datanet of yours, the job a run like every other; the model is yours alone until you publish it, and costs nothing to ask."
      >
        <CodeBlock {...trainingSnippet(place, base)} />
      </Section>
      <Section
        id="client"
        title="Our own client and command line"
        intro="The package folder lib/client has a typed client without dependencies, and datanet: push, train, chat, verify."
      >
        <CodeBlock
          label="Shell"
          code={`export OPENLEDGER_URL=${appUrl} OPENLEDGER_API_KEY=olk_…\nnode lib/client/datanet.ts chat ${place.model} "Hello"\nnode lib/client/datanet.ts verify rcp_…`}
        />
      </Section>
      <Section
        id="errors"
        title="When a call is refused"
        intro="The body is OpenAI’s; code is stable, message is for people."
      >
        <Table label="Statuses">
          <thead>
            <tr>
              <Th numeric>Status</Th>
              <Th>What it means</Th>
              <Th>Then</Th>
            </tr>
          </thead>
          <tbody>
            {errors.map(([status, what, then]) => (
              <Tr key={status}>
                <Td numeric>{status}</Td>
                <Td>{what}</Td>
                <Td className="text-muted">{then}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
        <p className="mt-4 text-sm text-muted">
          All calls with their fields, as a machine reads them:{' '}
          <a className="link" href="/api/v1/openapi.json">
            openapi.json
          </a>
        </p>
      </Section>
    </Page>
  );
}
