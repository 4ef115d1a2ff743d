/** What went wrong, in the console: refusals with their remedies, dead letters redriven, health with the runbook. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { seriousViolations, startBrowser, type TestBrowser } from '../../support/browser';
import { putAside } from '../../support/dead-letters';
import { comeBackAfter, setFaults } from '../../support/faults';
import { Recall, startWorld, type World } from '../../support/providers';
import { until } from '../../support/until';

let world: World;
let browser: TestBrowser;
beforeAll(async () => {
  [world, browser] = await Promise.all([startWorld(), startBrowser()]);
});
afterEach(() => browser.expectClean());
afterAll(async () => {
  await Promise.all([world?.close(), browser?.stop()]);
});

const at = (place: string): string => `${world.meetbus.consoleUrl}#/${place}`;

const joining = (token: string) => ({
  event: 'bot.joining_call',
  data: { bot: { id: randomUUID(), metadata: { token } }, data: { code: 'joining_call' } },
});

/** Waits until a page shows a text, however often its data must be read again. */
const shows = (page: Page, text: string) =>
  until(async () => {
    await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
    if (await page.getByText(text).first().isVisible()) return true;
    await page.getByRole('button', { name: 'Reload', exact: true }).first().click();
    return false;
  }, `the page to show ${text}`);

it('shows why deliveries were refused or not recognized, and what to do', async () => {
  await world.meetbus.post(new Recall().signed(joining('')));
  await world.meetbus.post(world.recall.signed({ event: 'bot.invented', data: { bot: { id: randomUUID() } } }));
  await world.meetbus.settled();
  const page = await browser.open(at('refused'));
  await shows(page, 'no_matching_key');
  await expect(page.getByText('npx meetbus secrets show --local').first().isVisible()).resolves.toBe(true);
  await page
    .getByText(/^The newest \d+, one by one$/)
    .first()
    .click();
  const newest = page.getByRole('table', { name: 'The newest refused deliveries' });
  const time = newest.getByRole('time').first();
  expect((await time.getAttribute('datetime'))!.slice(11, 19)).toBe(await time.textContent());
  const link = newest.getByRole('link').first();
  expect(await link.getAttribute('href')).toMatch(/^#\/event\/./);

  await shows(page, 'bot.invented (1)');
  await page.getByRole('button', { name: 'Dry run' }).click();
  await page.getByText('A dry run: 0 would be sent to the consumers again.').waitFor();
  await page.getByText('stays: not understood').waitFor();
});

it('brings a poisoned delivery back after a dry run, published once', async () => {
  const { meetbus, recall } = world;
  const shared = await meetbus.subscribeToAll('shared');
  await comeBackAfter(meetbus, 1, 1);
  await setFaults(meetbus, { service: 'dynamodb', fault: 'error', functionName: 'BotLaneConsumer' });
  const token = randomUUID();
  await meetbus.post(recall.signed(joining(token)));
  const page = await browser.open(at('dead-letters/bot'));
  await shows(page, 'Its consumer failed with');
  await page.getByText('What it holds, without credentials and links').click();
  await page.getByText('"bot.joining_call"').waitFor();
  expect(await page.content()).not.toContain(token);

  await setFaults(meetbus);
  await page.getByRole('button', { name: 'Dry run' }).click();
  await page.getByText('A dry run: 1 would be redriven.').waitFor();
  await page.getByRole('button', { name: 'Redrive 1' }).click();
  await page.getByText('Redriven: 1.', { exact: true }).waitFor();
  await page.getByText('The dead-letter queue of bot is empty.').waitFor();
  await meetbus.settled();
  await shared.collect(1);
  expect((await shared.drain()).map(({ type }) => type)).toEqual(['bot.status_changed']);
});

it('keeps a broken message in a file, and deletes it', async () => {
  const { clients, outputs } = world.meetbus;
  const { BotDeadLetterQueueUrl = '' } = outputs as unknown as Record<string, string>;
  await putAside(clients.sqs, BotDeadLetterQueueUrl, ['{"token":"sekret"']);
  const page = await browser.open(at('dead-letters/bot'));
  await page.getByText('It is not JSON.').waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ]);
  const text = readFileSync(await download.path(), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ queue: 'bot', wrong: 'It is not JSON.', body: expect.any(String) });
  expect(text).not.toContain('sekret');

  await page.getByRole('button', { name: 'Dry run' }).click();
  await page.getByText('A dry run: 0 would be redriven.').waitFor();
  await page.getByRole('button', { name: 'Delete …' }).click();
  await page.getByRole('button', { name: 'Delete it for good' }).click();
  await page.getByText('The dead-letter queue of bot is empty.').waitFor();
});

it('shows findings, an alarm with its section of the runbook, and the dashboard as charts', async () => {
  const { clients, outputs } = world.meetbus;
  const { MeetingDeadLetterQueueUrl = '' } = outputs as unknown as Record<string, string>;
  await putAside(clients.sqs, MeetingDeadLetterQueueUrl, ['poison']);
  const page = await browser.open(at('health'));
  await page.getByText('meeting: 1 dead-lettered.').waitFor();
  await page.getByRole('link', { name: 'Meetbus-dlq-meeting' }).click();
  await page.getByRole('heading', { name: 'Dead-letter queue not empty' }).waitFor();
  await page.getByText('npx meetbus dlq list').first().waitFor();
  await page
    .getByRole('table', { name: 'Accepted and published' })
    .getByRole('rowheader', { name: 'published' })
    .waitFor();
  await until(async () => (await page.evaluate<number>(DRAWN)) > 1, 'charts to be drawn');
  await page.getByRole('button', { name: '3 h' }).click();
  await page.getByRole('button', { name: '3 h', pressed: true }).waitFor();
  await page.getByRole('table', { name: 'Accepted and published' }).waitFor();
});

/** How many charts have something drawn on them. */
const DRAWN = `[...document.querySelectorAll('canvas')].filter((canvas) =>
  canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((byte) => byte !== 0)).length`;

it.each([
  { width: 1440, colorScheme: 'light' as const },
  { width: 360, colorScheme: 'dark' as const },
])('can be used by all: $width pixels, $colorScheme', async (view) => {
  const page = await browser.open(at('refused'), view);
  for (const [place, text] of [
    ['refused', 'no_matching_key'],
    ['dead-letters/meeting', 'It is not JSON.'],
    ['health/probe', 'Accepted and published'],
  ] as const) {
    await page.evaluate(`location.hash = '#/${place}'`);
    await page.getByText(text).first().waitFor();
    expect({ place, violations: await seriousViolations(page) }).toEqual({ place, violations: [] });
    const overflow = await page.evaluate<number>('document.querySelector("main").scrollWidth - innerWidth');
    expect({ place, overflow: Math.max(0, overflow) }).toEqual({ place, overflow: 0 });
  }
});
