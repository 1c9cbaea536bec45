'use server';

import { headers } from 'next/headers';
import { callerKey } from '#app/_server/caller.ts';
import { defineAction } from '#app/_server/define-action.ts';
import { attackRunIdSchema, startAttackSchema } from '#lib/attacks/schema.ts';
import { startAttack } from '#lib/attacks/start-attack.ts';
import { stopAttack } from '#lib/attacks/stop-attack.ts';

export const startAttackAction = defineAction({
  input: startAttackSchema,
  auth: 'visitor',
  limit: { name: 'attack-ask', max: 60, windowSeconds: 3_600 },
  run: async (deps, actor, input) =>
    startAttack(deps, actor, { ...input, caller: callerKey(deps, actor, await headers()) }),
});

export const stopAttackAction = defineAction({
  input: attackRunIdSchema,
  auth: 'visitor',
  limit: { name: 'attack-stop', max: 60, windowSeconds: 3_600 },
  run: async (deps, actor, input) =>
    stopAttack(deps, actor, { ...input, caller: callerKey(deps, actor, await headers()) }),
});
