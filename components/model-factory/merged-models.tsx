import Link from 'next/link';
import { percent } from '#components/staking/percent.ts';
import { Address } from '#components/ui/address.tsx';
import { RefreshWhile } from '#components/ui/refresh-while.tsx';
import { Section } from '#components/ui/section.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import type { MergeParentView } from '#lib/model-factory/types.ts';

type Compared = {
  name: string;
  evaluations: { setName: string; isQueued: boolean; loss: number | null; f1: number | null }[];
};

export const mergedIntro =
  'Exactly: what each model adds to the base, times its weight. Each model’s owner gets, by the same weight, the royalty that it asks when the merge is published.';

/** Beside the figures of a published merge. */
export const royaltiesNote =
  'What an owner gets is the royalty asked on the day of publication times the weight, of the part that the merge’s owner would have of each fee.';

/** What a run merged in place of training, and how the merge and each model do on the reader's own saved questions. */
export function MergedModels({
  merged,
  comparison,
}: {
  merged: readonly MergeParentView[];
  comparison: readonly Compared[];
}) {
  const sets = [...new Set(comparison.flatMap(({ evaluations }) => evaluations.map(({ setName }) => setName)))];
  const isMeasured = comparison.some(({ evaluations }) => evaluations.some(({ isQueued }) => isQueued));
  return (
    <Section title="Merged from" intro={mergedIntro}>
      <div className="flex flex-col gap-6">
        <MergedTable merged={merged} />
        {sets.map((set) => (
          <Table key={set} label={`Measured with “${set}”`}>
            <thead>
              <tr>
                <Th>With “{set}”</Th>
                <Th numeric>Loss</Th>
                <Th numeric>Words shared (F1)</Th>
              </tr>
            </thead>
            <tbody>
              {comparison.map(({ name, evaluations }) => {
                const found = evaluations.find(({ setName }) => setName === set);
                return (
                  <Tr key={name}>
                    <Td>{name}</Td>
                    <Td numeric>{found?.isQueued ? 'being measured' : (found?.loss?.toFixed(3) ?? '–')}</Td>
                    <Td numeric>{found?.f1 == null ? '–' : `${(found.f1 * 100).toFixed(1)} %`}</Td>
                  </Tr>
                );
              })}
            </tbody>
          </Table>
        ))}
        {isMeasured && <RefreshWhile everyMs={3_000} />}
      </div>
    </Section>
  );
}

/** The models of a merge with their weights and owners; of a published one `royaltiesBps`, what each owner asked then, in the same order. */
export function MergedTable({
  merged,
  royaltiesBps = null,
}: {
  merged: readonly MergeParentView[];
  royaltiesBps?: readonly number[] | null;
}) {
  return (
    <Table label="Models of the merge">
      <thead>
        <tr>
          <Th>Model</Th>
          <Th numeric>Weight</Th>
          {royaltiesBps && <Th numeric>Its owner gets</Th>}
          <Th>Owner</Th>
        </tr>
      </thead>
      <tbody>
        {merged.map(({ modelId, slug, name, owner, weightPpm }, i) => (
          <Tr key={modelId}>
            <Td>
              <Link className="link" href={`/models/${slug}`}>
                {name}
              </Link>
            </Td>
            <Td numeric>{(weightPpm / 10_000).toFixed(2)} %</Td>
            {royaltiesBps && (
              <Td numeric>
                {((royaltiesBps[i]! * weightPpm) / 100_000_000).toFixed(2)} %
                <span className="block text-xs text-muted">asks {percent(royaltiesBps[i]!)}</span>
              </Td>
            )}
            <Td>
              <Address address={owner} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
