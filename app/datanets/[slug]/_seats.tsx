import { buildDeps } from '#app/_server/deps.ts';
import { SeatForm } from '#components/datanets/rounds/seat-form.tsx';
import { Section } from '#components/ui/section.tsx';
import type { DatanetDetail } from '#lib/datanets/types.ts';
import { findRoundPlaces, listRounds } from '#lib/validation/queries.ts';
import type { RoundView } from '#lib/validation/types.ts';
import { commitVerdictsAction, revealVerdictsAction } from '../validation-actions.ts';

/** A validator's open seats, above everything else: nobody else can do what waits there. */
export async function Seats({ datanet, you }: { datanet: DatanetDetail; you: string | null }) {
  if (!you) return null;
  const { db, now } = buildDeps();
  const rounds = await listRounds(db, datanet.id, now());
  return rounds
    .filter(({ settledAt, votes }) => !settledAt && votes.some(({ validator }) => validator === you))
    .map((round) => <Seat key={round.id} round={round} datanet={datanet} you={you} />);
}

async function Seat({ round, datanet, you }: { round: RoundView; datanet: DatanetDetail; you: string }) {
  const places = await findRoundPlaces(buildDeps().db, round.id, you);
  const vote = round.votes.find(({ validator }) => validator === you);
  if (!places || !vote) return null;
  return (
    <Section title={`Your seat in ${round.kind === 'appeal' ? 'appeal' : 'round'} ${round.id.slice(-6)}`}>
      <SeatForm
        roundId={round.id}
        you={you}
        phase={round.phase}
        committed={vote.committedAt !== null}
        revealed={vote.revealedAt !== null}
        places={places}
        fields={datanet.fields}
        commit={commitVerdictsAction}
        reveal={revealVerdictsAction}
      />
    </Section>
  );
}
