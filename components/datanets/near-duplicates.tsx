import Link from 'next/link';
import { Section } from '#components/ui/section.tsx';

type Near = { exampleId: string; similarityPpm: number };

/** Rows of the Datanet that say nearly the same, most alike first. Nothing where there are none. */
export function NearDuplicates({ slug, near }: { slug: string; near: readonly Near[] }) {
  if (near.length === 0) return null;
  return (
    <Section
      title="Nearly the same"
      intro="Found by their words; who was first has the credit where one copies the other."
    >
      <ul className="flex flex-col text-sm">
        {near.map(({ exampleId, similarityPpm }) => (
          <li key={exampleId} className="flex min-h-9 items-center justify-between gap-4 border-b border-hairline">
            <Link href={`/datanets/${slug}/rows/${exampleId}`} className="link figures">
              …{exampleId.slice(-6)}
            </Link>
            <span className="figures text-muted">{Math.round(similarityPpm / 10_000)} % alike</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
