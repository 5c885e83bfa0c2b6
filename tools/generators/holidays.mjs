// Writes data/calendar/holidays.csv from npm `chinese-days` (the State Council's yearly notices, 2004 on).
//
//   npm install --prefix /tmp/days chinese-days
//   node tools/generators/holidays.mjs /tmp/days/node_modules > data/calendar/holidays.csv
//
// Weekends are not listed unless a notice names them: the calendar knows them. A year counts as known only when both its
// New Year's Day and its National Day are listed, so run this again each November when the next notice is out.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';

const modules = process.argv[2];
if (!modules || modules === '--help') {
  console.error('usage: node holidays.mjs <node_modules> > data/calendar/holidays.csv');
  process.exit(2);
}
const days = JSON.parse(readFileSync(join(modules, 'chinese-days/dist/chinese-days.json'), 'utf8'));
const nameOf = (entry) => entry.split(',')[1];  // "National Day,国庆节,3"
const rows = [
  ...Object.entries(days.holidays).map(([date, entry]) => [date, 'holiday', nameOf(entry)]),
  ...Object.entries(days.workdays).map(([date, entry]) => [date, 'makeup', nameOf(entry)]),
].sort(([a], [b]) => (a < b ? -1 : 1));
process.stdout.write(['date,kind,name', ...rows.map((row) => row.join(','))].join('\n') + '\n');
