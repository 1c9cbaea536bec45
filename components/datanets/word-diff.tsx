import { diffWords } from '#lib/kernel/diff-words.ts';

/** A text with its changes: what is gone struck out, what is new underlined; both also said to screen readers. */
export function WordDiff({ before, after }: { before: string; after: string }) {
  return (
    <>
      {diffWords(before, after).map(({ kind, text }, i) => {
        // biome-ignore-start lint/suspicious/noArrayIndexKey: runs have an order and no other name
        if (kind === 'gone') {
          return (
            <del key={i} className="text-bad line-through">
              {text}
            </del>
          );
        }
        if (kind === 'new') {
          return (
            <ins key={i} className="text-good underline">
              {text}
            </ins>
          );
        }
        return <span key={i}>{text}</span>;
        // biome-ignore-end lint/suspicious/noArrayIndexKey: see above
      })}
    </>
  );
}
