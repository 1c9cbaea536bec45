/** Closed list of id prefixes (architecture.md, Names). */
const idPrefixes = {
  datanet: 'dn',
  contribution: 'ctr',
  example: 'ex',
  upload: 'up',
  version: 'dv',
  run: 'run',
  adapter: 'ad',
  attackRun: 'atk',
  audit: 'aud',
  harmFlag: 'hf',
  model: 'mdl',
  modelRoute: 'mrt',
  modelChoice: 'mch',
  inference: 'inf',
  receipt: 'rcp',
  trainingReceipt: 'rct', // behind `rcp` in the order of ids, as in a period's file
  trainingBill: 'tb',
  modelPass: 'mp',
  passOffer: 'mpo',
  passReceipt: 'rps', // behind `rct`, before `rtk` of tasks
  rewardPeriod: 'rp',
  challenge: 'chl',
  apiKey: 'key',
  transaction: 'tx',
  ledger: 'lt',
  comment: 'cmt',
  moderation: 'mod',
  triggerScan: 'scn',
  goldRow: 'gld',
  round: 'rnd',
  appeal: 'apl',
  veto: 'vto',
  accessRequest: 'acr',
  accessGrant: 'acg',
  computeJob: 'cmp',
  bounty: 'bty',
  freeze: 'frz',
  trainingFile: 'file',
  fineTuningJob: 'ftjob',
  counterfactual: 'cf',
  evaluation: 'ev',
  evaluationSet: 'evs',
} as const;
export type IdKind = keyof typeof idPrefixes;

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'; // Crockford base 32: sorts as ASCII, no i l o u

/**
 * Prefixed, time-sortable id: `ex_` + 10 characters of milliseconds + 16 of randomness (ULID layout).
 * Pure: the caller passes time and 10 random bytes.
 */
export function makeId(kind: IdKind, nowMs: number, random: Uint8Array): string {
  if (random.length < 10) throw new RangeError('makeId needs 10 random bytes');
  let time = '';
  for (let i = 0, t = nowMs; i < 10; i++, t = Math.floor(t / 32)) time = alphabet[t % 32] + time;
  let bits = 0n;
  for (let i = 0; i < 10; i++) bits = (bits << 8n) | BigInt(random[i]!);
  let tail = '';
  for (let i = 0; i < 16; i++, bits >>= 5n) tail = alphabet[Number(bits & 31n)] + tail;
  return `${idPrefixes[kind]}_${time}${tail}`;
}

/** A receipt and an adapter carry the random part of what they came from, so making them twice makes one. */
export function derivedId(kind: IdKind, from: string): string {
  return `${idPrefixes[kind]}${from.slice(from.indexOf('_'))}`;
}
