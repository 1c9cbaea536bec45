/**
 * What comparable contracts take for the same, by row of the gas table: whole transactions at depth 20 on the same bench (solc
 * 0.8.37, 1,000 runs, cancun, plain ERC-20), measured before this project; the last three are their projects' own reports.
 */
export const gasAnchors: Readonly<Record<string, string>> = {
  'submit epoch': 'EigenLayer 86,654; Merkl 98,817; Morpho 135,854',
  'claim depth 20, first': 'EigenLayer 145,156; Merkl 161,484; Morpho 98,922; 1inch 95,967',
  'claim depth 20, repeat': 'EigenLayer 91,080; Merkl 90,264; Morpho 64,702; 1inch 61,799',
  'channel claim, each further row': 'x402 batch settlement (same steps) 21,554',
  'stake, first': 'Synthetix StakingRewards 140,195',
  harvest: 'Synthetix StakingRewards 76,508',
  'datanet batch commit': 'one record in the shape of Vana 187,197',
  propose: 'OpenLedger report 262,000',
  vote: 'OpenLedger report 73,000',
  'GOPEN deposit': 'OpenLedger report 98,000',
};
