import { Page } from '#components/layout/page.tsx';

export default function HomePage() {
  return <Page title="Ask, and see whose work answered.">{null}</Page>;
}
