import type { DatanetField } from '#lib/datanets/types.ts';
import type { HarmFlag } from '#lib/harm/types.ts';
import { FlagCard } from './flag-card.tsx';
import type { DecideFlagAction } from './use-flag-decision.ts';

/** Flags, each with its evidence, its rows and, for who may, the decisions. */
export function FlagList({
  flags,
  fields,
  you,
  decide,
}: {
  flags: readonly HarmFlag[];
  fields: readonly DatanetField[];
  you: string | null;
  /** Left out for readers who decide nothing, e.g. the author of the rows. */
  decide?: DecideFlagAction | undefined;
}) {
  return (
    <ol className="flex flex-col">
      {flags.map((flag) => (
        <li key={flag.id} className="border-b border-hairline py-4">
          <FlagCard
            flag={flag}
            fields={fields}
            decide={flag.contributor === you || flag.reportedBy === you ? undefined : decide}
          />
        </li>
      ))}
    </ol>
  );
}
