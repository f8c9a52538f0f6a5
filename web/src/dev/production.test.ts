import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { MARK } from './mark';

/** All scripts that `vite build` writes, as one text. */
async function built(mode: 'production' | 'development'): Promise<string> {
  const out = await mkdtemp(join(tmpdir(), 'popradio-web-'));
  try {
    await promisify(execFile)(
      process.execPath,
      ['node_modules/vite/bin/vite.js', 'build', '--mode', mode, '--outDir', out, '--emptyOutDir'],
      // The runner of these tests has set NODE_ENV for itself.
      { env: { ...process.env, NODE_ENV: mode } },
    );
    const scripts = (await readdir(join(out, 'assets'))).filter((name) => name.endsWith('.js'));
    const texts = await Promise.all(
      scripts.map((name) => readFile(join(out, 'assets', name), 'utf8')),
    );
    return texts.join('\n');
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

test('the page of components is in no release', { timeout: 120_000 }, async () => {
  const release = await built('production');
  expect(release).toContain('/playlists/featured');
  expect(release).not.toContain(MARK);
  // The same look finds it where it belongs, so the look is worth something.
  expect(await built('development')).toContain(MARK);
});
