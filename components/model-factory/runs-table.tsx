import Link from 'next/link';
import { Address } from '#components/ui/address.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { RunSummary } from '#lib/model-factory/types.ts';
import { RunStatusLabel } from './run-status.tsx';

/** Training runs, one a line. */
export function RunsTable({ runs }: { runs: readonly RunSummary[] }) {
  return (
    <Table label="Training runs">
      <thead>
        <tr>
          <Th>Run</Th>
          <Th>Status</Th>
          <Th>Data</Th>
          <Th numeric>Step</Th>
          <Th numeric>Held-out loss</Th>
          <Th>Owner</Th>
          <Th>Started</Th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <Tr key={run.id}>
            <Td>
              <Link href={`/runs/${run.id}`} className="link font-medium whitespace-nowrap">
                {run.name}
              </Link>
            </Td>
            <Td>
              <RunStatusLabel status={run.status} isMerge={run.preset === 'merge'} />
            </Td>
            <Td className="whitespace-nowrap">
              {run.datanet.title} v{run.version.number}
            </Td>
            <Td numeric>
              {run.preset === 'merge' ? 'merged' : run.step}
              {run.totalSteps ? ` / ${run.totalSteps}` : ''}
            </Td>
            <Td numeric>
              {run.evalLoss === null || run.baseEvalLoss === null
                ? '–'
                : `${run.evalLoss.toFixed(2)} (base ${run.baseEvalLoss.toFixed(2)})`}
            </Td>
            <Td>
              <Address address={run.owner} copy={false} />
            </Td>
            <Td>
              <TimeAgo at={run.createdAt} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
