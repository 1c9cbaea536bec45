'use client';

import { useState } from 'react';
import { nothingOff, type SwitchedOff } from '#lib/kernel/answer-payout.ts';

export type Switches = ReturnType<typeof useSwitches>;

/** Which sources of an answer are left out: rows, all rows of a contributor, or the whole Datanet. */
export function useSwitches() {
  const [off, setOff] = useState<SwitchedOff>(nothingOff);
  return {
    off,
    isAny: off.all || off.rows.size > 0 || off.contributors.size > 0,
    row: (exampleId: string) => setOff((now) => ({ ...now, rows: toggled(now.rows, exampleId) })),
    contributor: (account: string) => setOff((now) => ({ ...now, contributors: toggled(now.contributors, account) })),
    datanet: () => setOff((now) => ({ ...now, all: !now.all })),
    reset: () => setOff(nothingOff),
  };
}

function toggled(set: ReadonlySet<string>, one: string): Set<string> {
  const next = new Set(set);
  if (!next.delete(one)) next.add(one);
  return next;
}
