import { Status } from '#components/ui/status.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { Term } from '#components/ui/term.tsx';
import type { MeasuredReport } from '#lib/audits/types.ts';
import { formatPpm } from './words.ts';

/** What was asked of the adapter and what was found. */
export function GatesTable({ measured }: { measured: MeasuredReport }) {
  const { smoothnessPpm, learntPpm, scorePpm, lowerPpm, upperPpm, bounds } = measured;
  return (
    <Table label="Gates of the certificate">
      <thead>
        <tr>
          <Th>Asked</Th>
          <Th numeric>Found</Th>
          <Th numeric>At least</Th>
          <Th>Result</Th>
        </tr>
      </thead>
      <tbody>
        {smoothnessPpm !== null && (
          <Gate
            name="Smooth"
            explain="Two trainings with slightly moved row weights: 1 when the second step changes every answer the way the first did."
            found={formatPpm(smoothnessPpm)}
            {...{ value: smoothnessPpm, bound: bounds.smoothnessPpm }}
          />
        )}
        {measured.kind === 'certification' && (
          <Gate
            name="Learnt its rows"
            explain="Part of the rows asked about whose own answers the model finds likelier than its base does."
            found={formatPpm(learntPpm)}
            {...{ value: learntPpm, bound: bounds.learntPpm }}
          />
        )}
        <Gate
          name="Predicts what happens without rows"
          explain="Linear datamodeling score: rank correlation of predicted and true effects over trainings on random halves of the rows, mean over answers. The gate looks at the lower end of its 90 % interval."
          found={`${formatPpm(scorePpm)} (${formatPpm(lowerPpm)} to ${formatPpm(upperPpm)})`}
          {...{ value: lowerPpm, bound: bounds.lowerPpm }}
        />
      </tbody>
    </Table>
  );
}

type GateProps = { name: string; explain: string; found: string; value: number; bound: number };

function Gate({ name, explain, found, value, bound }: GateProps) {
  const passed = value >= bound;
  return (
    <Tr>
      <Td>
        <Term explain={explain}>{name}</Term>
      </Td>
      <Td numeric>{found}</Td>
      <Td numeric>{formatPpm(bound)}</Td>
      <Td>
        <Status tone={passed ? 'good' : 'warn'}>{passed ? 'Passed' : 'Not passed'}</Status>
      </Td>
    </Tr>
  );
}
