import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { ParameterView } from '#lib/governance/types.ts';
import { parameterName, parameterValue } from './parameter-text.ts';

/** The numbers that decisions can change, with what is announced and the bounds that no decision can move. */
export function ParametersTable({ parameters }: { parameters: readonly ParameterView[] }) {
  return (
    <Table label="Parameters">
      <thead>
        <tr>
          <Th>Parameter</Th>
          <Th numeric>Now</Th>
          <Th>Announced</Th>
          <Th numeric>Least</Th>
          <Th numeric>Most</Th>
        </tr>
      </thead>
      <tbody>
        {parameters.map(({ name, unit, current, next, min, max }) => (
          <Tr key={name} data-parameter={name}>
            <Td className="min-w-32 sm:min-w-48" title={name}>
              {parameterName(name)}
            </Td>
            {/* On a phone a long time takes two lines, so that the value stands on the screen. */}
            <Td numeric className="max-sm:whitespace-normal">
              {parameterValue(current, unit)}
            </Td>
            <Td>
              {next ? (
                <>
                  <span className="figures">{parameterValue(next.value, unit)}</span> from{' '}
                  <TimeAgo at={next.from} mode="date" />
                </>
              ) : (
                <span className="text-muted">no change</span>
              )}
            </Td>
            <Td numeric className="text-muted">
              {parameterValue(min, unit)}
            </Td>
            <Td numeric className="text-muted">
              {parameterValue(max, unit)}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
