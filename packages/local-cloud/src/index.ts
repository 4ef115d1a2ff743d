/** Runs synthesized AWS CDK apps on this machine: {@link startLocalCloud}. */
export { type LocalCloud, type LocalCloudOptions, startLocalCloud } from './cloud';
export { SCHEDULES_PATH } from './eventbridge/control';
export { FAKES_PATH, type FakeStatus } from './fakes/control';
export type { BreakableFake, FakeContext, RunningFake, StartFake } from './fakes/fakes';
export { FAULTS_PATH } from './faults/control';
export type { FaultStatus } from './faults/faults';
export { FolderInUseError, FolderLock } from './folder-lock';
export type { GrantReport } from './iam/grants';
export type { OnStep, Step } from './step';
export { type LoadedTemplate, loadTemplate } from './template/assembly';
