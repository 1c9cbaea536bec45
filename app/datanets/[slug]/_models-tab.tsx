import Link from 'next/link';
import { buildDeps } from '#app/_server/deps.ts';
import { Amount } from '#components/ui/amount.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { Status } from '#components/ui/status.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { listDatanetModels } from '#lib/datanets/list-datanet-earnings.ts';
import type { DatanetDetail } from '#lib/datanets/types.ts';

/** What was trained on the rows. */
export async function ModelsTab({ datanet }: { datanet: DatanetDetail }) {
  const models = await listDatanetModels(buildDeps().db, datanet.id);
  if (models.length === 0) {
    const version = datanet.latestVersion;
    return (
      <EmptyState
        title="No model yet"
        action={
          version && (
            <LinkButton href={`/models/new?version=${version.id}`} variant="primary">
              Train one on version {version.number}
            </LinkButton>
          )
        }
      >
        {version
          ? 'Training on a few hundred rows takes minutes. Each paid answer of the model pays the authors of the rows that shaped it.'
          : 'A model is trained on a frozen version, and there is none yet.'}
      </EmptyState>
    );
  }
  return (
    <Table label={`Models trained on ${datanet.title}`}>
      <thead>
        <tr>
          <Th>Model</Th>
          <Th numeric>Version</Th>
          <Th>State</Th>
          <Th numeric>Answers</Th>
          <Th numeric>Paid to authors</Th>
        </tr>
      </thead>
      <tbody>
        {models.map((model) => (
          <Tr key={model.id}>
            <Td className="min-w-40 py-2">
              <Link href={`/models/${model.slug}`} className="link font-medium">
                {model.name}
              </Link>
              <p className="text-xs text-muted">{model.summary}</p>
            </Td>
            <Td numeric>{model.versionNumber}</Td>
            <Td>
              <Status tone={model.live ? 'good' : 'warn'}>{model.live ? 'live' : 'being published'}</Status>
            </Td>
            <Td numeric>{model.answers.toLocaleString('en')}</Td>
            <Td numeric>
              <Amount wei={model.dataEarnedWei} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
