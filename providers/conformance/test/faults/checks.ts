/** Names of the checks, written by hand. */
export const DEFINITION = 'its definition is complete, and fits its runtime';
export const ENTRIES = 'its secret is described, and can be made up';
export const SET_UP = 'its runtime asks for nothing that the definition does not name';
export const NO_OPTIONS = 'its runtime starts without options';
export const GENUINE = 'every genuine sample is verified';
export const TAMPERED = 'a tampered delivery is refused';
export const STALE = 'a stale delivery is refused';
export const DOUBLED = 'a doubled header does no harm';
export const HANDSHAKE = 'a handshake is answered, and a forged one is not';
export const ROTATION = 'a new key is accepted at once, and the previous key still is';
export const RETIREMENT = 'a retired key is no longer accepted';
export const OUTAGE = 'the last good keys serve while their source is down';
export const FIRST_LOAD = 'a delivery is never refused for good where there are no keys yet';
export const RETRY = 'a retry has the identity of the first try';
export const DISTINCT = 'different deliveries have different identities';
export const UNSIGNED = 'what is not signed does not change the identity';
export const TYPES = 'every sample and variant becomes an event of its type';
export const FAMILIES = 'its families are those of its samples';
export const OCCURRENCES = 'what events report is told apart';
export const BEGINNINGS = 'what begins with events can be asked about';
export const UNKNOWN = 'an unknown event name is kept as unrecognized';
export const NOT_JSON = 'a body that is not JSON is kept';
export const OVERSIZED = 'an oversized body is kept';
export const REDACTION = 'credentials do not reach events';
export const HOSTILE_DELIVERIES = 'hostile deliveries are refused without an error';
export const HOSTILE_BODIES = 'hostile bodies are read without an error';
export const SILENCE = 'nothing secret is logged';

/** The checks that begin with a genuine delivery. */
export const NOTHING_IS_VERIFIED = [
  ...([
    GENUINE,
    TAMPERED,
    STALE,
    DOUBLED,
    HANDSHAKE,
    ROTATION,
    RETIREMENT,
    OUTAGE,
    RETRY,
    DISTINCT,
    UNSIGNED,
    UNKNOWN,
  ] as const),
  ...([NOT_JSON, OVERSIZED, HOSTILE_BODIES] as const),
] as const;
