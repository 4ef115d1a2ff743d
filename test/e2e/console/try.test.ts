/** Try and Catalogue of the console, in a browser: what is sent, broken and tested there has its effect on the real path. */
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { seriousViolations, startBrowser, type TestBrowser } from '../../support/browser';
import { comeBackAfter } from '../../support/faults';
import { type Meetbus, startMeetbus } from '../../support/meetbus';
import type { BusEvent, Subscription } from '../../support/subscription';
import { until } from '../../support/until';

let meetbus: Meetbus;
let shared: Subscription;
let browser: TestBrowser;

beforeAll(async () => {
  [meetbus, browser] = await Promise.all([startMeetbus(), startBrowser()]);
  shared = await meetbus.subscribeToAll('shared');
  await comeBackAfter(meetbus, 1);
});
afterEach(() => browser.expectClean());
afterAll(async () => {
  await browser.stop();
  await meetbus.stop();
});

const open = (place: string, view: Parameters<TestBrowser['open']>[1] = {}) =>
  browser.open(`${meetbus.consoleUrl}#/${place}`, view);

/** Opens Try, with a mark instead of the first id in the body of the sample. */
async function openMarked(): Promise<{ readonly page: Page; readonly mark: string }> {
  const page = await open('try');
  return { page, mark: await markBody(page) };
}

async function markBody(page: Page): Promise<string> {
  const mark = randomUUID();
  const body = page.getByLabel(/^Body for POST/);
  await body.fill((await body.inputValue()).replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, mark));
  return mark;
}

const send = (page: Page) => page.getByRole('button', { name: 'Send', exact: true }).click();

const section = (page: Page, name: string) => page.getByRole('region', { name });

const marked = (mark: string, events: readonly BusEvent[] = shared.events) =>
  events.filter(({ text }) => text.includes(mark));

/** Waits until so many events with the mark are on the shared bus. */
const arrived = async (mark: string, count = 1) =>
  marked(mark, await shared.collect((events) => marked(mark, events).length >= count));

describe('Send a delivery', () => {
  it('sends the edited sample, and links to what became of it', async () => {
    const { page, mark } = await openMarked();
    await send(page);
    const answer = section(page, 'Send a delivery').getByRole('row').filter({ hasText: '200 accepted' });
    const link = await answer.getByRole('link', { name: 'See its way' }).getAttribute('href');
    const [event] = await arrived(mark);
    expect(link).toBe(`#/event/${encodeURIComponent(String(event!.detail.correlationid))}`);
  });

  it('sends true duplicates, which become one event, and new samples with the same edit, which become one each', async () => {
    const { page, mark } = await openMarked();
    await page.getByLabel('Times').fill('3');
    await send(page);
    await page.getByRole('link', { name: 'See its way' }).nth(2).waitFor();
    await meetbus.settled();
    await shared.drain();
    expect(marked(mark)).toHaveLength(1);

    const again = await markBody(page);
    await page.getByLabel('Each is').selectOption('new samples with the same changes');
    await send(page);
    const events = await arrived(again, 3);
    expect(new Set(events.map(({ detail }) => detail.id)).size).toBe(3);
  });

  it.each([
    ['wrong on purpose', 'no_matching_key'],
    ['correct, but too old', 'timestamp_too_old'],
  ])('a signature that is %s is refused: %s', async (signature, reason) => {
    const { page } = await openMarked();
    await page.getByLabel('Signature').selectOption(signature);
    await send(page);
    await page.getByRole('row').filter({ hasText: '401 unauthorized' }).getByText(reason).waitFor();
  });
});

it('a fault that is switched on stops the next event, until it is switched off', async () => {
  const { page, mark } = await openMarked();
  const fault = page.getByLabel('Table is throttled for consumers');
  await fault.check();
  await send(page);
  await page.getByText('200 accepted').waitFor();
  // The consumer tries three times, and then once more when the message is back.
  await page.getByText(/dynamodb\.\w+\.throttle ([4-9]|\d\d+) ×/).waitFor();
  await shared.drain();
  expect(marked(mark)).toHaveLength(0);

  await fault.uncheck();
  await arrived(mark);
  await page.getByText('They have struck:').waitFor({ state: 'detached' });
});

it('the plan can be written as JSON, and a wrong one is explained', async () => {
  const page = await open('try');
  await page.getByText('The whole plan, as JSON').click();
  const plan = page.getByLabel('Fault plan');
  await plan.fill('{"faults":[{"service":"sqs","fault":"none"}]}');
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('alert').getByText('The fault plan is wrong: faults[0].fault').waitFor();
  await plan.fill('{"faults":[{"service":"s3","fault":"down"}]}');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(isChecked(page, 'Bucket is down')).resolves.toBe(true);
  await page.getByRole('button', { name: 'Switch all off' }).click();
  await page.getByText(/^1 on$/).waitFor({ state: 'detached' });
  // The browser notes the answer 400.
  expect(await browser.closePages()).toEqual([expect.stringContaining('400 (Bad Request)')]);
});

async function isChecked(page: Page, label: string): Promise<boolean> {
  const box = page.getByLabel(label);
  await until(() => box.isChecked(), `${label} to be on`);
  return true;
}

