/** A time in whole seconds, in UTC as all times of the page, of logs and of commands. */
export function When({ time }: { readonly time: string }) {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return <span>unknown</span>;
  return (
    <time dateTime={time} title={time}>
      {inWords(date, new Date())}
    </time>
  );
}

/** The day only if it is not today. */
export function inWords(date: Date, now: Date): string {
  const [day, clock] = partsOf(date);
  return day === partsOf(now)[0] ? clock : `${day} ${clock}`;
}

function partsOf(date: Date): readonly [day: string, clock: string] {
  const time = date.toISOString();
  return [time.slice(0, 10), time.slice(11, 19)];
}
