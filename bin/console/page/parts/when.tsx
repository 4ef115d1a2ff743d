/** A time where the person is, in whole seconds; its title is in UTC. */
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
  const two = (value: number) => String(value).padStart(2, '0');
  return [
    [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-'),
    [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':'),
  ];
}
