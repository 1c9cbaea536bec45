import type { Metadata } from 'next';
import { Page } from '#components/layout/page.tsx';
import { SolvencyTable } from '#components/status/solvency-table.tsx';
import { Section } from '#components/ui/section.tsx';
import { Status } from '#components/ui/status.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { ContractName } from '#lib/platform/indexer/contracts.ts';
import { loadStatus } from './_data.ts';

export const metadata: Metadata = { title: 'Status' };
export const dynamic = 'force-dynamic';

const partNames = {
  database: 'Database',
  chain: 'Chain',
  worker: 'Jobs: training, attribution, settlement',
  serve: 'Answers',
  indexer: 'Chain index',
} as const;

/** Whether everything runs, and whether the contracts hold what they owe. Needs no wallet. */
export default async function StatusPage() {
  const { health, alarms, reconciliations, addresses } = await loadStatus();
  const rows = reconciliations.map((row) => ({ ...row, address: addresses[row.contract as ContractName] }));
  return (
    <Page title="Status" intro="What runs, what is wrong, and whether each contract holds what it owes.">
      <Section title="Alarms">
        {alarms.length === 0 ? (
          <Status tone="good">None</Status>
        ) : (
          <ul className="flex flex-col gap-2">
            {alarms.map(({ key, message, since }) => (
              <li key={key}>
                <Status tone="bad" wrap>
                  <span>
                    {message} Since <TimeAgo at={since} />.
                  </span>
                </Status>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section
        title="Money"
        intro="Checked each minute: the OPEN that a contract holds against what its events say it owes. If it holds less, this site offers no claims until it is explained. The contracts know nothing of this: whoever has a proof can claim from them at any time."
      >
        {rows.length === 0 ? <Status>Not checked yet</Status> : <SolvencyTable rows={rows} />}
      </Section>
      <Section title="Parts">
        <ul className="flex flex-col gap-2">
          {Object.entries(health.parts).map(([name, { status, reason }]) => (
            <li key={name}>
              <Status wrap tone={status === 'up' ? 'good' : 'bad'}>
                {partNames[name as keyof typeof partNames]}: {status === 'up' ? 'runs' : `down, ${reason}`}
              </Status>
            </li>
          ))}
        </ul>
      </Section>
    </Page>
  );
}
