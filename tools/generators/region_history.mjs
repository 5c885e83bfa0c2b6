// Writes data/regions/history.csv from areacodes.csv (https://github.com/yescallop/areacodes, CC0): every code of GB/T 2260 from
// province to county since the list of 1981, with the names, years and successors that it had.
//
//   node tools/generators/region_history.mjs areacodes.csv > data/regions/history.csv
//
// The source knows years, not days. A code of which the last year is 2017 stands to the end of 2017 and its successor from the
// beginning of 2017: papers of that year bear either. A code that was renamed or given out again has a row for each of its times,
// and one that was renamed is its own successor. A part that left while the code stood ("370203[1994]") is no successor. A
// prefecture of which the source names none has those of its counties.
import {readFileSync} from 'node:fs';

const path = process.argv[2];
if (!path || path === '--help') {
  console.error('usage: node region_history.mjs areacodes.csv > data/regions/history.csv');
  process.exit(2);
}
const [header, ...lines] = readFileSync(path, 'utf8').replace(/^\uFEFF/, '').trim().split(/\r?\n/).map((line) => line.split(','));
const column = (name) => {
  const at = header.indexOf(name);
  if (at < 0) throw new Error(`column ${name} is missing`);
  return at;
};
const [CODE, NAME, FROM, TO, NEXT] = ['代码', '名称', '启用时间', '变更/弃用时间', '新代码'].map(column);
const times = lines.map((line) => ({
  code: line[CODE],
  name: line[NAME],
  from: +line[FROM],
  to: line[TO] ? +line[TO] : null,
  successors: line[TO] ? line[NEXT].split(';').filter((next) => next && !next.includes('[')) : [],
}));

for (const time of times.filter((time) => time.to && !time.successors.length)) {
  const renamed = times.some((next) => next.code === time.code && next.from === time.to);
  const within = times.filter((county) => county.code.startsWith(time.code.slice(0, 4)) && county.to === time.to);
  time.successors = renamed ? [time.code] : [...new Set(within.flatMap((county) => county.successors))].sort();
  if (!time.successors.length) throw new Error(`${time.code} ${time.name} ends in ${time.to} without a successor`);
}

const rows = times.sort((a, b) => (a.code === b.code ? a.from - b.from : a.code < b.code ? -1 : 1))
  .map(({code, name, from, to, successors}) => [code, name, `${from}-01-01`, to ? `${to}-12-31` : '', successors.join('/')]);
process.stdout.write(['code,name,valid_from,valid_to,successor', ...rows.map((row) => row.join(','))].join('\n') + '\n');
