import { Address } from '#components/ui/address.tsx';
import { Status } from '#components/ui/status.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import type { RoundView } from '#lib/validation/types.ts';

const phases: Record<RoundView['phase'], string> = {
  commit: 'validators commit',
  reveal: 'validators reveal',
  over: 'being settled',
};

/** Rounds with what each validator has done, and after the settlement how well. */
export function RoundList({ rounds }: { rounds: readonly RoundView[] }) {
  if (rounds.length === 0) return <p className="text-sm text-muted">No round of validators has been opened here.</p>;
  return (
    <div className="flex flex-col gap-6">
      {rounds.map((round) => (
        <article key={round.id} data-round={round.id} className="flex flex-col gap-2">
          <h3 className="title-small flex flex-wrap items-baseline gap-x-3">
            <span>
              {round.kind === 'appeal' ? 'Appeal' : 'Round'} {round.id.slice(-6)}
            </span>
            <Status tone={round.settledAt ? 'good' : 'warn'}>
              {round.settledAt ? 'settled' : phases[round.phase]}
            </Status>
          </h3>
          <p className="text-sm text-muted">
            {round.places} places; {round.quorum} equal verdicts decide.
            {round.settledAt &&
              ` Accepted ${round.outcomes.accepted}, rejected ${round.outcomes.rejected}, without a quorum ${round.outcomes.undecided}; the others were gold rows.`}
          </p>
          <Table label={`Validators of round ${round.id.slice(-6)}`}>
            <thead>
              <tr>
                <Th>Validator</Th>
                <Th>Did</Th>
                <Th numeric>Skill</Th>
                <Th numeric>Rows to be paid for</Th>
              </tr>
            </thead>
            <tbody>
              {round.votes.map((vote) => (
                <Tr key={vote.validator}>
                  <Td>
                    <Address address={vote.validator} copy={false} />
                  </Td>
                  <Td>{vote.revealedAt ? 'revealed' : vote.committedAt ? 'committed' : 'nothing yet'}</Td>
                  <Td numeric>{vote.skillPpm === null ? '–' : (vote.skillPpm / 1e6).toFixed(2)}</Td>
                  <Td numeric>{vote.reviewedRows ?? '–'}</Td>
                </Tr>
              ))}
            </tbody>
          </Table>
        </article>
      ))}
    </div>
  );
}
