import Link from 'next/link';
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

/** The models of a merge with their owners and weights. */
export function MergedTable({ merged }: { merged: readonly MergeParentView[] }) {
  return (
    <Table label="Models of the merge">
      <thead>
        <tr>
          <Th>Model</Th>
          <Th>Owner</Th>
          <Th numeric>Weight</Th>
        </tr>
      </thead>
      <tbody>
        {merged.map(({ modelId, slug, name, owner, weightPpm }) => (
          <Tr key={modelId}>
            <Td>
              <Link className="link" href={`/models/${slug}`}>
                {name}
              </Link>
            </Td>
            <Td>
              <Address address={owner} />
            </Td>
            <Td numeric>{(weightPpm / 10_000).toFixed(2)} %</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
