/** Cache tag of the figures over a Datanet's accepted texts. */
export function columnsTag(datanetId: string): string {
  return `datanet-columns:${datanetId}`;
}
