import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import type { AttackFigures, AttackName } from '#lib/attacks/types.ts';
import { attackTexts } from './attack-texts.ts';
import { gainText } from './gain-text.ts';

export type ComparedFigures = { arm: string; attack: string; figures: AttackFigures };

const arms: Record<string, string> = {
  'every row trained on': 'copies trained on like all rows',
  'no noise cut': 'every positive influence paid',
};

/** The same attacks under rules that lack one of the defences. */
export function ComparedTable({
  compared,
  table,
}: {
  compared: readonly ComparedFigures[];
  table: Partial<Record<string, AttackFigures>>;
}) {
  return (
    <Table label="The same attacks without a defence">
      <thead>
        <tr>
          <Th>Attack</Th>
          <Th>Rule</Th>
          <Th numeric>Trials</Th>
          <Th numeric>Gain there</Th>
          <Th numeric>Gain here</Th>
        </tr>
      </thead>
      <tbody>
        {compared.map(({ arm, attack, figures }) => (
          <Tr key={`${arm} ${attack}`}>
            <Td>{attackTexts[attack as AttackName]?.title ?? attack}</Td>
            <Td>{arms[arm] ?? arm}</Td>
            <Td numeric>{figures.trials}</Td>
            <Td numeric>{gainText(figures.gain)}</Td>
            <Td numeric>{table[attack] && gainText(table[attack].gain)}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
