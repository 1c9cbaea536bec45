import Link from 'next/link';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import { gainOf, honestLossOf } from '#lib/attacks/rules.ts';
import type { AttackName, AttackRunView } from '#lib/attacks/types.ts';
import { attackTexts } from './attack-texts.ts';
import { gainText, lossText } from './gain-text.ts';

/** Results that are there, newest first. */
export function AttackRunList({ runs }: { runs: readonly AttackRunView[] }) {
  return (
    <Table label="Attacks that were run">
      <thead>
        <tr>
          <Th>Attack</Th>
          <Th>Datanet</Th>
          <Th numeric>Draw</Th>
          <Th numeric>Gain</Th>
          <Th numeric>Others lose</Th>
          <Th className="hidden md:table-cell">Run</Th>
        </tr>
      </thead>
      <tbody>
        {runs.map(({ id, attack, datanet, version, seed, result, endedAt }) => (
          <Tr key={id}>
            <Td>
              <Link href={`/gaming/${id}`} className="link">
                {attackTexts[attack as AttackName]?.title ?? attack}
              </Link>
            </Td>
            <Td>
              {datanet.title}, {version.number}
            </Td>
            <Td numeric>{seed}</Td>
            <Td numeric>{result && gainText(gainOf(result))}</Td>
            <Td numeric>{result && lossText(honestLossOf(result))}</Td>
            <Td className="hidden whitespace-nowrap text-muted md:table-cell">{endedAt && <TimeAgo at={endedAt} />}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
