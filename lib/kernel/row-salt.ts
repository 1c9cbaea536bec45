import { concat, type Hex, sha256 } from 'viem';

/**
 * The salt of a row: SHA-256 of the Datanet's secret and the text's hash, 32 bytes each. The same words get the same salt within a Datanet,
 * so their leaves stay comparable on chain (DatanetRegistry.proveDuplicate), which salts drawn at random would end. Published beside
 * the text while the row stands; destroyed with it, and then only who has the secret could tell a guess.
 */
export const rowSalt = (secret: Hex, textHash: Hex): Hex => sha256(concat([secret, textHash]));

/** What a leaf holds of a row: SHA-256 of its salt and its text's hash. Stays when text and salt are destroyed, so the root verifies. */
export const saltedHash = (salt: Hex, textHash: Hex): Hex => sha256(concat([salt, textHash]));
