import { gzipSync } from 'node:zlib';
import { bundlePage } from '../../../bin/console/bundle';

it('the whole page is smaller than 120 KB as gzip', async () => {
  const files = await bundlePage();
  const bytes = [files['page.js'], files['page.css']].map((file) => gzipSync(file).length);
  expect(Math.min(...bytes)).toBeGreaterThan(1_000);
  expect(bytes[0]! + bytes[1]!).toBeLessThan(120_000);
});
