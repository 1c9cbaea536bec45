import { Status } from '#components/ui/status.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { AuditEntry, AuditStatus } from '#lib/audits/types.ts';
import { formatSeconds } from '../model-factory/format.ts';
import { entryTitle, formatPpm } from './words.ts';

const results: Record<AuditStatus, { tone: 'good' | 'warn' | 'bad' | 'neutral'; word: string }> = {
  queued: { tone: 'neutral', word: 'Waits' },
  running: { tone: 'neutral', word: 'Measuring' },
  passed: { tone: 'good', word: 'Passed' },
  failed: { tone: 'warn', word: 'Not passed' },
  broken: { tone: 'bad', word: 'Could not be measured' },
};

/** Past certifications and audits, newest first, with what they cost. */
export function AuditHistory({ entries, adapterId }: { entries: readonly AuditEntry[]; adapterId: string }) {
  return (
    <Table label="Certifications and audits">
      <thead>
        <tr>
          <Th>What</Th>
          <Th>Result</Th>
          <Th numeric>Lower bound</Th>
          <Th numeric>Trainings</Th>
          <Th numeric>CPU time</Th>
          <Th>Ended</Th>
          <Th>Document</Th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <Tr key={entry.id}>
            <Td>
              {entryTitle(entry)}
              {entry.error && entry.status === 'broken' && <p className="text-xs text-bad">{entry.error}</p>}
            </Td>
            <Td>
              <Status tone={results[entry.status].tone}>{results[entry.status].word}</Status>
            </Td>
            <Td numeric>{entry.lowerPpm === null ? '–' : formatPpm(entry.lowerPpm)}</Td>
            <Td numeric>{entry.done}</Td>
            <Td numeric>{formatSeconds(entry.cpuSeconds)}</Td>
            <Td>{entry.endedAt && <TimeAgo at={entry.endedAt} />}</Td>
            <Td>
              {entry.documentSha256 && (
                <a className="link" href={`/api/v1/adapters/${adapterId}/certificate?sha256=${entry.documentSha256}`}>
                  <span className="sr-only">Certificate document </span>
                  <span className="figures">{entry.documentSha256.slice(0, 10)}…</span>
                </a>
              )}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
