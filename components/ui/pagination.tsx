import { LinkButton } from './link-button.tsx';

/** Keyset pages as links: `nextHref` carries the cursor of the last row; `firstHref` goes back to the start. */
export function Pagination({
  nextHref,
  firstHref,
  label = 'Pages',
}: {
  nextHref?: string | undefined;
  firstHref?: string | undefined;
  label?: string;
}) {
  if (!nextHref && !firstHref) return null;
  return (
    <nav aria-label={label} className="flex justify-between gap-4 pt-4">
      {firstHref ? (
        <LinkButton href={firstHref} size="sm" variant="quiet">
          First page
        </LinkButton>
      ) : (
        <span />
      )}
      {nextHref && (
        <LinkButton href={nextHref} size="sm">
          Next page
        </LinkButton>
      )}
    </nav>
  );
}
