import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);

/** Why tests of pages are skipped; false where there is a browser. */
export const noBrowser: string | false =
  CHROMIUM === undefined ? 'no chromium here (apt-get install chromium)' : false;

/** @param args of Chromium, beside what it needs to start as root. */
export async function openBrowser(...args: string[]): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath: CHROMIUM!, args: ['--no-sandbox', ...args] });
}

/** Chromium's WebGPU computed by its own software, SwiftShader: no graphics card is needed. */
export const SOFTWARE_GPU = [
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  '--use-webgpu-adapter=swiftshader',
  '--ignore-gpu-blocklist',
];

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** Serves a folder's files on this machine alone, on a free port. */
export async function serve(folder: string): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    const file = join(
      folder,
      new URL(request.url!, 'http://localhost').pathname.replace(/\/$/, '/index.html'),
    );
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    return response.end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** What the page of a bundle answers for an image; `box` is that of the cell, null: in the middle. */
export function askPage(
  page: Page,
  image: string,
  box: readonly number[] | null = null,
): Promise<{ label: string; probabilities: number[] }> {
  const url = `data:image/${extname(image).slice(1)};base64,${readFileSync(image).toString('base64')}`;
  return page.evaluate(
    `fetch('${url}').then((r) => r.blob()).then((file) => nameFile(file, ${JSON.stringify(box)})).then(({ label, probabilities }) => ({ label, probabilities }))`,
  );
}

/** What axe finds that is serious, as lines. */
export async function axeFindings(page: Page): Promise<string[]> {
  const { createRequire } = await import('node:module');
  await page.addScriptTag({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') });
  const found = (await page.evaluate('axe.run(document)')) as {
    violations: { id: string; impact: string; nodes: { html: string }[] }[];
  };
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 120)}`);
}
