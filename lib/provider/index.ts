/**
 * What `meetbus/provider` exports: how to define a provider, and its sandbox. Its runtime imports
 * `meetbus/provider/kit` and `meetbus/provider/normalize` instead, because it is bundled into Lambda functions, and
 * these two modules are small.
 */
export {
  type Api,
  type ApiAccess,
  ApiError,
  type ApiEvent,
  type BackfillWindow,
  type Gap,
  type InspectionTarget,
  isGap,
  orGap,
  type ProviderBackfill,
  type Query,
  type Trouble,
} from '../../providers/backfill';
export { type Check, ConformanceError, conformance } from '../../providers/conformance';
export { ConfigurationError } from '../../providers/kit/configuration-error';
export { type ChecksOf, keyArn, secretName } from '../../providers/kit/settings';
export {
  type DeadEndpoints,
  defineProvider,
  type Provider,
  type ProviderFactory,
  type ProviderMetric,
  type ProviderOutput,
  type ProviderRoute,
  type ProviderSecret,
  type SecretEntry,
  type SetAside,
} from '../../providers/provider';
export type {
  FakeServer,
  MeetingOptions,
  ProviderBody,
  RunningServer,
  SampleDelivery,
  SampleOptions,
  Sandbox,
  Signature,
  SigningKeys,
  UnsignedDelivery,
  Variant,
} from '../../providers/sandbox';
