import { z } from 'zod';

export const challengeSchema = z.object({ id: z.string().regex(/^rcp_[0-9a-z_]{1,60}$/, 'is no receipt id') });
