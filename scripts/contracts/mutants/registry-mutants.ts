import type { Mutant } from './mutant.ts';

const registries = (
  file: string,
  name: string,
  search: string,
  replace: string,
  suites: readonly string[],
): Mutant => ({
  name: `registries: ${name}`,
  file,
  search,
  replace,
  suites,
});

/** Faults of the registries and parameters. */
export const registryMutants: readonly Mutant[] = [
  registries(
    'datanets/DatanetBatches.sol',
    'a head forgets its past',
    'head = keccak256(abi.encode(d.head, root, uint256(count)));',
    'head = keccak256(abi.encode(root, uint256(count)));',
    ['DatanetRegistry.t'],
  ),
  registries(
    'datanets/DatanetBook.sol',
    'a curator counts twice',
    'if (curator <= last) revert',
    'if (curator < last) revert',
    ['DatanetRegistry.t'],
  ),
  registries(
    'datanets/DatanetBook.sol',
    'a curator is taken away whom the quorum needs',
    '--_terms[id].curators;\n            _requireReachable(id);',
    '--_terms[id].curators;',
    ['DatanetRegistry.t'],
  ),
  registries(
    'datanets/DatanetBook.sol',
    'an owner with the role counts twice',
    'CURATOR == 0 ? 1 : 0);',
    'CURATOR == 0 ? 1 : 1);',
    ['DatanetRegistry.t'],
  ),
  registries(
    'datanets/DatanetBook.sol',
    'a new owner brings the quorum out of reach',
    'delete pendingOwner[id];\n        _requireReachable(id);',
    'delete pendingOwner[id];',
    ['DatanetRegistry.t'],
  ),
  registries(
    'datanets/DatanetMembers.sol',
    'any stake joins',
    'if (have < joinStake) revert',
    'if (have == 0) revert',
    ['DatanetMembers.t'],
  ),
  registries(
    'datanets/DatanetDuplicates.sol',
    'a contributor’s own row is a duplicate',
    'if (!sameContent || samePerson || !_isLater(',
    'if (!sameContent || !_isLater(',
    ['DatanetDuplicates.t'],
  ),
  registries(
    'datanets/DatanetDuplicates.sol',
    'no time to answer',
    'if (block.timestamp < d.until) revert DatanetRebuttalOpen(d.until);',
    '',
    ['DatanetDuplicates.t'],
  ),
  registries(
    'datanets/DatanetRecords.sol',
    'anyone retires',
    'if (contributor != msg.sender) revert DatanetNotContributor(contributor, msg.sender);',
    '',
    ['DatanetRecords.t'],
  ),
  registries('Params.sol', 'a later match above the fee', 'if (matchNext > matchBps) matchBps = matchNext;', '', [
    'Params.t',
  ]),
  registries(
    'Params.sol',
    'a change holds at once',
    'uint256 effectiveEpoch = epoch() + 1;',
    'uint256 effectiveEpoch = epoch();',
    ['Params.t'],
  ),
  registries('identity/AgentFeedback.sol', 'one receipt, many feedbacks', 'feedbackGiven[receiptHash] = true;', '', [
    'IdentityFeedback.t',
  ]),
  registries(
    'identity/AgentFeedback.sol',
    'feedback of anyone',
    'if (payer != msg.sender) revert FeedbackNotPayer(payer, msg.sender);',
    '',
    ['IdentityFeedback.t'],
  ),
];
