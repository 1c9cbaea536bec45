import type { AuditReport } from '#lib/audits/types.ts';
import { reasonWords } from './words.ts';

/** Why there is no valid certificate, and what to change. Nothing while there is one, or none was decided on. */
export function RefusalReasons({ report: { certificate, measured, refused } }: { report: AuditReport }) {
  if (certificate.status !== 'refused' && certificate.status !== 'suspended') return null;
  const reasons = refused ? [refused] : (measured?.reasons ?? []);
  return (
    <ul className="flex flex-col gap-3 border-l-2 border-warn pl-4 text-sm">
      {reasons.map((reason) => (
        <li key={reason}>
          <p>{reasonWords[reason]?.why ?? reason}</p>
          <p className="text-muted">{reasonWords[reason]?.change}</p>
        </li>
      ))}
    </ul>
  );
}
