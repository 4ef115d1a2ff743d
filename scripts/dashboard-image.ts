/** `npm run dashboard`: draws a dashboard with the data of the local cloud that `npm start` runs. */
import { join } from 'node:path';
import { Command } from 'commander';
import { type DashboardOptions, drawDashboard } from './dashboard/draw';

const options = new Command('npm run dashboard --')
  .option('--state <folder>', "the local cloud's state folder", '.meetbus')
  .option('--dashboard <name>', 'the dashboard to draw: flow or parts', 'flow')
  .option('--minutes <count>', 'how far back to look', Number, 15)
  .option('--out <folder>', 'where the pictures go', join(__dirname, '..', 'docs', 'images'))
  .parse()
  .opts<DashboardOptions>();

drawDashboard(options).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
