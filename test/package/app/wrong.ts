/** The same with a setting that is wrong. */
import { App, Stack } from 'aws-cdk-lib';
import { ConfigurationError, Meetbus } from 'meetbus';

try {
  new Meetbus(new Stack(new App(), 'Own'), 'Meetbus', { logDays: 2 });
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  console.log(error.message);
}
