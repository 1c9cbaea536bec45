import { findMemberKeyAction, getSealedKeysAction, saveMemberKeyAction } from '../access-actions.ts';

/** What components need to open an encrypted Datanet's keys in the reader's browser. */
export const sealedPlace = (datanetId: string, account: `0x${string}`) => ({
  datanetId,
  account,
  actions: { find: findMemberKeyAction, save: saveMemberKeyAction, keys: getSealedKeysAction },
});
