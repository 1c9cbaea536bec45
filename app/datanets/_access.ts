import 'server-only';
import { cache } from 'react';
import { buildDeps } from '#app/_server/deps.ts';
import { getActor } from '#app/_server/session.ts';
import { findReadAccess } from '#lib/access/get-read-access.ts';

/** What this reader may do with the rows of a Datanet. Asked once a request. */
export const loadAccess = cache(async (datanetId: string) => findReadAccess(buildDeps(), await getActor(), datanetId));
