import type { HttpAnswer } from '../http-answer';

/** An error that API Gateway answers itself, without the function. */
export type GatewayResponseType =
  | 'DEFAULT_5XX'
  | 'INTEGRATION_FAILURE'
  | 'INTEGRATION_TIMEOUT'
  | 'MISSING_AUTHENTICATION_TOKEN'
  | 'REQUEST_TOO_LARGE';

interface ErrorDefaults {
  /** Status that a client sees when the template changes nothing. */
  readonly status: number;
  /** Status once the template changes this type without giving a status, where AWS then takes another one. */
  readonly documentedStatus?: number;
  readonly message: string;
  /** Value of `x-amzn-ErrorType`. */
  readonly errorType: string;
}

/**
 * What AWS answers without an `AWS::ApiGateway::GatewayResponse`.
 *
 * `DEFAULT_5XX` is what a function error or a malformed proxy response comes to: AWS answers 502 and looks up no type
 * of its own. `INTEGRATION_FAILURE` is documented as 504, and yet AWS answers 500 until the type is customised.
 */
const DEFAULTS: Readonly<Record<GatewayResponseType, ErrorDefaults>> = {
  DEFAULT_5XX: { status: 502, message: 'Internal server error', errorType: 'InternalServerErrorException' },
  INTEGRATION_FAILURE: {
    status: 500,
    documentedStatus: 504,
    message: 'Internal server error',
    errorType: 'InternalServerErrorException',
  },
  INTEGRATION_TIMEOUT: {
    status: 504,
    message: 'Endpoint request timed out',
    errorType: 'InternalServerErrorException',
  },
  MISSING_AUTHENTICATION_TOKEN: {
    status: 403,
    message: 'Missing Authentication Token',
    errorType: 'MissingAuthenticationTokenException',
  },
  REQUEST_TOO_LARGE: { status: 413, message: 'Request Too Long', errorType: 'BadRequestException' },
};

const DEFAULT_TEMPLATE = '{"message":$context.error.messageString}';
const JSON_TYPE = 'application/json';

/** The properties of an `AWS::ApiGateway::GatewayResponse`. */
export interface GatewayResponse {
  readonly StatusCode?: string;
  /** `gatewayresponse.header.<name>` to a quoted text or a `context.` variable. */
  readonly ResponseParameters?: Readonly<Record<string, string>>;
  /** Body template by content type. */
  readonly ResponseTemplates?: Readonly<Record<string, string>>;
}

/** Gateway responses of the template by type, `DEFAULT_4XX` and `DEFAULT_5XX` among them. */
export type GatewayResponses = Readonly<Record<string, GatewayResponse>>;

/**
 * Builds the answer to an error: the template's response of that type, else its `DEFAULT_4XX` or `DEFAULT_5XX`,
 * else what AWS answers.
 *
 * @param variables more `$context` variables, such as `requestId`
 */
export function gatewayAnswer(
  type: GatewayResponseType,
  responses: GatewayResponses,
  variables: Readonly<Record<string, string>>,
): HttpAnswer {
  const { status, documentedStatus = status, message, errorType } = DEFAULTS[type];
  const ofType = responses[type];
  const response = ofType ?? responses[status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX'] ?? {};
  const context: Readonly<Record<string, string>> = {
    ...variables,
    'error.message': message,
    'error.messageString': JSON.stringify(message),
    'error.responseType': type,
    responseType: type,
  };
  const templates = Object.entries(response.ResponseTemplates ?? {});
  const [contentType, template] = templates.find(([key]) => key === JSON_TYPE) ??
    templates[0] ?? [JSON_TYPE, DEFAULT_TEMPLATE];
  return {
    status: Number(response.StatusCode ?? (ofType ? documentedStatus : status)),
    headers: {
      'Content-Type': contentType,
      'x-amzn-ErrorType': errorType,
      ...headersOf(response.ResponseParameters ?? {}, context),
    },
    body: fillIn(template, context),
  };
}

const HEADER_PREFIX = 'gatewayresponse.header.';

/** Refuses, before anything starts, a response parameter that {@link gatewayAnswer} could not carry out. */
export function checkGatewayResponse(logicalId: string, { ResponseParameters = {} }: GatewayResponse): void {
  for (const [target, source] of Object.entries(ResponseParameters)) {
    if (target.startsWith(HEADER_PREFIX) && /^('.*'|context\..+)$/.test(source)) continue;
    throw new Error(
      `${logicalId}: the local cloud cannot map ${source} to ${target}. Use ${HEADER_PREFIX}<name> with a quoted text or a context variable.`,
    );
  }
}

function headersOf(parameters: Readonly<Record<string, string>>, context: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(parameters).map(([target, source]) => [
      target.slice(HEADER_PREFIX.length),
      source.startsWith("'") ? source.slice(1, -1) : (context[source.slice('context.'.length)] ?? ''),
    ]),
  );
}

/** Replaces `$context.…` in a body template; a variable without a value becomes nothing, as on AWS. */
function fillIn(template: string, context: Readonly<Record<string, string>>): string {
  return template.replace(/\$context\.(\w+(?:\.\w+)*)/g, (_, name: string) => context[name] ?? '');
}
