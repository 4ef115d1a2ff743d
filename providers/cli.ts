/**
 * A provider's part in the command line: its commands, and what general commands say and do about it. `cli/index.ts` of its
 * folder exports one as `cli`. Nothing that runs in Lambda or at synth imports it.
 */
import type { Command } from 'commander';
import type { Check } from '../bin/commands/doctor/checks';
import type { ArchivedDelivery } from '../bin/commands/events/delivery-of';
import type { Deployment } from '../bin/deployment';
import type { RefusalReason } from './runtime';

/** A command of the provider's own: `npx meetbus <name>`. */
export interface ProviderCommand {
  readonly name: string;
  /** Loads it. What it needs is loaded with it, and not before. */
  readonly load: () => Promise<Command>;
  /**
   * Its subcommands that take the options of a deployment, each with the argument that it always has, such as `check <file>`.
   * Where a command prints one of them as the next step, it adds the options.
   */
  readonly forDeployment: readonly string[];
}

/** A check of the doctor. */
export interface ProviderCheck {
  /**
   * What it checks. Findings come in this order: about the secret, about the sender, about deliveries. One about the secret replaces
   * the doctor's own check of the secret.
   */
  readonly about: 'secret' | 'sender' | 'deliveries';
  readonly look: Check;
  /** A sentence for the help of the doctor: what the check needs. */
  readonly needs?: string;
}

/** What general commands need to know of a provider. All but the commands may be left out. */
export interface ProviderCli {
  readonly commands: readonly ProviderCommand[];
  /** What the doctor looks at, by name. */
  readonly checks?: Readonly<Record<string, ProviderCheck>>;
  /** What to do about deliveries that were refused, where the doctor's general advice is not enough. */
  readonly remedies?: Readonly<Partial<Record<RefusalReason, string>>>;
  /** What its verifiers lack where they answer 503, and what to do about it. @default the secret */
  readonly lacks?: { readonly what: string; readonly remedy: string };
  /**
   * Looks whether entries of its secret are still in use, before they are taken out.
   *
   * @param values the entries. One with a name is the text `<name>:<value>`
   * @param force warns, where they are in use, instead of throwing
   * @throws Error that says what to do, where they are in use
   */
  readonly beforeRetire?: (values: readonly string[], force: boolean) => Promise<void>;
  /** What proved a delivery of an older version, whose event does not say it. @default a signature */
  readonly proofOfOlderEvent?: (delivery: ArchivedDelivery) => 'signature' | 'token' | 'sender_not_proved';
  /** Organizations whose deliveries the settings trust, though their sender was not proved; `*` is every one. @default none */
  readonly trustedOrganizations?: (deployment: Deployment) => readonly string[];
}
