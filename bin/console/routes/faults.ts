/** What goes wrong in the local cloud on purpose: faults of AWS calls, and broken servers of providers. */
import type { FakeStatus, FaultStatus } from '@meetbus/local-cloud';
import * as z from 'zod';
import { breakFake, putFaults, readFakes, readFaults } from '../../local/control';
import { isOn, READY_FAULTS, type ReadyFault, switched } from '../../local/ready-faults';
import type { LocalAddresses } from '../../local/state-files';
import { titleOf } from '../../providers';
import type { Faults, Servers } from '../api/try';
import { type ConsoleContext, local } from '../route';

const SWITCH = z.object({ name: z.enum(READY_FAULTS.map(({ name }) => name)), on: z.boolean() });
const PLAN = z.object({ plan: z.unknown() });
const BREAK = z.object({ name: z.string(), way: z.string().nullable() });

export const faultRoutes = [
  local('/api/faults', async (context) => faultsIn(await readFaults(localOf(context))), 'GET'),

  local('/api/faults/switch', async (context, { body }) => {
    const { name, on } = SWITCH.parse(body);
    const where = localOf(context);
    const { faults: plan } = await readFaults(where);
    const fault = READY_FAULTS.find((one) => one.name === name) as ReadyFault;
    return faultsIn(await putFaults(where, { faults: switched(fault, on, plan) }));
  }),

  local('/api/faults/plan', async (context, { body }) =>
    faultsIn(await putFaults(localOf(context), PLAN.parse(body).plan)),
  ),

  local('/api/fakes', async (context) => serversIn(await readFakes(localOf(context))), 'GET'),

  local('/api/fakes/break', async (context, { body }) => {
    const { name, way } = BREAK.parse(body);
    return serversIn(await breakFake(localOf(context), name, way));
  }),
];

/** The routes are closed where there is no local cloud. */
const localOf = ({ deployment }: ConsoleContext): LocalAddresses => deployment.local as LocalAddresses;

const faultsIn = ({ seed, faults, injected }: FaultStatus): Faults => ({
  ready: READY_FAULTS.map((fault) => ({
    name: fault.name,
    title: fault.title,
    meaning: fault.meaning,
    isOn: isOn(fault, faults),
  })),
  plan: { seed, faults },
  injected,
});

const serversIn = (fakes: readonly FakeStatus[]): Servers => ({
  servers: fakes.map((fake) => ({ ...fake, title: titleOf(fake.name) })),
});
