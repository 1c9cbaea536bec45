import type { Mutant } from './mutant.ts';

const suites = ['Bounties.t', 'Bounties.invariant.t', 'BountiesReentrancy.t'];
const fault = (name: string, search: string, replace: string): Mutant => ({
  name: `bounties: ${name}`,
  file: 'Bounties.sol',
  search,
  replace,
  suites,
});

/** Faults of the escrow for bounties. */
export const bountyMutants: readonly Mutant[] = [
  fault('anyone awards rows', 'datanetId == 0 || !datanets.isCurator(datanetId, msg.sender)', 'datanetId == 0'),
  fault('anyone awards runs', 'if (msg.sender != b.terms.judge)', 'if (b.terms.judge == address(0))'),
  fault('any snapshot', 'keccak256(abi.encode(s.previousHead, s.root, s.count)) != head', 'head == 0'),
  fault('a row without proof', 'MerkleProof.verifyCalldata(row.proof, root, leaf) && ', 'root != 0 && '),
  fault('a withdrawn row', ' && !datanets.isRetired(datanetId, leaf)', ''),
  fault('a row from before', '!stands || row.record.contributedAt < openedAt', '!stands'),
  fault('a row twice', 'if (isAwarded[id][leaf])', 'if (false && isAwarded[id][leaf])'),
  fault('an older version of a model', 'if (!newest || ', 'if (newest && false || '),
  fault('a version without evaluation', ' || version.evalHash == 0', ''),
  fault('awarded more than there is', 'if (sum > b.left || sum == 0)', 'if (sum == 0)'),
  fault('awards leave the pot as it was', '        b.left -= uint96(sum);\n', ''),
  fault(
    'awards while money comes in',
    'if (block.timestamp <= t.fundUntil) revert BountyFundingOpen',
    'if (false) revert BountyFundingOpen',
  ),
  fault('awards after the end', 'if (block.timestamp > t.deadline) revert BountyOver', 'if (false) revert BountyOver'),
  fault('awards below the target', 'if (b.funded < t.target) revert', 'if (false) revert'),
  fault('money after the funding', 'if (block.timestamp > b.terms.fundUntil) revert', 'if (false) revert'),
  fault('paid in the window', 'if (block.timestamp < a.payableAt) revert', 'if (false) revert'),
  fault('paid twice', '        a.paid = true;\n', ''),
  fault('other payees', 'if (keccak256(abi.encode(payees)) != a.payeesHash)', 'if (payees.length == 0)'),
  fault('objections after the window', 'if (block.timestamp >= a.payableAt)', 'if (false)'),
  fault('objections twice', '        hasObjected[id][award][msg.sender] = true;\n', ''),
  fault('objections reach what is firm', '(10_000 - b.terms.firmBps)', '10_000'),
  fault('objections by nobody’s money', 'gifts[id][sponsor].amount / (uint256', 'b.funded / (uint256'),
  fault('objections leave the award whole', '        a.objected += part;\n', ''),
  fault('refunds twice', '        g.refunded = true;\n', ''),
  fault('refunds before the end', 'if (!isOver(id)) revert', 'if (false) revert'),
  fault(
    'refunds of a fixed part',
    'uint256(b.left) * g.amount / b.notRefunded',
    'uint256(b.left) * g.amount / b.funded',
  ),
  fault('a missed target waits', 'return missed || ', 'return missed && false || '),
  fault('an unbound handle is paid', ' && !ledger.isHandle(account)', ''),
  fault('a held account is paid', ' || payee == ledger.HELD()', ''),
  fault('the recipient is passed over', 'if (payee == address(0) && ', 'if ('),
  fault('the odd wei is lost', 'run += i < more ? each + 1 : each;', 'run += each;'),
  fault('a token that takes a part', 'if (received != amount)', 'if (received > amount)'),
  fault(
    'gifts through a pause',
    '        _requireOpen();\n        Bounty storage b = _requireBounty(id);',
    '        Bounty storage b = _requireBounty(id);',
  ),
  fault('openings through a pause', '        else _requireOpen();\n', ''),
];
