/** Gas of one transaction or row, as the contracts' gas table measured it on this machine. */
export type MeasuredGas = {
  claimRow: number;
  settle: number;
  submit: number;
  earnerClaim: number;
};

/** What a day of the network does (protocol.md §4.15). Each channel is claimed once a day, each earner claims once a month. */
export const day = {
  inferences: 1_000_000,
  channels: 10_000,
  epochs: 24,
  earnerClaims: 3_300,
  rowsPerTransaction: 100,
};

/** Gas of one inference, by what it is spent on. */
export function gasPerInference(gas: MeasuredGas): {
  channels: number;
  publishing: number;
  earners: number;
  all: number;
} {
  const transactions = day.channels / day.rowsPerTransaction;
  const channels = (day.channels * gas.claimRow + transactions * 21_000) / day.inferences;
  const publishing = (day.epochs * (gas.submit + gas.settle)) / day.inferences;
  const earners = (day.earnerClaims * gas.earnerClaim) / day.inferences;
  return { channels, publishing, earners, all: channels + publishing + earners };
}
