import { lightTheme, type Theme } from '@rainbow-me/rainbowkit';

/** RainbowKit in our tokens; they change with the theme by themselves, so one theme serves both. */
export function rainbowTheme(): Theme {
  const base = lightTheme({ borderRadius: 'small', fontStack: 'system', overlayBlur: 'none' });
  return {
    ...base,
    colors: {
      ...base.colors,
      accentColor: 'var(--accent)',
      accentColorForeground: 'var(--on-accent)',
      actionButtonBorder: 'var(--hairline)',
      actionButtonBorderMobile: 'var(--hairline)',
      actionButtonSecondaryBackground: 'var(--sunken)',
      closeButton: 'var(--muted)',
      closeButtonBackground: 'var(--sunken)',
      connectionIndicator: 'var(--good)',
      error: 'var(--bad)',
      generalBorder: 'var(--hairline)',
      generalBorderDim: 'var(--hairline)',
      menuItemBackground: 'var(--sunken)',
      modalBackground: 'var(--raised)',
      modalBorder: 'var(--hairline)',
      modalText: 'var(--ink)',
      modalTextDim: 'var(--faint)',
      modalTextSecondary: 'var(--muted)',
      profileAction: 'var(--sunken)',
      profileActionHover: 'var(--hairline)',
      profileForeground: 'var(--raised)',
      selectedOptionBorder: 'var(--border)',
      standby: 'var(--warn)',
    },
    fonts: { body: 'var(--font-geist-sans), system-ui, sans-serif' },
    shadows: { ...base.shadows, dialog: 'none', selectedOption: 'none', selectedWallet: 'none' },
  };
}
