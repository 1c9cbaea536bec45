import Link from 'next/link';

/** The name with its mark: three threads that end in one ledger line. */
export function Brand() {
  return (
    <Link href="/" className="flex items-center gap-2 rounded-sm" aria-label="OpenLedger, home">
      <svg aria-hidden viewBox="0 0 24 24" className="size-6" fill="none" strokeWidth="1.75" strokeLinecap="round">
        <path d="M3 5c6 0 6 7 12 7h6" stroke="var(--thread-1)" />
        <path d="M3 19c6 0 6-7 12-7" stroke="var(--thread-2)" />
        <path d="M3 12h18" stroke="var(--accent)" />
      </svg>
      <span className="font-serif text-lg font-medium tracking-tight">OpenLedger</span>
    </Link>
  );
}
