import { Address } from '#components/ui/address.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { halfLifeDays, priorPlaces } from '#lib/validation/rules.ts';
import type { ValidatorStanding } from '#lib/validation/types.ts';

/** Validators by reputation, with the formula: anybody can compute it again from the rounds. */
export function StandingTable({ validators }: { validators: readonly ValidatorStanding[] }) {
  if (validators.length === 0) {
    return <p className="text-sm text-muted">This Datanet has no validators yet. Its owner appoints them.</p>;
  }
  return (
    <div className="flex flex-col gap-3">
      <Table label="Validators and their reputation">
        <thead>
          <tr>
            <Th>Validator</Th>
            <Th numeric>Reputation</Th>
            <Th numeric>Rounds</Th>
            <Th numeric>Places judged</Th>
          </tr>
        </thead>
        <tbody>
          {validators.map(({ validator, reputationPpm, rounds, places }) => (
            <Tr key={validator}>
              <Td>
                <Address address={validator} copy={false} />
              </Td>
              <Td numeric>{(reputationPpm / 1e6).toFixed(3)}</Td>
              <Td numeric>{rounds}</Td>
              <Td numeric>{places}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      <p className="prose-measure text-xs text-muted">
        Skill in a round: the part of what should be accepted that was, plus the part of what should be rejected that
        was, less one. What should be is known for gold rows; for others it is what most of the other validators said.
        Accepting everything gives 0. Reputation: the mean of all rounds’ skill, weighted by places and halved every{' '}
        {halfLifeDays} days, with {priorPlaces} places of skill 0 on top.
      </p>
    </div>
  );
}
