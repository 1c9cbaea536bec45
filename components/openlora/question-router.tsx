import Link from 'next/link';
import { Button } from '#components/ui/button.tsx';
import { Input } from '#components/ui/input.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import type { RankedModel } from '#lib/serving/types.ts';

/** Chooses a model for a question and says why. A plain form: it works without script and its answer has an address. */
export function QuestionRouter({ question, ranked }: { question: string; ranked: readonly RankedModel[] | null }) {
  const [best, ...others] = ranked ?? [];
  return (
    <div className="flex flex-col gap-4">
      <form action="/openlora" className="flex max-w-2xl gap-3">
        <Input
          type="search"
          name="question"
          aria-label="A question"
          defaultValue={question}
          key={question}
          placeholder="A question in your own words"
          maxLength={4_000}
        />
        <Button type="submit">Choose</Button>
      </form>
      {ranked && !best && (
        <p className="text-sm">
          No Datanet of a live model has a telling word of this question. Choose a model by its subject instead.
        </p>
      )}
      {best && (
        <div className="flex flex-col gap-3" role="status">
          <p className="prose-measure text-sm">
            <Link href={`/models/${best.slug}`} className="link font-medium">
              {best.name}
            </Link>
            , because {best.datanet} has {reasons(best)}.
          </p>
          {others.length > 0 && (
            <p className="prose-measure text-sm text-muted">
              After it:{' '}
              {others.map((other, i) => (
                <span key={other.slug}>
                  {i > 0 && '; '}
                  <Link href={`/models/${other.slug}`} className="link">
                    {other.name}
                  </Link>{' '}
                  ({reasons(other)})
                </span>
              ))}
              .
            </p>
          )}
          <LinkButton href={`/playground?model=${best.slug}`} size="sm" className="self-start">
            Ask {best.name}
          </LinkButton>
        </div>
      )}
    </div>
  );
}

function reasons({ words }: RankedModel): string {
  return words
    .slice(0, 4)
    .map(({ word, rows }) => `“${word}” in ${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}`)
    .join(', ');
}
