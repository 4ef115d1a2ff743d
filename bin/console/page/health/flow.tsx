/** The flow dashboard: its numbers, and its graphs. */
import type { Flow as FlowData, FlowNumbers } from '../../api/health';
import { Chart } from './chart';
import { hasValues, inFigures } from './series';

export const Flow = ({ data }: { readonly data: FlowData }) => (
  <>
    <dl class="numbers">
      {data.numbers.map((numbers) => (
        <Numbers key={numbers.title} {...numbers} />
      ))}
    </dl>
    <div class="charts">
      {data.graphs.filter(hasValues).map((graph) => (
        <Chart key={graph.title} graph={graph} from={data.from} to={data.to} />
      ))}
    </div>
    {!data.graphs.every(hasValues) && (
      <div class="dim">
        <p>Nothing in this time:</p>
        <ul>
          {data.graphs
            .filter((graph) => !hasValues(graph))
            .map(({ title }) => (
              <li key={title}>{title}</li>
            ))}
        </ul>
      </div>
    )}
  </>
);

const Numbers = ({ title, values }: FlowNumbers) => (
  <div>
    <dt>{title}</dt>
    {values.length === 0 && <dd class="dim">no data</dd>}
    {values.map(({ label, value }) => (
      <dd key={label}>
        <b>{inFigures(value)}</b> {label}
      </dd>
    ))}
  </div>
);
