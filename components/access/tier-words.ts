import type { Tier } from '#lib/access/types.ts';

/** What each tier is called, who reads, and what it costs: shown before the owner chooses and to everybody after. */
export const tierWords: Record<Tier, { title: string; who: string; lost: string | null }> = {
  public: {
    title: 'Public',
    who: 'Everybody reads the rows, without an account.',
    lost: null,
  },
  gated: {
    title: 'Gated',
    who: 'Owner, curators, validators while they judge them, and people whom the owner let in read the rows. Each asks with a purpose and a signature; each permission ends on its day or when the owner revokes it. This server has the text.',
    lost: 'What a member has read, a member can copy. A model trained on the rows can repeat parts of them to whoever asks it.',
  },
  encrypted: {
    title: 'Encrypted',
    who: 'Only members’ browsers have the text. Each row is sealed with a key of its own before it is sent; this server, its backups and its staff have noise.',
    lost: 'The server finds exact duplicates only. It sees no near-duplicates, personal data, language or poison, cannot search, export or train, and has to believe the browser of who contributes. A removed member keeps what the old key opens. Who serves this page serves its code: a server that turns bad could send another page.',
  },
  compute: {
    title: 'Compute only',
    who: 'Owner, curators and validators read the rows in order to review them. Everybody else gets what an approved training lets out: the adapter and sums over the rows.',
    lost: 'An adapter can repeat what it learnt. The owner approves recipes one by one, and the training runs on a machine of the owner.',
  },
};
