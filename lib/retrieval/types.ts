import type { RetrievedRow } from '#db/schema/models.ts';

export type { RetrievedRow };
