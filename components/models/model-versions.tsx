'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { Button } from '#components/ui/button.tsx';
import { Section } from '#components/ui/section.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { ActionResult } from '#lib/kernel/result.ts';
import type { ChooseModelVersionInput } from '#lib/model-factory/schema.ts';
import type { ModelVersions } from '#lib/model-factory/types.ts';

type Choose = (input: ChooseModelVersionInput) => Promise<ActionResult<void>>;

/** A model's versions, which of them answers for its name, and for the owner the way to another one, or back. */
export function ModelVersionsView({ versions, choose }: { versions: ModelVersions; choose: Choose | null }) {
  const { family, choices } = versions;
  const { pick, busy, error } = useChoice(family, choose);
  return (
    <Section
      title="Versions"
      intro={`Who asks ${family} is answered by the version marked here; ${family}@1 and so on always mean one version. Receipts name the one that answered.`}
    >
      <div className="flex flex-col gap-4">
        <Table label="Versions">
          <thead>
            <tr>
              <Th>Version</Th>
              <Th>State</Th>
              <Th>Published</Th>
              <Th numeric>Held-out loss</Th>
              <Th numeric>1,000 tokens written</Th>
            </tr>
          </thead>
          <tbody>
            {versions.versions.toReversed().map((one) => (
              <Tr key={one.number}>
                <Td>
                  <Link className="link whitespace-nowrap" href={`/models/${one.slug}`} title={one.slug}>
                    Version {one.number}
                  </Link>
                </Td>
                <Td>
                  {one.isChosen ? (
                    'answers now'
                  ) : !one.live ? (
                    'not on chain yet'
                  ) : choose ? (
                    <Button size="sm" busy={busy === one.number} onClick={() => pick(one.number)}>
                      Answer with version {one.number}
                    </Button>
                  ) : (
                    'on request'
                  )}
                </Td>
                <Td>
                  <TimeAgo at={one.createdAt} />
                </Td>
                <Td numeric>{one.evalLoss.toFixed(3)}</Td>
                <Td numeric>
                  <Amount wei={one.outputWeiPerToken * 1_000n} />
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
        {error && (
          <p role="alert" className="text-sm text-bad">
            {error}
          </p>
        )}
        <ul aria-label="History" className="flex flex-col gap-1 text-sm text-muted">
          {choices.map(({ number, setBy, setAt }) => (
            <li key={`${setAt} ${number}`}>
              Version {number} was chosen <TimeAgo at={setAt} /> by <Address address={setBy} />
            </li>
          ))}
        </ul>
      </div>
    </Section>
  );
}

function useChoice(model: string, choose: Choose | null) {
  const router = useRouter();
  const [busy, setBusy] = useState<number | null>(null);
  const [error, setError] = useState<string | null>(null);
  const pick = async (number: number) => {
    setBusy(number);
    setError(null);
    const result = await choose?.({ model, number }).catch(() => null);
    setBusy(null);
    if (result?.ok) router.refresh();
    else setError(result?.error.message ?? 'The server did not answer. Try again; nothing has changed.');
  };
  return { pick, busy, error };
}
