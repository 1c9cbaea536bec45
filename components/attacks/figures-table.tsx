import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import type { AttackFigures } from '#lib/attacks/types.ts';
import { attackNames } from '#lib/attacks/types.ts';
import { attackTexts } from './attack-texts.ts';
import { gainText, lossText } from './gain-text.ts';

/** What the benchmark measured of every attack, on a made-up world where every row's worth is known. */
export function FiguresTable({ table }: { table: Partial<Record<string, AttackFigures>> }) {
  return (
    <Table label="Measured gains">
      <thead>
        <tr>
          <Th>Attack</Th>
          <Th numeric>Gain</Th>
          <Th numeric className="hidden sm:table-cell">
            95 % of chance
          </Th>
          <Th numeric className="hidden md:table-cell">
            Median
          </Th>
          <Th numeric>Worst</Th>
          <Th numeric>Others lose</Th>
        </tr>
      </thead>
      <tbody>
        {attackNames.map((name) => {
          const figures = table[name];
          if (!figures) return null;
          const { gain, gainLow, gainHigh, medianGain, worstGain, honestLoss } = figures;
          return (
            <Tr key={name}>
              <Td title={attackTexts[name].text}>{attackTexts[name].title}</Td>
              <Td numeric>{gainText(gain)}</Td>
              <Td numeric className="hidden text-muted sm:table-cell">
                {gainLow.toFixed(2)} to {gainHigh.toFixed(2)}
              </Td>
              <Td numeric className="hidden md:table-cell">
                {gainText(medianGain)}
              </Td>
              <Td numeric>{gainText(worstGain)}</Td>
              <Td numeric>{lossText(honestLoss)}</Td>
            </Tr>
          );
        })}
      </tbody>
    </Table>
  );
}
