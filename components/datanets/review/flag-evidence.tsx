import Link from 'next/link';
import { Hash } from '#components/ui/hash.tsx';
import { Term } from '#components/ui/term.tsx';
import type { ConflictEvidence, HarmFlag, ProbesEvidence } from '#lib/harm/types.ts';

/** Scores are nats x 2^32, as decimal text. */
const natsOf = (score: string): string => (Number(score) / 2 ** 32).toFixed(2);

/** Why a flag was raised, in words and figures. */
export function FlagEvidence({ flag }: { flag: HarmFlag }) {
  const { evidence } = flag;
  switch (evidence.kind) {
    case 'probes':
      return <Probes evidence={evidence} slug={flag.datanetSlug} />;
    case 'conflict':
      return <Contradiction evidence={evidence} slug={flag.datanetSlug} />;
    case 'report':
      return <p className="prose-measure">“{evidence.text}”</p>;
    default:
      return evidence satisfies never;
  }
}

const Nats = () => (
  <Term explain="Natural logarithm of how much less likely the answers became; estimated, not measured by training again">
    nats
  </Term>
);

function Probes({ evidence, slug }: { evidence: ProbesEvidence; slug: string }) {
  const { previous } = evidence;
  const row = (id: string) => <Hash value={id} href={`/datanets/${slug}/rows/${id}`} copy={false} />;
  return (
    <div className="prose-measure flex flex-col gap-2 text-sm">
      <p>
        In two measurements running, these rows together made other people’s accepted answers less likely, far more than
        anybody else’s rows did. Now: {natsOf(evidence.net)} <Nats /> over {evidence.probes} answers and {evidence.rows}{' '}
        rows; the middle contributor has {natsOf(evidence.median)}, give or take {natsOf(evidence.mad)}. Before (adapter{' '}
        <Hash value={previous.adapterId} copy={false} />
        ): {natsOf(previous.net)}; middle {natsOf(previous.median)}, give or take {natsOf(previous.mad)}.
      </p>
      <p className="text-muted">
        That can be harm, or only another style than everybody else’s: read the rows. Nothing was taken from anybody.
      </p>
      <ul className="flex flex-col gap-1">
        {evidence.worst.slice(0, 5).map(({ exampleId, net, worstProbe, worst }) => (
          <li key={exampleId}>
            {row(exampleId)}: {natsOf(net)} in sum
            {worstProbe && (
              <>
                , worst ({natsOf(worst)}) on {row(worstProbe)}
              </>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Contradiction({ evidence, slug }: { evidence: ConflictEvidence; slug: string }) {
  const { olderId, lowered, probes, norm } = evidence;
  return (
    <div className="prose-measure flex flex-col gap-2 text-sm">
      <p>
        It answers the question of an{' '}
        <Link className="link" href={`/datanets/${slug}/rows/${olderId}`}>
          older row
        </Link>{' '}
        differently. One of the two may be wrong, or both may be right.
      </p>
      {lowered && (
        <p>
          Training on it made the older row’s answer less likely, by {natsOf(lowered)} <Nats />, more than any other of{' '}
          {probes} answers that the model has learnt.
        </p>
      )}
      {norm && (
        <p>
          Its{' '}
          <Term explain="How strongly a row still pulls at the weights at the end of training; strong where it was not learnt">
            pull
          </Term>{' '}
          is {(norm.own / 1000).toFixed(2)}, that of the middle row {(norm.middle / 1000).toFixed(2)}.
        </p>
      )}
    </div>
  );
}
