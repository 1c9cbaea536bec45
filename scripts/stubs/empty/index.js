// Stands in for wallet SDKs that RainbowKit lists but that this app does not offer (docs/adr/0002-wallet-sdks.md).
export default {};
