import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { render } from '@/testing/render';
import { Lid, LidProvider, LidSlot } from './lid';

test('what the station painted stays until the lid stands there', async () => {
  const painted = document.createElement('div');
  painted.id = 'first';
  document.body.append(painted);
  const page = (known: boolean) => (
    <LidProvider onFlavour={() => undefined}>
      <LidSlot />
      {known && (
        <Lid>
          <h1>a song</h1>
        </Lid>
      )}
    </LidProvider>
  );
  const { rerender } = render(page(false));
  expect(painted).toBeInTheDocument();
  rerender(page(true));
  expect(await screen.findByRole('heading', { name: 'a song' })).toBeInTheDocument();
  expect(painted).not.toBeInTheDocument();
});
