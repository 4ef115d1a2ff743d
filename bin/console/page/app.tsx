/** The frame of the page: navigation, and the view of the place where the person is. */
import type { ComponentType } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { About } from '../api';
import { linkTo, type Place, usePlace } from './location';
import { Notice } from './parts/notice';
import { useLoaded } from './server';
import { Catalogue } from './views/catalogue';
import { DeadLetters } from './views/dead-letters';
import { Event } from './views/event';
import { Health } from './views/health';
import { Live } from './views/live';
import { Refused } from './views/refused';
import { Try } from './views/try';

/** What every view gets. */
export interface ViewProps {
  readonly about: About;
  readonly place: Place;
}

interface View {
  readonly title: string;
  readonly show: ComponentType<ViewProps>;
  /** Not in the navigation: reached from others. */
  readonly isHidden?: true;
  readonly isLocal?: true;
}

/** The views by their name in the address. */
const VIEWS: Readonly<Record<string, View>> = {
  live: { title: 'Live', show: Live },
  event: { title: 'Event', show: Event, isHidden: true },
  refused: { title: 'Refused', show: Refused },
  'dead-letters': { title: 'Dead letters', show: DeadLetters },
  health: { title: 'Health', show: Health },
  try: { title: 'Try', show: Try, isLocal: true },
  catalogue: { title: 'Catalogue', show: Catalogue },
};

export function App() {
  const place = usePlace();
  const { data: about, error } = useLoaded<About>('api/about');
  const main = useRef<HTMLElement>(null);
  const wasElsewhere = useRef(false);
  const view = VIEWS[place.view];
  useEffect(() => {
    document.title = `${view?.title ?? 'Not found'} · Meetbus`;
    // A new view is read from its top.
    main.current?.scrollTo(0, 0);
    // What had the focus is gone, such as a row: the keyboard goes on in the new view. The first view begins with the navigation.
    if (wasElsewhere.current && document.activeElement === document.body) main.current?.focus();
    wasElsewhere.current = true;
  }, [view, place.about]);
  if (!about) return <main>{error === undefined ? <p>Loading …</p> : <Notice kind="bad">{error}</Notice>}</main>;
  const Shown = view?.show;
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header>
        <a class="brand" href={linkTo('live')}>
          Meetbus
        </a>
        <nav aria-label="Views">
          {Object.entries(VIEWS)
            .filter(([, { isHidden, isLocal }]) => !isHidden && (!isLocal || about.where === 'local'))
            .map(([name, { title }]) => (
              <a key={name} href={linkTo(name)} aria-current={name === place.view ? 'page' : undefined}>
                {title}
              </a>
            ))}
        </nav>
        <p class="where" title={`Version ${about.version}`}>
          {about.where === 'local' ? 'local cloud' : [about.stack, about.region].filter(Boolean).join(' · ')}
          {about.allowsChanges ? '' : ' · read only'} · times in UTC
        </p>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        {Shown ? <Shown about={about} place={place} /> : <Notice kind="bad">There is no view {place.view}.</Notice>}
      </main>
    </>
  );
}