it('while the source of keys is broken, a delivery is answered 503; afterwards it is accepted', async () => {
  const page = await open('try');
  const servers = section(page, 'Sources of keys');
  const server = servers.getByLabel(/^The key server of /).first();
  const label = (await servers.locator('label').first().textContent()) ?? '';
  const title = /^The key server of (.*?) works/.exec(label)?.[1] ?? '';
  await server.selectOption('answers 503');
  await servers.getByText('broken', { exact: true }).waitFor();

  await page.getByLabel('Search samples').fill(title);
  const sample = page.getByLabel('Sample', { exact: true });
  const first = (await sample.locator('option').first().getAttribute('value')) ?? '';
  await sample.selectOption(first);
  await page.getByLabel(`Body for POST /${first.split(' ')[0]}/`).waitFor();
  await send(page);
  await page.getByRole('row').filter({ hasText: '503 unavailable' }).getByText('key_unavailable').waitFor();

  await server.selectOption('works');
  const mark = await markBody(page);
  const isAccepted = async () => {
    await send(page);
    await page.getByRole('button', { name: 'Send', exact: true, disabled: false }).waitFor();
    return page.getByText('200 accepted').isVisible();
  };
  // A verifier that could not get the key does not ask for it again within two seconds.
  await until(isAccepted, 'a delivery to be accepted');
  await arrived(mark);
});

describe('Play a meeting', () => {
  it('sends a whole meeting, whose events all arrive', async () => {
    const page = await open('try');
    const meeting = section(page, 'Play a meeting');
    const before = (await shared.drain()).length;
    await meeting.getByLabel('Meeting of').selectOption({ index: 1 });
    await meeting.getByLabel('Speed').selectOption('as fast as it goes');
    await meeting.getByRole('button', { name: 'Play' }).click();
    await meeting.getByText(/^ *(\d+) of \1 deliveries$/).waitFor();
    const [, total] = /of (\d+) deliveries/.exec((await meeting.textContent()) ?? '') ?? [];
    await meeting.getByText(`${total} × 200 accepted`).waitFor();
    await shared.collect(before + Number(total));
  });

  it('stops when one wants', async () => {
    const page = await open('try');
    const meeting = section(page, 'Play a meeting');
    await meeting.getByLabel('Speed').selectOption('in real time');
    await meeting.getByRole('button', { name: 'Play' }).click();
    await meeting.getByText(/^ *\d+ of \d+ deliveries/).waitFor();
    await meeting.getByRole('button', { name: 'Stop' }).click();
    await meeting.getByText('Stopped.').waitFor();
  });
});

describe('Catalogue', () => {
  it('finds a type by a word, shows it, and tests its pattern with examples and with real events', async () => {
    const { page, mark } = await openMarked();
    await send(page);
    const [event] = await arrived(mark);
    await page.getByRole('link', { name: 'Catalogue' }).click();
    await page.getByLabel(/^Search types/).fill('recording.ready');
    await page.getByText(/^1 of \d+ types$/).waitFor();
    await page.getByRole('link', { name: 'recording.ready', exact: true }).click();
    await page.getByText('recording.id', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Test it' }).first().click();
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByText(/^It matches [1-9] of \d+ events\.$/).waitFor();
    await page.getByRole('button', { name: 'Why not?' }).first().click();
    await page.getByText(/detail-type is "[a-z_.]+"; the pattern asks for \["recording\.ready"\]/).waitFor();

    await page.getByRole('textbox', { name: 'Pattern' }).fill(JSON.stringify({ detail: { id: [event!.detail.id] } }));
    await page.getByLabel('real events').check();
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByText(/^It matches 1 of \d+ events?\.$/).waitFor();
    const found = page.getByRole('listitem').filter({ has: page.getByText('matches', { exact: true }) });
    const href = await found.getByRole('link', { name: event!.type }).getAttribute('href');
    expect(href).toBe(`#/event/${encodeURIComponent(String(event!.detail.correlationid))}`);
  });

  it('tests a pasted event, and says what is wrong with a pattern', async () => {
    const page = await open('catalogue?pattern=%7B%22source%22%3A%5B%7B%22prefix%22%3A%22shop%22%7D%5D%7D');
    await page.getByLabel('an event that I paste').check();
    await page.getByLabel('Event', { exact: true }).fill('{"source":"shop.orders","detail-type":"ordered"}');
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByText('It matches 1 of 1 event.').waitFor();
    await page.getByRole('textbox', { name: 'Pattern' }).fill('{"source":[{"prefixed":"shop"}]}');
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByRole('alert').getByText('The pattern is not valid: ').waitFor();
    expect(await browser.closePages()).toEqual([expect.stringContaining('400 (Bad Request)')]);
  });
});

it.each([
  [360, 'light'],
  [1440, 'dark'],
] as const)('everybody can use the pages: %i pixels, %s', async (width, colorScheme) => {
  const page = await open('try', { width, colorScheme });
  await page.getByLabel(/^Body for POST/).waitFor();
  await send(page);
  await page.getByText('200 accepted').waitFor();
  const violations = [await seriousViolations(page), await overflow(page)];
  await page.goto(`${meetbus.consoleUrl}#/catalogue/recording.ready`);
  await page.getByText('recording.id', { exact: true }).waitFor();
  violations.push(await seriousViolations(page), await overflow(page));
  await page.goto(`${meetbus.consoleUrl}#/catalogue?pattern=`);
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await page.getByRole('button', { name: 'Why not?' }).first().click();
  await page.getByText(/the pattern asks for/).waitFor();
  violations.push(await seriousViolations(page), await overflow(page));
  expect(violations.flat()).toEqual([]);
});

/** By how much the content is too wide for the window. */
async function overflow(page: Page): Promise<string[]> {
  const pixels = await page.evaluate<number>(
    'document.querySelector("main").scrollWidth - document.querySelector("main").clientWidth',
  );
  return pixels > 0 ? [`${pixels} pixels too wide`] : [];
}
