import { screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { LidProvider, LidSlot } from '@/components/lid';
import { render } from '@/testing/render';
import { PageBoundary } from './page-boundary';

function Page({ breaks }: { breaks: boolean }) {
  if (breaks) throw new TypeError('Failed to fetch dynamically imported module');
  return <p>the page</p>;
}

const around = (path: string, breaks: boolean) => (
  <LidProvider onFlavour={() => undefined}>
    <LidSlot />
    <p>the radio</p>
    <PageBoundary path={path} title="Songs">
      <Page breaks={breaks} />
    </PageBoundary>
  </LidProvider>
);

test('a page that cannot be had leaves the radio alone, and another page is another try', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const { rerender } = render(around('/songs', true));
  expect(await screen.findByRole('heading', { name: 'Songs' })).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Try again' })).toBeInTheDocument();
  expect(screen.getByText('the radio')).toBeInTheDocument();
  rerender(around('/songs', false));
  expect(screen.queryByText('the page')).toBeNull();
  rerender(around('/mine', false));
  expect(screen.getByText('the page')).toBeInTheDocument();
});
