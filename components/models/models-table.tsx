import Link from 'next/link';
import { formatCount } from '#components/model-factory/format.ts';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { Status } from '#components/ui/status.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import type { ModelSummary } from '#lib/model-factory/types.ts';

/** Published models, one a line: whose, of what, how much better than the base, at what price, and what it earned. */
export function ModelsTable({ models }: { models: readonly ModelSummary[] }) {
  return (
    <Table label="Models">
      <thead>
        <tr>
          <Th>Model</Th>
          <Th>Datanet</Th>
          <Th numeric>Held-out loss, against base</Th>
          <Th numeric>Price of 1,000 tokens</Th>
          <Th numeric>Answers</Th>
          <Th numeric>Earned</Th>
          <Th>Owner</Th>
          <Th>State</Th>
        </tr>
      </thead>
      <tbody>
        {models.map((model) => (
          <ModelRow key={model.id} model={model} />
        ))}
      </tbody>
    </Table>
  );
}

function ModelRow({ model }: { model: ModelSummary }) {
  return (
    <Tr>
      <Td className="min-w-56 py-2">
        <Link href={`/models/${model.slug}`} className="link font-medium">
          {model.name}
        </Link>
        <p className="line-clamp-1 max-w-80 text-xs text-muted">{model.summary}</p>
      </Td>
      <Td className="whitespace-nowrap">
        <Link href={`/datanets/${model.datanet.slug}`} className="link">
          {model.datanet.title}
        </Link>
      </Td>
      <Td numeric>
        {model.evalLoss.toFixed(2)}
        <span className="ml-2 text-muted">{model.baseEvalLoss.toFixed(2)}</span>
      </Td>
      <Td numeric>
        <Amount wei={model.outputWeiPerToken * 1_000n} />
      </Td>
      <Td numeric>{formatCount(model.answers)}</Td>
      <Td numeric>
        <Amount wei={model.earnedWei} />
      </Td>
      <Td>
        <Address address={model.owner} copy={false} />
      </Td>
      <Td>
        {model.live ? (
          <Status tone="good">{model.access === 'holders' ? 'Live, with a pass' : 'Live'}</Status>
        ) : (
          <Status tone="warn" live>
            Waits for the chain
          </Status>
        )}
      </Td>
    </Tr>
  );
}
