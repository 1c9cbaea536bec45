// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DisputeCourt} from "../../src/DisputeCourt.sol";
import {IDisputeCourt} from "../../src/interfaces/IDisputeCourt.sol";
import {ValidatorBase} from "./ValidatorBase.sol";

/// @dev The cheatcodes that only the court's tests need.
interface VmBlocks {
    function roll(uint256 number) external;
    function snapshotState() external returns (uint256);
    function revertToState(uint256 id) external returns (bool);
}

/// @dev A real court over real validators and pools. Five validators of equal weight; RICH opens, secret "secret".
abstract contract CourtBase is ValidatorBase {
    DisputeCourt internal bench;
    VmBlocks internal constant blocks = VmBlocks(address(vm));
    address internal slow;
    uint96 internal constant BOND = 999_999_999_999_999_999_994; // 7 * floor(1,000 OPEN / 7)
    uint96 internal constant FEE = BOND / 7;
    bytes32 internal constant COMMITMENT = keccak256(abi.encode(bytes32("secret")));
    bytes32 internal constant SALT = "salt";

    function setUp() public virtual override {
        super.setUp();
        bench = new DisputeCourt(token, directory, params, pools, set);
        court = address(bench);
        directory.set(keccak256("DisputeCourt"), court);
        slow = _role("TimelockSlow");
        _enrich(RICH, court);
        _enrich(CAROL, court);
        _enrich(ALICE, court);
        for (uint256 i; i < 5; ++i) _join(i, SELF, 0, 0);
        _nextTerm();
    }

    function _openPool() internal returns (uint256 id) {
        vm.prank(RICH);
        return bench.openPool(POOL, 2_000, COMMITMENT, "ipfs://evidence");
    }

    function _draw(uint256 id) internal returns (address[] memory) {
        blocks.roll(uint256(bench.roundOf(id, _round(id)).targetBlock) + 1);
        return bench.draw(id, "secret");
    }

    /// @dev Each juror commits and reveals what `says` says: 1 for, 0 against, 2 nothing.
    function _vote(uint256 id, address[] memory jurors, function(address) view returns (uint256) says) internal {
        uint8 round = _round(id);
        for (uint256 i; i < jurors.length; ++i) {
            uint256 word = jurors[i] == address(0) ? 2 : says(jurors[i]);
            if (word == 2) continue;
            bytes32 commitment = bench.commitmentOf(id, round, jurors[i], word == 1, SALT);
            vm.prank(jurors[i]);
            bench.vote(id, commitment);
        }
        vm.warp(block.timestamp + 1 days);
        for (uint256 i; i < jurors.length; ++i) {
            uint256 word = jurors[i] == address(0) ? 2 : says(jurors[i]);
            if (word == 2 || _revealed(id, round, jurors[i])) continue;
            vm.prank(jurors[i]);
            bench.reveal(id, word == 1, SALT);
        }
        vm.warp(block.timestamp + 1 days);
    }

    function _yes(address) internal pure returns (uint256) {
        return 1;
    }

    function _no(address) internal pure returns (uint256) {
        return 0;
    }

    function _silent(address) internal pure returns (uint256) {
        return 2;
    }

    /// @dev Decides a round in one breath.
    function _decide(uint256 id, function(address) view returns (uint256) says) internal returns (address[] memory jurors) {
        jurors = _draw(id);
        _vote(id, jurors, says);
    }

    function _revealed(uint256 id, uint8 round, address juror) internal view returns (bool revealed) {
        (, revealed,,,) = bench.seats(id, round, juror);
    }

    function _seatsOf(uint256 id, uint8 round, address juror) internal view returns (uint8 count) {
        (count,,,,) = bench.seats(id, round, juror);
    }

    function _round(uint256 id) internal view returns (uint8) {
        return bench.caseOf(id).round;
    }

    function _expectPhase(uint256 id, IDisputeCourt.Phase phase) internal view {
        assertEq(uint256(bench.phaseOf(id)), uint256(phase), "phase");
    }

    function _expectVerdict(uint256 id, IDisputeCourt.Verdict verdict) internal view {
        assertEq(uint256(bench.caseOf(id).verdict), uint256(verdict), "verdict");
    }

    function _appeal(uint256 id, address who) internal {
        vm.prank(who);
        bench.appeal(id, COMMITMENT);
    }

    function _closeAndExecute(uint256 id) internal {
        bench.close(id);
        bench.execute(id);
    }

    /// @dev Pays everybody who has anything to get, and expects that nothing of it stays.
    function _payAll(uint256 id) internal {
        for (uint8 round = 1; round <= 2; ++round) {
            for (uint256 i; i < 5; ++i) {
                try bench.payJuror(id, round, _validator(i)) {} catch {}
            }
        }
        address[9] memory all = [
            RICH, CAROL, ALICE, TREASURY, _validator(0), _validator(1), _validator(2), _validator(3), _validator(4)
        ];
        for (uint256 i; i < 9; ++i) {
            if (bench.credits(all[i]) != 0) bench.withdraw(all[i]);
        }
        assertEq(token.balanceOf(court), 0, "every bond is somebody's");
    }
}
