import Link from 'next/link';
import type { Said } from './use-access-action.ts';

/** What came of an action, heard by screen readers. */
export function SaidLine({ said }: { said: Said | null }) {
  if (!said) return null;
  return (
    <p role={said.ok ? 'status' : 'alert'} className={said.ok ? 'text-sm text-good' : 'text-sm text-bad'}>
      {said.text}{' '}
      {said.payHref && (
        <Link className="link" href={said.payHref}>
          To your deposit
        </Link>
      )}
    </p>
  );
}
