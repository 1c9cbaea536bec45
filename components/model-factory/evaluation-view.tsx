import { Stat, StatRow } from '#components/ui/stat.tsx';
import { Status } from '#components/ui/status.tsx';
import type { EvaluationView, Figures, GateVerdict, Interval } from '#lib/evaluation/types.ts';

const percent = (value: number | null) => (value === null ? '–' : `${(value * 100).toFixed(1)} %`);
const range = ({ low, high }: Interval) => `${Math.round(low * 100)} to ${Math.round(high * 100)} %`;

/** Names of the figures, which way is better, and what each means in a few words. */
const measures: readonly { key: keyof Figures; name: string; means: string; show: (value: number | null) => string }[] =
  [
    {
      key: 'loss',
      name: 'Loss',
      means: 'nats per answer token, lower is better',
      show: (value) => value?.toFixed(3) ?? '–',
    },
    {
      key: 'perplexity',
      name: 'Perplexity',
      means: 'among how many words it hesitates',
      show: (value) => value?.toFixed(1) ?? '–',
    },
    { key: 'exactMatch', name: 'Exact answers', means: 'equal to the row’s answer', show: percent },
    { key: 'f1', name: 'Words shared (F1)', means: 'with the row’s answer', show: percent },
    { key: 'tokenAccuracy', name: 'Next word right', means: 'at the probed places', show: percent },
    {
      key: 'calibrationError',
      name: 'Calibration error',
      means: 'how far its confidence is off, lower is better',
      show: percent,
    },
  ];

/** Base and adapter side by side on the measured rows, with what the adapter wins and where. */
export function EvaluationFiguresView({
  evaluation,
  hasVotes,
}: {
  evaluation: EvaluationView;
  /** Whether people vote blind on these rows; a saved set of one's own is read by nobody else. */
  hasVotes: boolean;
}) {
  const { figures, votes } = evaluation;
  if (!figures) return null;
  const { wins, winShare, rows, answered, probes, contaminated, slices } = figures;
  return (
    <div className="flex flex-col gap-6">
      <StatRow>
        <Stat
          label="Rows told better than by the base"
          value={`${wins} of ${rows}`}
          note={`of all such rows ${range(winShare)} (95 % interval)`}
        />
        {hasVotes && (
          <Stat
            label="Preferred blind"
            value={votes.preference ? `${votes.tuned} of ${votes.base + votes.tuned}` : 'no votes yet'}
            note={
              votes.preference
                ? `${range(votes.preference)} (95 % interval), ${votes.tie} ties`
                : 'two answers without names, below'
            }
          />
        )}
        <Stat
          label="Seen in training"
          value={`${contaminated} of ${rows}`}
          note="rows that share a question or 13 words in a row with the training rows"
        />
      </StatRow>
      <div className="overflow-x-auto">
        <table className="w-full text-sm">
          <caption className="sr-only">Base and adapter on the same rows</caption>
          <thead>
            <tr className="border-b border-hairline text-left">
              <th className="py-2 font-medium">
                {rows} rows, {answered} of them answered, {probes} next words
              </th>
              <th className="py-2 pl-4 text-right font-medium">Base</th>
              <th className="py-2 pl-4 text-right font-medium">Adapter</th>
            </tr>
          </thead>
          <tbody>
            {measures.map(({ key, name, means, show }) => (
              <tr key={key} className="border-b border-hairline">
                <th scope="row" className="py-2 text-left font-normal">
                  {name} <span className="text-xs text-muted">{means}</span>
                </th>
                <td className="figures py-2 pl-4 text-right whitespace-nowrap">{show(figures.base[key])}</td>
                <td className="figures py-2 pl-4 text-right whitespace-nowrap">{show(figures.tuned[key])}</td>
              </tr>
            ))}
            {slices.map(({ name, rows: count, wins: won }) => (
              <tr key={name} className="border-b border-hairline">
                <th scope="row" className="py-2 text-left font-normal">
                  Told better: {name}
                </th>
                <td />
                <td className="figures py-2 pl-4 text-right whitespace-nowrap">
                  {won} of {count}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

const gateNames: Record<GateVerdict['gate'], string> = {
  sealed: 'Measured on sealed rows',
  better: 'Better than its base',
  minGainPercent: 'Fall of perplexity',
  maxContaminatedPercent: 'Rows seen in training',
  minWinPercent: 'Rows told better',
  minF1Percent: 'Words shared with right answers',
  maxCalibrationPercent: 'Calibration error',
};

/** What was asked before it may be published, and whether it passed. */
export function GateList({ verdicts }: { verdicts: readonly GateVerdict[] }) {
  return (
    <ul className="flex flex-col border-t border-hairline text-sm">
      {verdicts.map(({ gate, passed, asked, measured }) => (
        <li key={gate} className="flex flex-wrap items-baseline justify-between gap-x-6 border-b border-hairline py-2">
          <span>{gateNames[gate]}</span>
          <span className="flex items-baseline gap-4 text-muted">
            <span>
              {measured}, asked: {asked}
            </span>
            <Status tone={passed ? 'good' : 'bad'}>{passed ? 'Passed' : 'Not passed'}</Status>
          </span>
        </li>
      ))}
    </ul>
  );
}
